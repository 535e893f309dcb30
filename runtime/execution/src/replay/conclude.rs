//! How a replay ends: the end that the guest came to, held against the one that the journal has.

use alcove_host::{End, RunFailure};
use alcove_journal::entry::{Ending, SkipReason};

use super::{
    Difference, Stopped,
    session::{Comparison, Session, Stop},
};

impl Session {
    /// The guest has ended.
    pub(super) fn conclude(&mut self, end: Result<End, RunFailure>) {
        if self.stop.is_some() {
            return;
        }
        let ending = match end {
            Ok(End::Waiting) => return self.waits(),
            Ok(End::Succeeded(report)) => Ending::Succeeded { report },
            Ok(End::Skipped) => Ending::Skipped { reason: SkipReason::Filter },
            Err(RunFailure { failure, place }) => Ending::Failed { failure, place: place.unwrap_or(0) },
        };
        let compared = match (self.comparison, self.cursor.history().ending()) {
            // What it says about its end may be made of values that were changed: only how it ends is compared.
            (Comparison::Course, Some(recorded)) if is_alike(recorded, &ending) => recorded.clone(),
            _ => ending.clone(),
        };
        self.transcript.ending = Some(ending);
        if let Err(divergence) = self.cursor.end(&compared) {
            self.diverge(&divergence);
            return;
        }
        if self.has_own_end() {
            if self.comparison == Comparison::Exact
                && let Err(difference) = self.lines.end(&self.plan.plan)
            {
                self.stop = Some(Stop::Diverged(difference));
            }
        } else if self.cursor.history().ending().is_none() {
            let reason = format!("the journal ends before the end: {compared}");
            self.stop = Some(Stop::JournalEnds(Stopped { place: String::new(), reason }));
        }
    }

    /// The guest waits for a decision, as its journal must say.
    fn waits(&mut self) {
        if let Err(divergence) = self.cursor.suspend() {
            self.diverge(&divergence);
            return;
        }
        let asked = self.transcript.calls.last().map(|call| call.action).unwrap_or_default();
        let action = usize::try_from(asked).ok().and_then(|at| self.plan.plan.actions.get(at));
        let place = action.map_or("", |action| self.plan.plan.place(action.place)).to_owned();
        self.stop = Some(match self.cursor.history().ending() {
            Some(ending) if !ending.comes_from_outside() => {
                let (expected, found) = (format!("the end: {ending}"), "a pause until somebody decides");
                Stop::Diverged(Difference { place, expected, found: found.to_owned() })
            }
            _ => Stop::JournalEnds(Stopped { place, reason: "nobody has decided about this approval".to_owned() }),
        });
    }
}

/// Whether two ends are of one kind, and at one place.
fn is_alike(recorded: &Ending, found: &Ending) -> bool {
    match (recorded, found) {
        (Ending::Succeeded { .. }, Ending::Succeeded { .. }) => true,
        (Ending::Failed { failure: a, place: at }, Ending::Failed { failure: b, place }) => {
            a.code == b.code && at == place
        }
        (recorded, found) => recorded == found,
    }
}
