//! The run is over.

use std::fmt;

use alcove_plan::{
    codec::{DecodeError, Decoder, Encoder},
    envelope::Digest,
    failure::{Code, Failure},
};

const SUCCEEDED: u8 = 0;
const FAILED: u8 = 1;
const SKIPPED: u8 = 2;
const CANCELLED: u8 = 3;

/// How the run ended. Only a [retry](super::Retry) opens it again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finished {
    /// How.
    pub ending: Ending,
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// All nodes ran.
    Succeeded {
        /// A *report* message.
        report: Vec<u8>,
    },
    /// It failed, finally.
    Failed {
        /// How.
        failure: Failure,
        /// Where: an index into the plan's places.
        place: u32,
    },
    /// It was left out.
    Skipped {
        /// Why.
        reason: SkipReason,
    },
    /// A person, the lifecycle of its app or an approval ended it.
    Cancelled {
        /// E010 or E011.
        failure: Failure,
    },
}

/// Why a run was left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SkipReason {
    /// The trigger's filter, or the `when` of a delay, refused the event.
    Filter,
    /// Another run of the app was going on.
    Locked,
    /// The app was not active.
    Paused,
    /// A quota of the tenant was used up.
    Quota,
}

const REASONS: [SkipReason; 4] = [SkipReason::Filter, SkipReason::Locked, SkipReason::Paused, SkipReason::Quota];

impl Finished {
    pub(super) fn encode(&self, encoder: &mut Encoder) {
        match &self.ending {
            Ending::Succeeded { report } => {
                encoder.byte(SUCCEEDED);
                encoder.bytes(report);
            }
            Ending::Failed { failure, place } => {
                encoder.byte(FAILED);
                encoder.failure(failure);
                encoder.varint(u64::from(*place));
            }
            Ending::Skipped { reason } => {
                encoder.byte(SKIPPED);
                encoder.byte(*reason as u8);
            }
            Ending::Cancelled { failure } => {
                encoder.byte(CANCELLED);
                encoder.failure(failure);
            }
        }
    }

    pub(super) fn decode(decoder: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        let ending = match decoder.byte()? {
            SUCCEEDED => Ending::Succeeded { report: decoder.bytes()?.to_vec() },
            FAILED => Ending::Failed { failure: decoder.failure()?, place: decoder.index()? },
            SKIPPED => Ending::Skipped { reason: SkipReason::decode(decoder)? },
            CANCELLED => Ending::Cancelled { failure: decoder.failure()? },
            _ => return Err(decoder.error("unknown ending")),
        };
        Ok(Self { ending })
    }
}

impl Ending {
    /// Whether it says nothing about what the run itself did: it was stopped.
    pub fn comes_from_outside(&self) -> bool {
        match self {
            Self::Succeeded { .. } | Self::Skipped { .. } => false,
            Self::Failed { failure, .. } => matches!(failure.code, Code::Cancelled | Code::WallClock),
            Self::Cancelled { .. } => true,
        }
    }
}

impl fmt::Display for Ending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Succeeded { report } => write!(f, "succeeded, report {}", Digest::of(report)),
            Self::Failed { failure, place } => write!(f, "failed at place {place}, {failure}"),
            Self::Skipped { reason } => write!(f, "skipped, {}", reason.as_str()),
            Self::Cancelled { failure } => write!(f, "cancelled, {failure}"),
        }
    }
}

impl SkipReason {
    pub(crate) fn decode(decoder: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        let number = decoder.byte()?;
        let reason = REASONS.into_iter().find(|reason| *reason as u8 == number);
        reason.ok_or_else(|| decoder.error("unknown reason to skip"))
    }

    /// The word that users see.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Filter => "filter",
            Self::Locked => "locked",
            Self::Paused => "paused",
            Self::Quota => "quota",
        }
    }
}
