//! Which units of a batch win, by what the database says.

use alcove_journal::{
    effects::Settled,
    entry::{Record, read_journal},
    transition::{Event, Run, State, Token},
};
use alcove_plan::codec::Outcome;
use alcove_store::tables::{executions::Held, reservations};

use super::{
    ask::{Facts, key_of},
    unit::{Accept, Answer, Barrier, Claim, CommitError, FIRST_TOKEN, RunRef, Unit},
};
use crate::{quota::Exceeded, transition::Circumstances};

/// A unit that is written.
#[derive(Debug)]
pub(super) enum Won<'u> {
    Accept(&'u Accept),
    Claim(WonClaim<'u>),
    Barrier(Box<WonBarrier<'u>>),
}

#[derive(Debug)]
pub(super) struct WonClaim<'u> {
    pub(super) claim: &'u Claim,
    /// The token that the run had.
    pub(super) token: u64,
    /// The run, leased.
    pub(super) run: Run,
    pub(super) journal: Vec<Record>,
}

#[derive(Debug)]
pub(super) struct WonBarrier<'u> {
    pub(super) barrier: &'u Barrier,
    /// The run as its worker has it.
    pub(super) run: Run,
    /// What is stored of it; `None`: nothing yet.
    pub(super) held: Option<&'u Held>,
    /// What its batch came to.
    pub(super) settled: Settled,
    /// Where its journal goes on.
    pub(super) seq: u32,
    /// What its external effect has reserved.
    pub(super) reserved: Vec<reservations::Row>,
    /// The quota that holds something of it back.
    pub(super) refused: Option<Exceeded>,
}

/// A unit that is not.
#[derive(Debug)]
pub(super) struct Lost {
    pub(super) answer: Box<Result<Answer, CommitError>>,
    /// Whether the transaction has something of it already.
    pub(super) left_traces: bool,
}

impl Lost {
    pub(super) fn new(answer: Answer, left_traces: bool) -> Self {
        Self { answer: Box::new(Ok(answer)), left_traces }
    }

    #[expect(clippy::needless_pass_by_value, reason = "a text or an error, whatever the caller has")]
    fn defect(what: impl ToString) -> Self {
        Self { answer: Box::new(Err(CommitError::Defect(what.to_string()))), left_traces: true }
    }
}

/// What the judge goes by.
#[derive(Clone, Copy)]
pub(super) struct Judge<'f> {
    pub(super) facts: &'f Facts,
    pub(super) now_us: i64,
    /// Whether tokens count: they do, unless a defect is planted.
    pub(super) fences: bool,
}

impl<'f> Judge<'f> {
    /// Whether a unit wins; `outcomes`: what its calls came to.
    pub(super) fn judge<'u>(self, unit: &'u Unit, outcomes: Vec<Outcome>) -> Result<Won<'u>, Lost>
    where
        'f: 'u,
    {
        match unit {
            Unit::Accept(accept) => self.accept(accept, false).map(|()| Won::Accept(accept)),
            Unit::Claim(claim) => self.claim(claim).map(Won::Claim),
            Unit::Barrier(barrier) => self.barrier(barrier, outcomes).map(|barrier| Won::Barrier(Box::new(barrier))),
        }
    }

    /// An event is accepted if it is new, and was matched with the apps that there are. `has_effects`: something of the
    /// unit is there beside its event.
    fn accept(self, accept: &Accept, has_effects: bool) -> Result<(), Lost> {
        let key = accept.event.as_ref().map(|event| (event, event.key()));
        let is_new = key.as_ref().is_none_or(|(_, key)| self.facts.accepted.contains(key));
        if let (false, Some((event, key))) = (is_new, key) {
            let same_body = self.facts.digests.get(&key).is_some_and(|digest| *digest == event.digest);
            return Err(Lost::new(Answer::Duplicate { same_body }, has_effects));
        }
        let generation = self.facts.generations.get(&accept.tenant).copied().unwrap_or_default();
        if accept.generation.is_some_and(|matched| matched != generation) {
            return Err(Lost::new(Answer::StaleIndex, true));
        }
        Ok(())
    }

    fn claim(self, claim: &Claim) -> Result<WonClaim<'_>, Lost> {
        let has_lock = claim.lock && self.facts.locks.contains(&claim.row());
        let gone = Lost::new(Answer::Gone, has_lock);
        let held = self.facts.held.get(&claim.key()).filter(|_| self.facts.is_alive);
        let Some(held) = held else { return Err(gone) };
        let run = Run::decode(&held.run).map_err(Lost::defect)?;
        if run.state != State::Queued {
            return Err(gone);
        }
        if claim.lock && !has_lock {
            return Err(Lost::new(Answer::Locked, false));
        }
        let token = Token(held.token.saturating_add(1));
        let circumstances = Circumstances::none(self.now_us);
        let leased = run.on(Event::Leased { token }, &circumstances.context()).map_err(Lost::defect)?;
        let bytes = self.facts.journals.get(&claim.key()).map_or(&[][..], Vec::as_slice);
        let journal = read_journal(bytes).map_err(Lost::defect)?;
        Ok(WonClaim { claim, token: held.token, run: leased.run, journal })
    }

    fn barrier<'u>(self, barrier: &'u Barrier, outcomes: Vec<Outcome>) -> Result<WonBarrier<'u>, Lost>
    where
        'f: 'u,
    {
        let has_effects = !barrier.calls().is_empty();
        let (run, held, seq) = match &barrier.run {
            RunRef::Leased { token } => {
                let fenced = || Lost::new(Answer::Fenced, has_effects);
                let key = key_of(barrier);
                let held = self.facts.held.get(&key).ok_or_else(fenced)?;
                let mut run = Run::decode(&held.run).map_err(Lost::defect)?;
                if !self.fences {
                    run.state = State::Running { token: *token, cancelling: None };
                }
                let is_mine = matches!(&run.state, State::Running { token: holds, .. } if holds == token);
                if !is_mine || (self.fences && !self.facts.is_alive) {
                    return Err(fenced());
                }
                (run, Some(held), self.facts.next_seq.get(&key).copied().unwrap_or_default())
            }
            RunRef::Direct(accept) => {
                self.accept(accept, has_effects)?;
                if barrier.end.is_none() && !self.facts.is_alive {
                    return Err(Lost::new(Answer::Fenced, true));
                }
                let state = State::Running { token: FIRST_TOKEN, cancelling: None };
                (Run { state, ..Run::queued() }, None, 0)
            }
        };
        let settled = match &barrier.batch {
            Some(batch) => batch.clone().settle(self.now_us, outcomes).map_err(Lost::defect)?,
            None => Settled { records: Vec::new(), outcomes: Vec::new() },
        };
        Ok(WonBarrier { barrier, run, held, settled, seq, reserved: Vec::new(), refused: None })
    }
}
