//! A run in one file.

use alcove_ids::{AppId, ExecutionId};
use alcove_plan::{
    codec::{DecodeError, Decoder, Encoder},
    envelope::{Digest, PLAN_BYTES_MAX},
};

use crate::{
    Difference, LoadError, Recording, ReplayReport, ReplayStatus, Replayer, Stopped, replay::JOURNAL_BYTES_MAX,
};

/// The first bytes of every bundle.
const MAGIC: [u8; 4] = *b"ALRN";
/// The version of the format that this build writes, and the only one that it reads.
const VERSION: u16 = 1;
/// The largest bundle, in bytes: a plan, a journal, and the little beside them.
pub const BUNDLE_BYTES_MAX: usize = PLAN_BYTES_MAX + JOURNAL_BYTES_MAX + 64 * 1024;

const NOT_REDACTED: u8 = 0;
const REDACTED: u8 = 1;
const REDACTED_UNTIL: u8 = 2;

/// A run in one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bundle {
    /// The run.
    pub recording: Recording,
    /// What was changed about it.
    pub redaction: Redaction,
}

/// What was changed about a run before it was exported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Redaction {
    /// Nothing.
    None,
    /// Tokens stand for personal values, and the run takes the same course with them.
    Whole,
    /// Tokens stand for personal values, and with them the run takes another course from here on: what follows in the
    /// journal cannot be compared.
    Until(Stopped),
}

/// Why bytes are not a bundle.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BundleError {
    /// More than a bundle has.
    #[error("{len} bytes are more than a bundle may have ({BUNDLE_BYTES_MAX})")]
    TooLarge {
        /// The number of bytes.
        len: usize,
    },
    /// Another kind of file.
    #[error("not a bundle: it does not begin with `ALRN`")]
    NotABundle,
    /// Made by another version of Alcove.
    #[error("bundle format {found} is not supported (this build reads {VERSION})")]
    Version {
        /// The version found.
        found: u16,
    },
    /// Cut off, or changed after it was made.
    #[error("the bundle is damaged: its digest does not match")]
    Damaged,
    /// A part that does not decode.
    #[error("the bundle does not decode")]
    Malformed(#[from] DecodeError),
}

impl Bundle {
    /// The run as it is.
    pub fn of(recording: Recording) -> Self {
        Self { recording, redaction: Redaction::None }
    }

    /// Its bytes.
    pub fn encode(&self) -> Vec<u8> {
        let Recording { execution, app, version, plan, journal } = &self.recording;
        let mut content = Encoder::new();
        content.str(execution.as_str());
        content.str(app.as_str());
        content.varint(u64::from(*version));
        content.bytes(plan);
        content.bytes(journal);
        match &self.redaction {
            Redaction::None => content.byte(NOT_REDACTED),
            Redaction::Whole => content.byte(REDACTED),
            Redaction::Until(Stopped { place, reason }) => {
                content.byte(REDACTED_UNTIL);
                content.str(place);
                content.str(reason);
            }
        }
        let content = content.into_bytes();
        let digest = Digest::of(&content);
        [&MAGIC[..], &VERSION.to_le_bytes(), &digest.0, &content].concat()
    }

    /// Reads bytes, which may come from anyone.
    pub fn decode(bytes: &[u8]) -> Result<Self, BundleError> {
        if bytes.len() > BUNDLE_BYTES_MAX {
            return Err(BundleError::TooLarge { len: bytes.len() });
        }
        let rest = bytes.strip_prefix(&MAGIC).ok_or(BundleError::NotABundle)?;
        let (version, rest) = rest.split_first_chunk::<2>().ok_or(BundleError::Damaged)?;
        let found = u16::from_le_bytes(*version);
        if found != VERSION {
            return Err(BundleError::Version { found });
        }
        let (digest, content) = rest.split_first_chunk::<32>().ok_or(BundleError::Damaged)?;
        if Digest::of(content) != Digest(*digest) {
            return Err(BundleError::Damaged);
        }
        Ok(Self::read(Decoder::new(content))?)
    }

    fn read(mut decoder: Decoder<'_>) -> Result<Self, DecodeError> {
        let execution = ExecutionId::parse(decoder.str()?).map_err(|_| decoder.error("not an execution's id"))?;
        let app = AppId::parse(decoder.str()?).map_err(|_| decoder.error("not an app's id"))?;
        let version = decoder.index()?;
        let (plan, journal) = (decoder.bytes()?, decoder.bytes()?);
        if plan.len() > PLAN_BYTES_MAX || journal.len() > JOURNAL_BYTES_MAX {
            return Err(decoder.error("a plan or a journal that is too long"));
        }
        let (plan, journal) = (plan.to_vec(), journal.to_vec());
        let redaction = match decoder.byte()? {
            NOT_REDACTED => Redaction::None,
            REDACTED => Redaction::Whole,
            REDACTED_UNTIL => {
                let (place, reason) = (decoder.str()?.to_owned(), decoder.str()?.to_owned());
                Redaction::Until(Stopped { place, reason })
            }
            _ => return Err(decoder.error("unknown kind of redaction")),
        };
        decoder.finish()?;
        Ok(Self { recording: Recording { execution, app, version, plan, journal }, redaction })
    }
}

impl Replayer {
    /// Replays a bundle: where redaction has changed its course, up to there.
    pub async fn replay_bundle(&self, bundle: &Bundle) -> Result<ReplayReport, LoadError> {
        let mut report = self.replay(&bundle.recording).await?;
        if let (Redaction::Until(until), Some(Difference { place, .. })) = (&bundle.redaction, &report.diverged)
            && *place == until.place
        {
            report.diverged = None;
            report.status = ReplayStatus::Replayed;
            report.stopped_at = Some(until.clone());
        }
        Ok(report)
    }
}
