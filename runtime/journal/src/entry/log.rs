//! The run has said something.

use alcove_plan::codec::{DecodeError, Decoder, Encoder};

/// One line of the run's log. It is no question: no replay is held against it, and a run that is executed again writes
/// only the lines that its journal does not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Log {
    /// How much a reader should care.
    pub level: LogLevel,
    /// Where: an index into the plan's places, as the guest says. It may be out of range.
    pub place: u32,
    /// What happened, for a person.
    pub message: String,
}

/// How much a reader of the log should care.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LogLevel {
    /// Progress.
    Info,
    /// The run went on, but a person may want to know.
    Warning,
    /// Something failed.
    Error,
}

impl Log {
    pub(super) fn encode(&self, encoder: &mut Encoder) {
        encoder.byte(self.level as u8);
        encoder.varint(u64::from(self.place));
        encoder.str(&self.message);
    }

    pub(super) fn decode(decoder: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        let number = decoder.byte()?;
        let level = LogLevel::ALL.into_iter().find(|level| *level as u8 == number);
        let level = level.ok_or_else(|| decoder.error("unknown level of the log"))?;
        Ok(Self { level, place: decoder.index()?, message: decoder.str()?.to_owned() })
    }
}

impl LogLevel {
    /// All of them, in the order of their numbers.
    const ALL: [Self; 3] = [Self::Info, Self::Warning, Self::Error];

    /// The word that users see.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}
