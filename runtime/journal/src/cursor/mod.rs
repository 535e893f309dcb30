//! A run that re-executes, held against its journal: each question is answered from it, until it has no more to say.
//!
//! [`History`] is the journal read as a whole; [`Cursor`] walks along it. As long as the run keeps to the script, each
//! question must be the next one of the journal. Where the journal holds a question without an answer (an effect in
//! doubt, a failure that was put aside), the run gets a fresh answer and may go another way from there; the order is no
//! longer compared then, but what was asked before is still recognised by its identity, and is never done twice.

mod divergence;
mod history;
mod judge;
mod step;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use alcove_plan::{
    codec,
    envelope::Digest,
    failure::{Code, Failure},
};

pub use divergence::{Divergence, Moment, Place};
pub use history::{Contradiction, History, HistoryError};

use self::{
    judge::Verdict,
    step::{EffectState, EffectStep, ReadStep, Step},
};
use crate::entry::{Asked, Decision, Effect, EffectResult, Ending, Outcome, QueryPage, Started};

/// The answer to a read.
#[derive(Clone, Debug, PartialEq)]
pub enum ReadAnswer {
    /// As it was: a *page* message, or why there was none.
    Replayed(Result<Vec<u8>, Failure>),
    /// The journal does not have it: read, and [make an entry](Pending::answered) of the answer.
    Live(Pending),
    /// The run is not the one that wrote the journal: stop it.
    Diverged(Box<Divergence>),
}

/// A read that the journal does not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pending {
    /// The position among the plan's queries.
    pub query: u32,
    /// Which page, from 0. Those before it were replayed: the read continues after their last row.
    pub page: u32,
    arguments: Digest,
}

/// The answer to a call.
#[derive(Clone, Debug, PartialEq)]
pub enum EffectAnswer {
    /// As it was, or a wait for a decision.
    Replayed(codec::Outcome),
    /// It has not happened: perform it.
    Live {
        /// Attempts of the action's own retry that have failed.
        attempts: u32,
    },
    /// It may have happened, and repeating it is safe: perform it under the same id, after a new intent.
    SendAgain {
        /// It must arrive before this time, in microseconds since 1970-01-01T00:00:00Z; the new intent's deadline is no
        /// later.
        before_us: i64,
        /// Attempts of the action's own retry that have failed.
        attempts: u32,
    },
    /// Nothing may be done yet: a predecessor may still send it, or its retry is not due. Ask again then.
    NotBefore {
        /// Microseconds since 1970-01-01T00:00:00Z.
        until_us: i64,
    },
    /// E013: it may have happened, and must not be repeated. Record this as its result and give it to the run.
    Unknown(Failure),
    /// The run is not the one that wrote the journal: stop it.
    Diverged(Box<Divergence>),
}

/// Walks along a journal.
#[derive(Clone, Debug)]
pub struct Cursor {
    history: History,
    /// INVARIANT: as many as there are steps; whether the run has come to them.
    done: Vec<bool>,
    /// The first step that the run has not come to.
    next: usize,
    /// Whether some answer was fresh although the journal goes on after it.
    off_script: bool,
    /// What each query was started with, and the page that comes next.
    queries: BTreeMap<u32, (Digest, u32)>,
    diverged: Option<Box<Divergence>>,
}

impl Pending {
    /// The entry for what was read.
    pub fn answered(self, answer: Result<Vec<u8>, Failure>) -> QueryPage {
        QueryPage { query: self.query, page: self.page, arguments: self.arguments, answer }
    }
}

impl Cursor {
    /// Before the first question.
    pub fn new(history: History) -> Self {
        let done = vec![false; history.steps.len()];
        Self { history, done, next: 0, off_script: false, queries: BTreeMap::new(), diverged: None }
    }

    /// The journal.
    pub fn history(&self) -> &History {
        &self.history
    }

    /// Whether the run has come to everything that the journal has.
    pub fn is_past_end(&self) -> bool {
        self.next == self.done.len()
    }

    /// Compares what the run is about to be executed with to what it is pinned to.
    pub fn begin(&mut self, with: &Started) -> Result<(), Box<Divergence>> {
        let pinned = &self.history.started;
        let pins = [
            ("plan", pinned.plan.to_string(), with.plan.to_string()),
            ("executor", pinned.executor.to_string(), with.executor.to_string()),
            ("builtins", pinned.builtins_version.to_string(), with.builtins_version.to_string()),
            ("time zones", pinned.tz_version.clone(), with.tz_version.clone()),
            ("input", Digest::of(&pinned.input).to_string(), Digest::of(&with.input).to_string()),
        ];
        let other = pins.into_iter().find(|(_, pinned, with)| pinned != with);
        match other {
            None => Ok(()),
            Some((pin, pinned, with)) => {
                Err(self.diverge(Moment::Start { pin, value: pinned }, Moment::Start { pin, value: with }))
            }
        }
    }

    /// The run starts a query and asks for its first page.
    pub fn start_query(&mut self, query: u32, arguments: Digest) -> ReadAnswer {
        self.queries.insert(query, (arguments, 0));
        self.next_page(query)
    }

    /// The run asks for the next page of a query that it has started.
    pub fn next_page(&mut self, query: u32) -> ReadAnswer {
        // The host lets no guest ask for a page of a query that was not started.
        let (arguments, page) = self.queries.get(&query).copied().unwrap_or((Digest([0; 32]), 0));
        self.queries.insert(query, (arguments, page.saturating_add(1)));
        let found = Moment::Read { query, page, arguments };
        let position = match self.locate(&Asked::Read { query, page }, &found) {
            Ok(Some(position)) => position,
            Ok(None) => return ReadAnswer::Live(Pending { query, page, arguments }),
            Err(divergence) => return ReadAnswer::Diverged(divergence),
        };
        let recorded = match self.history.steps.get_mut(position) {
            // Each page is asked for once, so its rows need not be kept.
            Some(Step::Read(ReadStep { answer: Some(answer), .. })) => Some(std::mem::replace(answer, Ok(Vec::new()))),
            _ => None,
        };
        self.pass(position, recorded.is_none());
        recorded.map_or(ReadAnswer::Live(Pending { query, page, arguments }), ReadAnswer::Replayed)
    }

    /// The run calls an action. Calls of a batch are asked for one by one, as whether a call is made at all may depend on
    /// what became of the one before it.
    pub fn effect(&mut self, effect: &Effect, now_us: i64) -> EffectAnswer {
        let found = Moment::of_effect(effect);
        let position = match self.locate(&Asked::Effect(effect.id.clone()), &found) {
            Ok(Some(position)) => position,
            Ok(None) => return EffectAnswer::Live { attempts: 0 },
            Err(divergence) => return EffectAnswer::Diverged(divergence),
        };
        let Some(Step::Effect(step)) = self.history.steps.get_mut(position) else {
            return EffectAnswer::Live { attempts: 0 };
        };
        let answer = step.answer(now_us);
        match &answer {
            EffectAnswer::NotBefore { .. } => {}
            EffectAnswer::Replayed(_) => self.pass(position, false),
            _ => self.pass(position, true),
        }
        answer
    }

    /// The run waits for a decision.
    pub fn suspend(&mut self) -> Result<(), Box<Divergence>> {
        self.leave(Moment::Suspend)
    }

    /// The run ends. If the journal has its end, it must be the same one.
    pub fn end(&mut self, ending: &Ending) -> Result<(), Box<Divergence>> {
        if ending.comes_from_outside() {
            return Ok(());
        }
        let found = Moment::End { ending: ending.to_string() };
        self.leave(found.clone())?;
        match &self.history.ending {
            Some(recorded) if recorded != ending && !recorded.comes_from_outside() => {
                let expected = Moment::End { ending: recorded.to_string() };
                Err(self.diverge(expected, found))
            }
            _ => Ok(()),
        }
    }

    /// The results to record when the run ends, or is failed, without having come to these effects again: each was begun,
    /// and nobody will ever know or try. What may still be sent again stays open, for a person's retry.
    pub fn lost(&self, now_us: i64) -> Vec<EffectResult> {
        let unread = self.history.steps.iter().zip(&self.done).filter(|(_, done)| !**done);
        let lost = unread.filter_map(|(step, _)| match step {
            Step::Effect(EffectStep { effect, state: EffectState::Sent(sent), .. }) if sent.is_lost(now_us) => {
                let outcome = Outcome::Failed(judge::unknown(effect));
                Some(EffectResult { effect: effect.id.clone(), outcome })
            }
            _ => None,
        });
        lost.collect()
    }

    /// The step that a question is about; `None`: the journal does not have it.
    fn locate(&mut self, asked: &Asked, found: &Moment) -> Result<Option<usize>, Box<Divergence>> {
        if let Some(divergence) = &self.diverged {
            return Err(divergence.clone());
        }
        let position = if self.off_script {
            self.history.positions.get(asked).copied().filter(|position| self.done.get(*position) == Some(&false))
        } else {
            (!self.is_past_end()).then_some(self.next)
        };
        let Some(position) = position else {
            // An effect that was asked for twice would be done twice.
            let again = self.history.positions.get(asked).and_then(|position| self.history.steps.get(*position));
            return match again.map(Step::moment) {
                Some(expected) => Err(self.diverge(expected, found.clone())),
                None => Ok(None),
            };
        };
        let expected = self.history.steps.get(position).map(Step::moment);
        match expected {
            Some(expected) if expected != *found => Err(self.diverge(expected, found.clone())),
            _ => Ok(Some(position)),
        }
    }

    /// The run has come past a step; `fresh`: with an answer that the journal does not have.
    fn pass(&mut self, position: usize, fresh: bool) {
        if let Some(done) = self.done.get_mut(position) {
            *done = true;
        }
        while self.done.get(self.next) == Some(&true) {
            self.next += 1;
        }
        self.off_script |= fresh && !self.is_past_end();
    }

    /// The run stops asking.
    fn leave(&mut self, found: Moment) -> Result<(), Box<Divergence>> {
        if let Some(divergence) = &self.diverged {
            return Err(divergence.clone());
        }
        match self.history.steps.get(self.next) {
            Some(step) if !self.off_script => Err(self.diverge(step.moment(), found)),
            _ => Ok(()),
        }
    }

    /// Once it has diverged, a run gets no other answer.
    fn diverge(&mut self, expected: Moment, found: Moment) -> Box<Divergence> {
        self.diverged.get_or_insert_with(|| Box::new(Divergence { expected, found })).clone()
    }
}

impl EffectStep {
    fn answer(&self, now_us: i64) -> EffectAnswer {
        match &self.state {
            EffectState::Done(outcome) => EffectAnswer::Replayed(outcome.clone().into()),
            EffectState::Approval(decision) => EffectAnswer::Replayed(decided(decision.as_ref())),
            EffectState::Reopened(again) if now_us < again.not_before_us => {
                EffectAnswer::NotBefore { until_us: again.not_before_us }
            }
            EffectState::Reopened(_) => EffectAnswer::Live { attempts: self.attempts },
            EffectState::Sent(sent) => match sent.judge(now_us) {
                Verdict::NotBefore(until_us) => EffectAnswer::NotBefore { until_us },
                Verdict::SendAgain(before_us) => EffectAnswer::SendAgain { before_us, attempts: self.attempts },
                Verdict::Unknown => EffectAnswer::Unknown(judge::unknown(&self.effect)),
            },
        }
    }
}

fn decided(decision: Option<&Decision>) -> codec::Outcome {
    match decision {
        None => codec::Outcome::Suspended,
        Some(Decision::Approved | Decision::Modified(_)) => codec::Outcome::Performed(Vec::new()),
        Some(Decision::Rejected) => codec::Outcome::Failed(rejected()),
        Some(Decision::Expired) => codec::Outcome::Failed(expired()),
    }
}

/// E011 for a decision.
pub(crate) fn rejected() -> Failure {
    Failure::new(Code::Approval, "the approval was rejected")
}

/// E011 for a time-out.
pub(crate) fn expired() -> Failure {
    Failure::new(Code::Approval, "nobody decided about the approval in time")
}
