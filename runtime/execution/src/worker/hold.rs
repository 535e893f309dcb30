//! A worker's hold on its run: what every commit of the run goes through, one after the other.

use std::sync::Arc;

use alcove_journal::{
    effects::Batch,
    entry::Record,
    transition::{Run, Token},
};
use alcove_plan::{codec::Outcome, settings::OnQuotaExceeded};
use alcove_platform::{EffectCall, Scope};
use alcove_store::tables::reservations;
use tokio::sync::Mutex;

use super::{called::Called, halt::Halt};
use crate::{
    commit::{Accept, Answer, Barrier, CommitError, Committer, End, FIRST_TOKEN, RunRef, Unit},
    quota::{Exceeded, Settlement, Spending, Want},
};

/// The hold on one run. Whoever commits locks it, so that a commit which nobody waits for any more is over before the
/// next one begins.
pub(super) type SharedHold = Arc<Mutex<Hold>>;

/// The hold on one run.
pub(super) struct Hold {
    committer: Committer,
    scope: Scope,
    token: Token,
    /// What the app wants where a quota is used up.
    reaction: OnQuotaExceeded,
    /// The acceptance, as long as it is not durable: the first commit brings it along.
    accept: Option<Box<Accept>>,
    /// The start, as long as it is not durable; nothing afterwards.
    opening: Vec<Record>,
    /// Why there is no such run after all.
    refusal: Option<Refusal>,
    /// Requests that the next commit brings to the log.
    called: Called,
}

/// Why a run that was to be accepted with its first commit was not.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// It was accepted before, or matched with apps that have changed.
    Answer(Answer),
    /// The commit failed. Whether the run was accepted is known as far as the error says.
    Error(CommitError),
}

/// What is to become durable.
#[derive(Debug, Default)]
pub(super) struct Durable {
    /// What the journal gets before the entries of the batch.
    pub(super) records: Vec<Record>,
    /// Reads and local effects.
    pub(super) batch: Option<Batch<EffectCall>>,
    /// What the journal gets after them, if all effects of the batch were performed.
    pub(super) then: Vec<Record>,
    /// Why the worker lets go of the run; held back like `then`.
    pub(super) end: Option<End>,
    /// What the external effect needs whose intent is among `then`.
    pub(super) wants: Vec<Want>,
    /// What effects that are settled had reserved, and have used.
    pub(super) settled: Vec<Settlement>,
}

/// What is durable now.
#[derive(Debug)]
pub(super) struct Committed {
    /// What became of each effect of the batch.
    pub(super) outcomes: Vec<Outcome>,
    /// The run, if the worker has let go of it.
    pub(super) state: Option<Run>,
    /// What the external effect has reserved.
    pub(super) reserved: Vec<reservations::Row>,
    /// The quota that held something back.
    pub(super) refused: Option<Exceeded>,
}

impl Hold {
    /// The hold on a run that this node has.
    pub(super) fn leased(committer: Committer, scope: Scope, token: Token, reaction: OnQuotaExceeded) -> SharedHold {
        let (accept, opening, refusal) = (None, Vec::new(), None);
        let called = Called::new(scope.tenant.clone(), scope.execution.clone(), token);
        Arc::new(Mutex::new(Self { committer, scope, token, reaction, accept, opening, refusal, called }))
    }

    /// The hold on a run that nobody has accepted yet.
    pub(super) fn direct(
        committer: Committer,
        scope: Scope,
        accept: Box<Accept>,
        opening: Vec<Record>,
        reaction: OnQuotaExceeded,
    ) -> SharedHold {
        let (accept, token, refusal) = (Some(accept), FIRST_TOKEN, None);
        let called = Called::new(scope.tenant.clone(), scope.execution.clone(), token);
        Arc::new(Mutex::new(Self { committer, scope, token, reaction, accept, opening, refusal, called }))
    }

    /// The start is not durable: the next commit brings it along.
    pub(super) fn open(&mut self, opening: Vec<Record>) {
        self.opening = opening;
    }

    /// What each commit of the run shows.
    pub(super) fn token(&self) -> Token {
        self.token
    }

    /// Whether the run is there for others to see.
    pub(super) fn is_accepted(&self) -> bool {
        self.accept.is_none()
    }

    /// Where requests of the run are told.
    pub(super) fn called(&self) -> Called {
        self.called.clone()
    }

    /// Takes why there is no such run.
    pub(super) fn take_refusal(&mut self) -> Option<Refusal> {
        self.refusal.take()
    }

    /// Makes it durable.
    pub(super) async fn commit(&mut self, durable: Durable) -> Result<Committed, Halt> {
        if self.refusal.is_some() {
            return Err(Halt::Refused);
        }
        let (run, is_first) = match self.accept.take() {
            Some(accept) => (RunRef::Direct(accept), true),
            None => (RunRef::Leased { token: self.token }, false),
        };
        let Durable { records, batch, then, end, wants, settled } = durable;
        let mut opened = std::mem::take(&mut self.opening);
        opened.extend(records);
        let records = opened;
        let spending = Spending { reaction: self.reaction, wants, settled };
        let called = self.called.take();
        let barrier = Barrier { run, scope: self.scope.clone(), records, batch, then, end, called, spending };
        match self.committer.submit(Unit::Barrier(Box::new(barrier))).await {
            Ok(Answer::Done { outcomes, state, reserved, refused }) => {
                Ok(Committed { outcomes, state, reserved, refused })
            }
            Ok(Answer::Fenced) => Err(Halt::Lost),
            Ok(answer) => Err(self.refused(is_first, Refusal::Answer(answer))),
            Err(error) if is_first => Err(self.refused(true, Refusal::Error(error))),
            Err(error) => Err(Halt::Uncommitted(error)),
        }
    }

    fn refused(&mut self, is_first: bool, refusal: Refusal) -> Halt {
        if !is_first {
            return Halt::defect("the committer gave a barrier the answer to something else");
        }
        self.refusal = Some(refusal);
        Halt::Refused
    }
}

impl Committed {
    /// Whether a run that was told of the first `told` effects that they were performed has gone on by a wrong answer.
    pub(super) fn misled(&self, told: usize) -> bool {
        self.outcomes.iter().take(told).any(|outcome| !matches!(outcome, Outcome::Performed(_)))
    }

    /// Whether nothing was held back.
    pub(super) fn is_whole(&self) -> bool {
        !self.misled(self.outcomes.len()) && self.refused.is_none()
    }
}
