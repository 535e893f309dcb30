//! The *batch* message: calls of actions.

use alloc::vec::Vec;

use super::{DecodeError, Decoder, Encoder};
use crate::{
    limits::{BATCH_CALLS_MAX, LOOP_DEPTH_MAX},
    value::Value,
};

/// Writes a batch, call by call.
#[derive(Debug, Default)]
pub struct BatchWriter {
    calls: Encoder,
    count: usize,
}

/// What a call says before its values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallHeader {
    /// Position in the list of actions that goes with the batch.
    pub action: u32,
    /// Indices of the loops around it, outermost first.
    pub indices: Vec<u32>,
}

impl BatchWriter {
    /// An empty batch.
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends a call.
    pub fn call(&mut self, action: u32, indices: &[u32], values: &[Value]) {
        self.calls.varint(u64::from(action));
        self.calls.count(indices.len());
        for index in indices {
            self.calls.varint(u64::from(*index));
        }
        for value in values {
            self.calls.value(value);
        }
        self.count += 1;
    }

    /// The number of calls.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Bytes so far.
    pub fn len(&self) -> usize {
        self.calls.len()
    }

    /// Whether it has no calls.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The message.
    pub fn finish(self) -> Vec<u8> {
        let mut message = Encoder::message();
        message.count(self.count);
        message.raw(&self.calls.into_bytes());
        message.into_bytes()
    }
}

/// Reads a batch. The values of a call are read by whoever knows its holes.
#[derive(Debug)]
pub struct BatchReader<'a> {
    decoder: Decoder<'a>,
    calls_left: usize,
}

impl<'a> BatchReader<'a> {
    /// Begins to read a batch.
    pub fn new(bytes: &'a [u8]) -> Result<Self, DecodeError> {
        let mut decoder = Decoder::message(bytes)?;
        let calls_left = decoder.count(2)?;
        if calls_left > BATCH_CALLS_MAX {
            return Err(decoder.error("too many calls"));
        }
        Ok(Self { decoder, calls_left })
    }

    /// The number of calls that are left.
    pub fn calls_left(&self) -> usize {
        self.calls_left
    }

    /// The next call; `None` after the last, when bytes left over are refused. Its values must be read with
    /// [`value`](Self::value) before the next call is.
    pub fn next_call(&mut self) -> Result<Option<CallHeader>, DecodeError> {
        if self.calls_left == 0 {
            self.decoder.clone().finish()?;
            return Ok(None);
        }
        self.calls_left -= 1;
        let action = self.decoder.index()?;
        let depth = self.decoder.count(1)?;
        if depth > LOOP_DEPTH_MAX {
            return Err(self.decoder.error("too many loop indices"));
        }
        let indices: Result<Vec<_>, _> = (0..depth).map(|_| self.decoder.index()).collect();
        Ok(Some(CallHeader { action, indices: indices? }))
    }

    /// The next value of the call.
    pub fn value(&mut self) -> Result<Value, DecodeError> {
        self.decoder.value()
    }
}
