//! A journal, read as a whole: each question once, in the order in which the run first asked it.

use std::collections::BTreeMap;

use alcove_ids::EffectId;
use alcove_plan::failure::{Code, Failure};

use super::{
    Contradiction, HistoryError,
    judge::Sent,
    step::{AskAgain, EffectState, EffectStep, ReadStep, Step},
};
use crate::entry::{
    Asked, Decision, Effect, Ending, Entry, Intent, LocalEffect, Outcome, Record, Retry, RetryOf, Started,
};

/// What a journal says.
#[derive(Clone, Debug, PartialEq)]
pub struct History {
    pub(super) started: Started,
    pub(super) steps: Vec<Step>,
    // INVARIANT: for each step one entry, its position; upheld by `add`.
    pub(super) positions: BTreeMap<Asked, usize>,
    pub(super) ending: Option<Ending>,
    /// Lines of the run's log.
    pub(super) log_lines: usize,
    attempts: u32,
}

impl History {
    /// Reads a journal. What contradicts itself is refused: nothing can be concluded from it.
    pub fn read(records: Vec<Record>) -> Result<Self, HistoryError> {
        let mut records = records.into_iter();
        let first = records.next();
        let kind = first.as_ref().map_or("nothing", |record| record.entry.name());
        let Some(Record { entry: Entry::Started(started), .. }) = first else {
            return Err(HistoryError { record: 0, kind, problem: Contradiction::NotStarted });
        };
        let mut history =
            Self { started, steps: Vec::new(), positions: BTreeMap::new(), ending: None, log_lines: 0, attempts: 0 };
        for (record, Record { at_us, entry }) in (1..).zip(records) {
            let kind = entry.name();
            history.take(at_us, entry).map_err(|problem| HistoryError { record, kind, problem })?;
        }
        if history.ending.is_none() {
            history.drop_torn_tail();
        }
        Ok(history)
    }

    /// What the run is pinned to.
    pub fn started(&self) -> &Started {
        &self.started
    }

    /// How it ended, if it did and was not opened again.
    pub fn ending(&self) -> Option<&Ending> {
        self.ending.as_ref()
    }

    /// How many attempts of the run have failed and were put aside.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// The calls of `request_approval` that were decided, in order. Actions behind an approval have handles, and edits
    /// hold, from the decision on.
    pub fn decisions(&self) -> impl Iterator<Item = (&Effect, &Decision)> {
        self.steps.iter().filter_map(|step| match step {
            Step::Effect(EffectStep { effect, state: EffectState::Approval(Some(decision)), .. }) => {
                Some((effect, decision))
            }
            _ => None,
        })
    }

    /// What failed last and was not put aside: what a retry would open again if the run failed there.
    pub fn last_failure(&self) -> Option<(Asked, &Failure)> {
        self.steps.iter().rev().find_map(|step| match step {
            Step::Read(ReadStep { answer: Err(failure), .. })
            | Step::Effect(EffectStep { state: EffectState::Done(Outcome::Failed(failure)), .. }) => {
                Some((step.asked(), failure))
            }
            _ => None,
        })
    }

    fn take(&mut self, at_us: i64, entry: Entry) -> Result<(), Contradiction> {
        if self.ending.is_some() && !matches!(entry, Entry::Retry(_)) {
            return Err(Contradiction::Ended);
        }
        match entry {
            Entry::Started(_) => return Err(Contradiction::StartedTwice),
            Entry::QueryPage(page) => self.read_page(page)?,
            Entry::Intent(intent) => self.begin(at_us, intent)?,
            Entry::Result(result) => self.settle(&result.effect, result.outcome)?,
            Entry::LocalEffects(local) => local.effects.into_iter().try_for_each(|effect| self.commit(effect))?,
            Entry::ApprovalRequested(request) => self.request(request.effect)?,
            Entry::Decided(decided) => self.decide(&decided.effect, decided.decision)?,
            Entry::Suspended(_) | Entry::LeftOut(_) => {}
            Entry::Retry(retry) => self.retry(&retry)?,
            Entry::Finished(finished) => self.ending = Some(finished.ending),
            Entry::Log(_) => self.log_lines += 1,
        }
        Ok(())
    }

    fn begin(&mut self, at_us: i64, intent: Intent) -> Result<(), Contradiction> {
        let Intent { effect, deadline_us, guarantee } = intent;
        let sent = |first_us| EffectState::Sent(Sent { first_us, deadline_us, guarantee });
        let Some(step) = self.find_effect(&effect.id) else {
            let state = sent(at_us);
            self.add(Step::Effect(EffectStep { first_us: Some(at_us), ..EffectStep::new(effect, state) }));
            return Ok(());
        };
        let first_us = step.first_us.unwrap_or(at_us);
        match &step.state {
            EffectState::Reopened(_) => {}
            EffectState::Sent(before) if before.guarantee.repeatable_until(first_us).is_some() => {}
            _ => return Err(Contradiction::EffectTwice { id: effect.id }),
        }
        step.expect_same(&effect)?;
        (step.state, step.first_us) = (sent(first_us), Some(first_us));
        Ok(())
    }

    fn settle(&mut self, id: &EffectId, outcome: Outcome) -> Result<(), Contradiction> {
        let begun_before = self.steps.len();
        let step = self.find_effect(id).ok_or_else(|| Contradiction::NotBegun { id: id.clone() })?;
        match step.state {
            EffectState::Sent(_) | EffectState::Reopened(AskAgain { of: RetryOf::Person, .. }) => {
                step.state = EffectState::Done(outcome);
                step.begun_before = begun_before;
                Ok(())
            }
            _ => Err(Contradiction::NotBegun { id: id.clone() }),
        }
    }

    fn commit(&mut self, local: LocalEffect) -> Result<(), Contradiction> {
        let LocalEffect { effect, outcome } = local;
        let begun_before = self.steps.len();
        match self.find_effect(&effect.id) {
            None => self.add(Step::Effect(EffectStep::new(effect, EffectState::Done(outcome)))),
            Some(step) if matches!(step.state, EffectState::Reopened(_)) => {
                step.expect_same(&effect)?;
                step.state = EffectState::Done(outcome);
                step.begun_before = begun_before;
            }
            Some(_) => return Err(Contradiction::EffectTwice { id: effect.id }),
        }
        Ok(())
    }

    fn request(&mut self, effect: Effect) -> Result<(), Contradiction> {
        if self.find_effect(&effect.id).is_some() {
            return Err(Contradiction::EffectTwice { id: effect.id });
        }
        self.add(Step::Effect(EffectStep::new(effect, EffectState::Approval(None))));
        Ok(())
    }

    fn decide(&mut self, id: &EffectId, decision: Decision) -> Result<(), Contradiction> {
        match self.find_effect(id).map(|step| &mut step.state) {
            Some(EffectState::Approval(decided @ None)) => *decided = Some(decision),
            _ => return Err(Contradiction::NotAsked { id: id.clone() }),
        }
        Ok(())
    }

    fn retry(&mut self, retry: &Retry) -> Result<(), Contradiction> {
        match self.ending.take() {
            None => {}
            Some(Ending::Failed { .. }) if retry.of == RetryOf::Person => {}
            Some(_) => return Err(Contradiction::Ended),
        }
        if retry.of != RetryOf::Action {
            self.attempts = retry.attempt;
        }
        match &retry.reopens {
            None => Ok(()),
            Some(Asked::Read { query, page }) => self.reopen_read(*query, *page),
            Some(Asked::Effect(id)) => self.find_effect(id).ok_or(Contradiction::NotFailed)?.reopen(retry),
        }
    }

    pub(super) fn add(&mut self, step: Step) {
        self.positions.insert(step.asked(), self.steps.len());
        self.steps.push(step);
    }

    fn find_effect(&mut self, id: &EffectId) -> Option<&mut EffectStep> {
        let position = self.positions.get(&Asked::Effect(id.clone()))?;
        match self.steps.get_mut(*position) {
            Some(Step::Effect(step)) => Some(step),
            _ => None,
        }
    }
}

impl EffectStep {
    fn new(effect: Effect, state: EffectState) -> Self {
        Self { effect, state, first_us: None, attempts: 0, begun_before: 0 }
    }

    fn reopen(&mut self, retry: &Retry) -> Result<(), Contradiction> {
        match &self.state {
            EffectState::Done(Outcome::Failed(failure))
                if failure.code == Code::UnknownOutcome && retry.of != RetryOf::Person =>
            {
                return Err(Contradiction::Unknown { id: self.effect.id.clone() });
            }
            EffectState::Done(Outcome::Failed(_)) => {}
            // The call came back with a failure that its own retry takes care of: that is its result.
            EffectState::Sent(_) if retry.of == RetryOf::Action => {}
            _ => return Err(Contradiction::NotFailed),
        }
        let (attempts, not_before_us) = match retry.of {
            RetryOf::Action => (retry.attempt, retry.due_us),
            RetryOf::Run | RetryOf::Person => (0, i64::MIN),
        };
        self.attempts = attempts;
        self.state = EffectState::Reopened(AskAgain { of: retry.of, not_before_us });
        Ok(())
    }

    fn expect_same(&self, effect: &Effect) -> Result<(), Contradiction> {
        let same = (self.effect.action, &self.effect.indices, self.effect.digest)
            == (effect.action, &effect.indices, effect.digest);
        if same { Ok(()) } else { Err(Contradiction::OtherCall { id: effect.id.clone() }) }
    }
}
