//! A run that re-executes, held against its journal: each question is answered from it, until it has no more to say.
//!
//! [`History`] is the journal read as a whole; [`Cursor`] walks along it. Each question must be the next one of the
//! journal, with two exceptions. Where the journal has a question without its answer (an effect in doubt, a failure
//! that was put aside), the run gets a fresh one and may go another way from there. And calls of a batch that were
//! begun together may be left out after one of them that failed. What such a run comes to nevertheless is recognised by
//! its identity, so that nothing is done twice.

mod answer;
mod contradiction;
mod divergence;
mod history;
mod judge;
mod reads;
mod step;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use alcove_plan::envelope::Digest;

pub use answer::{EffectAnswer, Pending, ReadAnswer};
pub use contradiction::{Contradiction, HistoryError};
pub use divergence::{Divergence, Moment, Place};
pub use history::History;

pub(crate) use answer::{expired, rejected};

use self::step::{EffectState, EffectStep, ReadStep, Step};
use crate::entry::{Asked, Effect, EffectResult, Ending, Outcome, Started};

/// Walks along a journal.
#[derive(Clone, Debug)]
pub struct Cursor {
    history: History,
    /// INVARIANT: as many as there are steps; whether the run has come to them.
    done: Vec<bool>,
    /// The step that the run must come to next. Those before it that it has not come to it may come to, or leave out.
    next: usize,
    /// What each query was started with, and the page that comes next.
    queries: BTreeMap<u32, (Digest, u32)>,
    /// Lines of the log that the run has written.
    log_lines: usize,
    diverged: Option<Box<Divergence>>,
}

impl Cursor {
    /// Before the first question.
    pub fn new(history: History) -> Self {
        let done = vec![false; history.steps.len()];
        Self { history, done, next: 0, queries: BTreeMap::new(), log_lines: 0, diverged: None }
    }

    /// The journal.
    pub fn history(&self) -> &History {
        &self.history
    }

    /// Whether the journal has nothing more that the run must come to.
    pub fn is_past_end(&self) -> bool {
        self.next == self.done.len()
    }

    /// Compares what the run is about to be executed with to what it is pinned to.
    pub fn begin(&mut self, with: &Started) -> Result<(), Box<Divergence>> {
        let pinned = &self.history.started;
        if pinned == with {
            return Ok(());
        }
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
        let Some(Step::Read(ReadStep { answer, .. })) = self.history.steps.get_mut(position) else {
            return ReadAnswer::Live(Pending { query, page, arguments });
        };
        // Each page is asked for once, so its rows need not be kept.
        let recorded = std::mem::replace(answer, Ok(Vec::new()));
        self.pass(position, false);
        ReadAnswer::Replayed(recorded)
    }

    /// The run writes a line of its log. Gives whether the journal does not have it yet: it is to be recorded then.
    pub fn log(&mut self) -> bool {
        self.log_lines += 1;
        self.log_lines > self.history.log_lines
    }

    /// The run calls an action. Calls of a batch are asked for one by one, as whether a call is made at all may depend
    /// on what became of the one before it.
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

    /// The results to record when the run ends, or is failed, without having come to these effects again: each was
    /// begun, and nobody will ever know or try. What may still be sent again stays open, for a person's retry.
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
        let known = self.history.positions.get(asked).copied();
        let left_out = known.filter(|position| *position < self.next && self.done.get(*position) == Some(&false));
        // A question that was answered is not asked again: its effect would happen twice.
        let position = left_out.or((!self.is_past_end()).then_some(self.next)).or(known);
        let Some(position) = position else { return Ok(None) };
        let is_open = self.done.get(position) == Some(&false);
        match self.history.steps.get(position).map(Step::moment) {
            Some(expected) if expected == *found && is_open => Ok(Some(position)),
            Some(expected) => Err(self.diverge(expected, found.clone())),
            None => Ok(None),
        }
    }

    /// The run has come past a step; `fresh`: with an answer that the journal does not have.
    fn pass(&mut self, position: usize, fresh: bool) {
        if let Some(done) = self.done.get_mut(position) {
            *done = true;
        }
        let left_out = match self.history.steps.get(position) {
            _ if fresh => self.done.len(),
            Some(step) => step.leaves_out_to(),
            None => 0,
        };
        self.next = self.next.max(position + 1).max(left_out);
    }

    /// The run stops asking.
    fn leave(&mut self, found: Moment) -> Result<(), Box<Divergence>> {
        if let Some(divergence) = &self.diverged {
            return Err(divergence.clone());
        }
        match self.history.steps.get(self.next) {
            Some(step) => Err(self.diverge(step.moment(), found)),
            None => Ok(()),
        }
    }

    /// Once it has diverged, a run gets no other answer.
    fn diverge(&mut self, expected: Moment, found: Moment) -> Box<Divergence> {
        self.diverged.get_or_insert_with(|| Box::new(Divergence { expected, found })).clone()
    }
}
