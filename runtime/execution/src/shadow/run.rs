//! One shadow run, from a recording to its report.

use std::sync::Arc;

use alcove_host::{CancellationToken, End, Prepared, RunFailure, RunRequest};
use alcove_journal::entry::{Ending, Entry, Record, RecordError, read_journal};
use alcove_plan::{
    codec::{DecodeError, Input},
    failure::Failure,
    plan::Plan,
};

use super::{ShadowRun, ShadowStatus, Unanswered, known::Known, report::EffectDifferences, session::Session};
use crate::{Difference, LoadError, LoadedPlan, Recording, Replayer, replay::Played, rerun::Kept, zone};

/// A version of an app that runs in the shadow of recorded runs.
pub struct Shadowed {
    replayer: Replayer,
    plan: Arc<LoadedPlan>,
}

/// Why a version cannot run in the shadow of a run.
#[derive(Debug, thiserror::Error)]
pub enum ShadowError {
    /// The plan of the recorded run does not load.
    #[error(transparent)]
    Plan(#[from] LoadError),
    /// The journal does not decode.
    #[error(transparent)]
    Journal(#[from] RecordError),
    /// The input does not decode.
    #[error("the recorded input does not decode")]
    Input(#[from] DecodeError),
    /// The recorded run does not replay, so nobody knows what it did.
    #[error(
        "the recorded run diverges from its journal at `{}`: the journal has {}, and it came to {}",
        .0.place, .0.expected, .0.found
    )]
    Diverged(Difference),
    /// A time zone that this build does not know.
    #[error("the time zone `{name}` is not known")]
    Zone {
        /// Its name.
        name: String,
    },
}

/// How a guest ended, in the words of the report.
struct Now {
    word: &'static str,
    error: Option<(Failure, String)>,
}

impl Shadowed {
    /// Verifies and prepares a version.
    pub fn load(replayer: Replayer, plan: &[u8]) -> Result<Self, LoadError> {
        let plan = replayer.load(plan)?;
        Ok(Self { replayer, plan })
    }

    /// Runs it on what a run was started with, and holds what it does against what that run did.
    pub async fn run(&self, recording: &Recording) -> Result<ShadowRun, ShadowError> {
        let Played { report, transcript } = self.replayer.play(recording).await?;
        if let Some(difference) = report.diverged {
            return Err(ShadowError::Diverged(difference));
        }
        let recorded = self.replayer.load(&recording.plan)?;
        let records = read_journal(&recording.journal)?;
        let ending = transcript.ending.clone();
        let known = Known::new(Arc::clone(&recorded), transcript);
        let execution = recording.execution.clone();
        let mut session = Session::new(Arc::clone(&self.plan), Arc::clone(&recorded), execution, known);
        session.unanswered.extend(other_trigger(&self.plan.plan, &recorded.plan));
        let input = self.input(&recorded.plan, &records)?;
        let kept = Kept::new(session);
        let now = self.execute(input, &kept).await;
        let (effects, unanswered) =
            kept.with(|session| (session.differences(), std::mem::take(&mut session.unanswered)));
        let is_alike = now.word == report.run && now.fails_like(&recorded.plan, ending.as_ref());
        Ok(ShadowRun {
            execution: recording.execution.to_string(),
            status: status(&now, is_alike, &effects, &unanswered),
            recorded: report.run.to_owned(),
            now: now.word.to_owned(),
            effects,
            unanswered,
            error: now.error.map(|(failure, place)| format!("{failure} (at `{place}`)")),
        })
    }

    async fn execute(&self, input: Vec<u8>, kept: &Kept<Session>) -> Now {
        let mut handles = Prepared::clone(&self.plan.handles);
        // Approvals are answered like calls; whoever comes past one was let through.
        handles.actions.iter_mut().for_each(|action| action.available = true);
        let result = self.replayer.runtime().run(RunRequest {
            program: self.plan.program_bytes(),
            prepared: Arc::new(handles),
            input,
            limits: Replayer::limits(&self.plan),
            backend: kept.backend(),
            cancel: CancellationToken::new(),
        });
        match result.await.end {
            Ok(End::Succeeded(_)) => Now { word: "succeeded", error: None },
            Ok(End::Skipped) => Now { word: "skipped", error: None },
            Ok(End::Waiting) => Now { word: "waiting", error: None },
            Err(RunFailure { failure, place }) => {
                let place = self.plan.plan.place(place.unwrap_or(0)).to_owned();
                Now { word: "failed", error: Some((failure, place)) }
            }
        }
    }

    /// The recorded input, with the zone of this version.
    fn input(&self, recorded: &Plan, records: &[Record]) -> Result<Vec<u8>, ShadowError> {
        let input = records.iter().find_map(|record| match &record.entry {
            Entry::Started(started) => Some(&started.input),
            _ => None,
        });
        let input = input.map_or(&[][..], Vec::as_slice);
        let name = self.plan.plan.trigger.timezone();
        if name == recorded.trigger.timezone() {
            return Ok(input.to_vec());
        }
        let zone = zone::named(name).map_err(|_| ShadowError::Zone { name: name.to_owned() })?;
        Ok(Input { zone, ..Input::decode(input)? }.encode())
    }
}

impl Now {
    /// Whether it failed as the recorded run did, if that one failed.
    fn fails_like(&self, recorded: &Plan, ending: Option<&Ending>) -> bool {
        match (&self.error, ending) {
            (Some((failure, at)), Some(Ending::Failed { failure: then, place })) => {
                failure.code == then.code && at == recorded.place(*place)
            }
            (Some(_), _) => false,
            (None, _) => true,
        }
    }
}

/// A version that begins otherwise would not have run at all.
fn other_trigger(now: &Plan, then: &Plan) -> Option<Unanswered> {
    let (now, then) = (&now.trigger, &then.trigger);
    if now.kind() == then.kind() && now.event() == then.event() {
        return None;
    }
    let name = now.event().unwrap_or_else(|| now.kind()).to_owned();
    Some(Unanswered { kind: "trigger", path: "/trigger".to_owned(), name, arguments: serde_json::Value::Null })
}

fn status(now: &Now, is_alike: bool, effects: &EffectDifferences, unanswered: &[Unanswered]) -> ShadowStatus {
    let EffectDifferences { added, removed, changed, .. } = effects;
    if !unanswered.is_empty() {
        ShadowStatus::Incomplete
    } else if now.error.is_some() && !is_alike {
        ShadowStatus::Failed
    } else if is_alike && added.is_empty() && removed.is_empty() && changed.is_empty() {
        ShadowStatus::Same
    } else {
        ShadowStatus::Different
    }
}
