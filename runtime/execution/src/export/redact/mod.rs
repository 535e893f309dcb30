//! Redaction: a run whose personal values are replaced, and which replays all the same.
//!
//! The digests of a journal tell values apart that can be guessed, so none of them may stay. Tokens are put in the
//! place of personal values; then the run is executed with them, as far as it takes its recorded course, and the
//! digests are those of that execution.

mod personal;
mod records;
mod settle;
mod tokens;

use alcove_journal::entry::{RecordError, read_journal, write_journal};
use alcove_plan::codec::DecodeError;

use self::tokens::Tokens;
use super::{Bundle, Redaction};
use crate::{
    Difference, LoadError, Recording, ReplayReport, Replayer, Stopped,
    replay::{Comparison, Script},
};

/// Why a run is not exported with tokens. Nothing is, then.
#[derive(Debug, thiserror::Error)]
pub enum RedactError {
    /// Its journal is not its own.
    #[error(
        "the run does not replay, so nobody knows what it holds: at `{}` its journal has {}, and it came to {}",
        .0.place, .0.expected, .0.found
    )]
    Diverged(Difference),
    /// Its plan does not load.
    #[error(transparent)]
    Plan(#[from] LoadError),
    /// Its journal does not decode.
    #[error(transparent)]
    Journal(#[from] RecordError),
    /// A message in its journal does not decode.
    #[error("a value in the journal does not decode")]
    Value(#[from] DecodeError),
    /// More values than can be looked for.
    #[error("the run holds more personal values than can be looked for: {problem}")]
    TooMuch {
        /// Which bound was reached.
        problem: String,
    },
    /// A personal value is where none can be replaced.
    #[error("{} cannot be redacted: it names a personal value, such as an address that the author wrote down", place)]
    Left {
        /// Where.
        place: &'static str,
    },
}

impl Replayer {
    /// Makes a bundle in which tokens stand for personal values. The same key gives the same tokens: draw one for each
    /// export, and keep it to yourself.
    pub async fn redact(&self, recording: &Recording, key: &[u8; 32]) -> Result<Bundle, RedactError> {
        if let Some(difference) = self.replay(recording).await?.diverged {
            return Err(RedactError::Diverged(difference));
        }
        let plan = self.load(&recording.plan)?;
        let original = read_journal(&recording.journal)?;
        let tokens = Tokens::new(key, personal::values(&plan.plan, &original)?)?;
        let mut redacted = records::redact(&plan.plan, &tokens, original)?;
        let script = Script {
            plan,
            execution: recording.execution.clone(),
            records: redacted.clone(),
            comparison: Comparison::Course,
        };
        let played = self.perform(script).await;
        settle::settle(&mut redacted, &played.transcript);
        let redaction =
            played.report.diverged.map_or(Redaction::Whole, |difference| Redaction::Until(until(difference)));
        let recording = Recording { journal: write_journal(&redacted), ..recording.clone() };
        let bundle = Bundle { recording, redaction };
        check(&tokens, &bundle)?;
        match self.replay_bundle(&bundle).await? {
            ReplayReport { diverged: Some(difference), .. } => Err(RedactError::Diverged(difference)),
            _ => Ok(bundle),
        }
    }
}

/// What a replay says where tokens have changed the course.
fn until(difference: Difference) -> Stopped {
    let Difference { place, expected, found } = difference;
    let reason = format!(
        "not comparable from here on: with tokens for personal values the run comes to {found}, where the journal has \
         {expected}"
    );
    Stopped { place, reason }
}

/// Whether no personal value is left anywhere.
fn check(tokens: &Tokens, bundle: &Bundle) -> Result<(), RedactError> {
    if tokens.are_missing_in(&bundle.recording.plan) {
        return Err(RedactError::Left { place: "the plan" });
    }
    if tokens.are_missing_in(&bundle.encode()) {
        return Err(RedactError::Left { place: "the run" });
    }
    Ok(())
}
