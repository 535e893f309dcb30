//! The *outcomes* message: what became of the calls of a batch.

use alloc::vec::Vec;

use super::{DecodeError, Decoder, Encoder};
use crate::{failure::Failure, value::Value};

const PERFORMED: u8 = 0;
const FAILED: u8 = 1;
const NOT_PERFORMED: u8 = 2;
const SUSPENDED: u8 = 3;

/// What became of one call.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// It happened. One value for each output of the action.
    Performed(Vec<Value>),
    /// It failed.
    Failed(Failure),
    /// It was left out because a call before it failed.
    NotPerformed,
    /// It is an approval that is not decided yet.
    Suspended,
}

/// Writes outcomes.
#[derive(Debug, Default)]
pub struct OutcomesWriter {
    outcomes: Encoder,
    count: usize,
}

impl OutcomesWriter {
    /// No outcomes yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends one.
    pub fn outcome(&mut self, outcome: &Outcome) {
        self.count += 1;
        match outcome {
            Outcome::Performed(outputs) => {
                self.outcomes.byte(PERFORMED);
                for output in outputs {
                    self.outcomes.value(output);
                }
            }
            Outcome::Failed(failure) => {
                self.outcomes.byte(FAILED);
                self.outcomes.failure(failure);
            }
            Outcome::NotPerformed => self.outcomes.byte(NOT_PERFORMED),
            Outcome::Suspended => self.outcomes.byte(SUSPENDED),
        }
    }

    /// The message.
    pub fn finish(self) -> Vec<u8> {
        let mut message = Encoder::message();
        message.count(self.count);
        message.raw(&self.outcomes.into_bytes());
        message.into_bytes()
    }
}

/// Reads outcomes.
#[derive(Debug)]
pub struct OutcomesReader<'a> {
    decoder: Decoder<'a>,
    left: usize,
}

impl<'a> OutcomesReader<'a> {
    /// Begins to read outcomes.
    pub fn new(bytes: &'a [u8]) -> Result<Self, DecodeError> {
        let mut decoder = Decoder::message(bytes)?;
        let left = decoder.count(1)?;
        Ok(Self { decoder, left })
    }

    /// The next outcome, of a call whose action has so many outputs; `None` after the last, when bytes left over are
    /// refused.
    pub fn next_outcome(&mut self, outputs: usize) -> Result<Option<Outcome>, DecodeError> {
        if self.left == 0 {
            self.decoder.clone().finish()?;
            return Ok(None);
        }
        self.left -= 1;
        Ok(Some(match self.decoder.byte()? {
            PERFORMED => {
                let values: Result<Vec<_>, _> = (0..outputs).map(|_| self.decoder.value()).collect();
                Outcome::Performed(values?)
            }
            FAILED => Outcome::Failed(self.decoder.failure()?),
            NOT_PERFORMED => Outcome::NotPerformed,
            SUSPENDED => Outcome::Suspended,
            _ => return Err(self.decoder.error("unknown kind of outcome")),
        }))
    }
}
