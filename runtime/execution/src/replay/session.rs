//! One execution of a guest against a journal: each question is answered from it, or stops the guest.

use std::sync::Arc;

use alcove_host::{Call, Level};
use alcove_journal::{
    cursor::{Cursor, Divergence, EffectAnswer, Moment, ReadAnswer},
    digest_of_arguments,
    entry::Ending,
};
use alcove_plan::{codec::Outcome, envelope::Digest, failure::Failure, value::Value};
use alcove_platform::EffectCall;

use super::{
    Difference, Stopped,
    difference::{pointer, words},
    lines::{self, Lines},
    transcript::{Called, Read, Transcript},
};
use crate::{
    LoadedPlan,
    rerun::Rerun,
    worker::{Calls, stopped},
};

/// What stands for all digests of a journal whose values were changed: see [`Comparison::Course`].
pub(crate) const NO_DIGEST: Digest = Digest([0; 32]);

/// What is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Comparison {
    /// Everything that the journal has.
    Exact,
    /// The course that the run takes: its questions, their places and their order. All digests of the journal are
    /// [`NO_DIGEST`], and its lines and its ending are not looked at.
    Course,
}

/// Why the guest was stopped.
#[derive(Clone, Debug)]
pub(super) enum Stop {
    /// It does not do what the journal says.
    Diverged(Difference),
    /// It asks what the journal does not have.
    JournalEnds(Stopped),
}

/// One execution of a guest against a journal.
pub(super) struct Session {
    pub(super) plan: Arc<LoadedPlan>,
    pub(super) calls: Calls,
    pub(super) cursor: Cursor,
    pub(super) lines: Lines,
    pub(super) comparison: Comparison,
    pub(super) transcript: Transcript,
    pub(super) effects: u64,
    pub(super) reads: u64,
    pub(super) stop: Option<Stop>,
}

impl Rerun for Session {
    fn start_query(&mut self, query: u32, arguments: &[Value]) -> Result<Vec<u8>, Failure> {
        if self.stop.is_some() {
            return Err(stopped());
        }
        let arguments = digest_of_arguments(arguments);
        self.transcript.reads.push(Read { query, arguments, pages: Vec::new() });
        let answer = self.cursor.start_query(query, self.compared(arguments));
        self.answer_read(answer)
    }

    fn next_page(&mut self, query: u32) -> Result<Vec<u8>, Failure> {
        if self.stop.is_some() {
            return Err(stopped());
        }
        let answer = self.cursor.next_page(query);
        self.answer_read(answer)
    }

    fn prepare(&self, call: Call) -> Result<(u32, EffectCall), Failure> {
        if self.stop.is_some() { Err(stopped()) } else { self.calls.prepare(call) }
    }

    fn answer(&mut self, place: u32, call: &EffectCall) -> Outcome {
        if self.stop.is_some() {
            return Outcome::NotPerformed;
        }
        let params = call.action.rendered(&call.values);
        let effect = self.calls.effect(place, call, &params);
        let mut compared = effect.clone();
        compared.digest = self.compared(effect.digest);
        // Before every time that the journal names: what is to be tried again is not tried here.
        let why = match self.cursor.effect(&compared, i64::MIN) {
            EffectAnswer::Replayed(outcome) => {
                self.effects += u64::from(outcome != Outcome::Suspended);
                self.transcript.calls.push(Called::new(effect, params, outcome.clone()));
                return outcome;
            }
            EffectAnswer::Diverged(divergence) => return Outcome::Failed(self.diverge(&divergence)),
            EffectAnswer::Live { attempts: 0 } => "it was not performed",
            EffectAnswer::Live { .. } | EffectAnswer::NotBefore { .. } => "it waits for its next attempt",
            EffectAnswer::SendAgain { .. } | EffectAnswer::Unknown(_) => "it was begun, and has no result",
        };
        let found = Moment::Effect { action: place, indices: effect.indices, id: effect.id, digest: effect.digest };
        Outcome::Failed(self.unknown(&found, why))
    }

    /// Compares a line.
    fn log(&mut self, level: Level, place: u32, message: &str) {
        let line = lines::line(level, place, message);
        if self.comparison == Comparison::Exact && self.stop.is_none() {
            let ended = self.has_own_end();
            if let Err(difference) = self.lines.write(&self.plan.plan, &line, ended) {
                self.stop = Some(Stop::Diverged(difference));
            }
        }
        self.transcript.lines.push(line);
    }
}

impl Session {
    /// Whether the journal has the end that the run itself came to.
    pub(super) fn has_own_end(&self) -> bool {
        self.cursor.history().ending().is_some_and(|ending| !ending.comes_from_outside())
    }

    /// Notes that the run left its journal.
    pub(super) fn diverge(&mut self, divergence: &Divergence) -> Failure {
        let difference = Difference::of(&self.plan.plan, divergence);
        self.stop.get_or_insert(Stop::Diverged(difference));
        stopped()
    }

    fn answer_read(&mut self, answer: ReadAnswer) -> Result<Vec<u8>, Failure> {
        let answer = match answer {
            ReadAnswer::Replayed(answer) => answer,
            ReadAnswer::Diverged(divergence) => return Err(self.diverge(&divergence)),
            ReadAnswer::Live(pending) => {
                let (query, page) = (pending.query, pending.page);
                let started = self.transcript.reads.iter().rev().find(|read| read.query == query);
                let arguments = started.map_or(NO_DIGEST, |read| read.arguments);
                return Err(self.unknown(&Moment::Read { query, page, arguments }, "it was not read"));
            }
        };
        self.reads += 1;
        if let Some(read) = self.transcript.reads.last_mut() {
            read.pages.push(answer.clone());
        }
        answer
    }

    /// The run asks what the journal does not have: where the journal has its end, it must not.
    fn unknown(&mut self, found: &Moment, why: &str) -> Failure {
        let ending = self.cursor.history().ending().filter(|_| self.has_own_end()).map(Ending::to_string);
        if let Some(ending) = ending {
            let divergence = Divergence { expected: Moment::End { ending }, found: found.clone() };
            return self.diverge(&divergence);
        }
        let plan = &self.plan.plan;
        let at = Divergence { expected: Moment::Suspend, found: found.clone() };
        let place = pointer(plan, &at.place()).to_owned();
        let reason = format!("the journal ends before {}: {why}", words(plan, found));
        self.stop.get_or_insert(Stop::JournalEnds(Stopped { place, reason }));
        stopped()
    }

    fn compared(&self, digest: Digest) -> Digest {
        match self.comparison {
            Comparison::Exact => digest,
            Comparison::Course => NO_DIGEST,
        }
    }
}
