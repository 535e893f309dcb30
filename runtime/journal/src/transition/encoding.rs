//! The bytes of a run, as its row keeps them; `encoding.md` beside this crate's manifest specifies them.

use alcove_plan::codec::{DecodeError, Decoder, Encoder};

use super::{
    approval::{Binding, Involved, Request, Subject, SubjectKind},
    state::{Run, State, Stop, Token, Waiting},
};
use crate::entry::{
    Asked, SkipReason,
    effect::{decode_digest, decode_id},
};

/// The version that this build writes.
const VERSION: u8 = 1;

const QUEUED: u8 = 0;
const RUNNING: u8 = 1;
const WAITING_APPROVAL: u8 = 2;
const WAITING_RETRY: u8 = 3;
const WAITING_DELAY: u8 = 4;
const SUCCEEDED: u8 = 5;
const FAILED: u8 = 6;
const SKIPPED: u8 = 7;
const CANCELLED: u8 = 8;

impl Run {
    /// Its bytes.
    pub fn encode(&self) -> Vec<u8> {
        let mut encoder = Encoder::new();
        encoder.byte(VERSION);
        encoder.varint(u64::from(self.attempts));
        encoder.varint(u64::from(self.leases_lost));
        encoder.byte(u8::from(self.dead_letter));
        self.state.encode(&mut encoder);
        encoder.into_bytes()
    }

    /// Reads a run. The bytes may be hostile, or a newer build's, which are refused: to guess where a run is, is to
    /// lose it or to have it done twice.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut decoder = Decoder::new(bytes);
        if decoder.byte()? != VERSION {
            return Err(DecodeError { at: 0, what: "unknown version" });
        }
        let (attempts, leases_lost) = (decoder.index()?, decoder.index()?);
        let dead_letter = decode_mark(&mut decoder)?;
        let state = State::decode(&mut decoder)?;
        decoder.finish()?;
        Ok(Self { state, attempts, leases_lost, dead_letter })
    }
}

impl State {
    fn encode(&self, encoder: &mut Encoder) {
        match self {
            Self::Queued => encoder.byte(QUEUED),
            Self::Running { token, cancelling } => {
                encoder.byte(RUNNING);
                encoder.varint(token.0);
                encode_option(encoder, cancelling.as_ref(), |encoder, reason| encoder.str(reason));
            }
            Self::Waiting(Waiting::Approval(request)) => {
                encoder.byte(WAITING_APPROVAL);
                request.encode(encoder);
            }
            Self::Waiting(Waiting::Retry { due_us }) => {
                encoder.byte(WAITING_RETRY);
                encoder.zigzag(*due_us);
            }
            Self::Waiting(Waiting::Delay { until_us }) => {
                encoder.byte(WAITING_DELAY);
                encoder.zigzag(*until_us);
            }
            Self::Succeeded => encoder.byte(SUCCEEDED),
            Self::Failed(stop) => {
                encoder.byte(FAILED);
                encoder.failure(&stop.failure);
                encoder.varint(u64::from(stop.place));
                Asked::encode(stop.asked.as_ref(), encoder);
            }
            Self::Skipped(reason) => {
                encoder.byte(SKIPPED);
                encoder.byte(*reason as u8);
            }
            Self::Cancelled(failure) => {
                encoder.byte(CANCELLED);
                encoder.failure(failure);
            }
        }
    }

    fn decode(decoder: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        Ok(match decoder.byte()? {
            QUEUED => Self::Queued,
            RUNNING => {
                let token = Token(decoder.varint()?);
                Self::Running { token, cancelling: decode_option(decoder, decode_text)? }
            }
            WAITING_APPROVAL => Self::Waiting(Waiting::Approval(Box::new(Request::decode(decoder)?))),
            WAITING_RETRY => Self::Waiting(Waiting::Retry { due_us: decoder.zigzag()? }),
            WAITING_DELAY => Self::Waiting(Waiting::Delay { until_us: decoder.zigzag()? }),
            SUCCEEDED => Self::Succeeded,
            FAILED => {
                let (failure, place) = (decoder.failure()?, decoder.index()?);
                Self::Failed(Stop { failure, place, asked: Asked::decode(decoder)? })
            }
            SKIPPED => Self::Skipped(SkipReason::decode(decoder)?),
            CANCELLED => Self::Cancelled(decoder.failure()?),
            _ => return Err(decoder.error("unknown state of a run")),
        })
    }
}

impl Request {
    fn encode(&self, encoder: &mut Encoder) {
        encoder.raw(&self.binding.plan.0);
        encoder.str(self.binding.effect.as_str());
        encoder.raw(&self.binding.preview.0);
        encoder.zigzag(self.expires_us);
        encoder.count(self.roles.len());
        self.roles.iter().for_each(|role| encoder.str(role));
        self.involved.author.encode(encoder);
        self.involved.activator.encode(encoder);
        encode_option(encoder, self.involved.starter.as_ref(), |encoder, starter| starter.encode(encoder));
    }

    fn decode(decoder: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        let plan = decode_digest(decoder)?;
        let effect = decode_id(decoder)?;
        let binding = Binding { plan, effect, preview: decode_digest(decoder)? };
        let expires_us = decoder.zigzag()?;
        let roles = decoder.count(1)?;
        let roles = (0..roles).map(|_| decode_text(decoder)).collect::<Result<_, _>>()?;
        let involved = Involved {
            author: Subject::decode(decoder)?,
            activator: Subject::decode(decoder)?,
            starter: decode_option(decoder, Subject::decode)?,
        };
        Ok(Self { binding, expires_us, roles, involved })
    }
}

impl Subject {
    fn encode(&self, encoder: &mut Encoder) {
        encoder.byte(self.kind as u8);
        encoder.str(&self.id);
    }

    fn decode(decoder: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        let number = decoder.byte()?;
        let kinds = [SubjectKind::Person, SubjectKind::Key, SubjectKind::Agent];
        let kind = kinds.into_iter().find(|kind| *kind as u8 == number);
        Ok(Self { kind: kind.ok_or_else(|| decoder.error("unknown kind of subject"))?, id: decode_text(decoder)? })
    }
}

fn encode_option<T>(encoder: &mut Encoder, option: Option<T>, encode: impl FnOnce(&mut Encoder, T)) {
    match option {
        None => encoder.byte(0),
        Some(value) => {
            encoder.byte(1);
            encode(encoder, value);
        }
    }
}

fn decode_option<T>(
    decoder: &mut Decoder<'_>,
    decode: impl FnOnce(&mut Decoder<'_>) -> Result<T, DecodeError>,
) -> Result<Option<T>, DecodeError> {
    if decode_mark(decoder)? { decode(decoder).map(Some) } else { Ok(None) }
}

fn decode_mark(decoder: &mut Decoder<'_>) -> Result<bool, DecodeError> {
    match decoder.byte()? {
        0 => Ok(false),
        1 => Ok(true),
        _ => Err(decoder.error("neither yes nor no")),
    }
}

fn decode_text(decoder: &mut Decoder<'_>) -> Result<String, DecodeError> {
    decoder.str().map(str::to_owned)
}
