//! What is committed together or not at all, and what its submitter is told.

use alcove_ids::{AppId, ExecutionId, TenantId};
use alcove_journal::{
    effects::Batch,
    entry::Record,
    transition::{Event, Run, Token},
};
use alcove_plan::codec::Outcome;
use alcove_platform::{EffectCall, Scope};
use alcove_store::{
    Statement,
    tables::{egress_log, events, executions, reservations, timers},
};

use crate::{
    ingest::Settled,
    quota::{Exceeded, Spending},
};

/// One thing to commit.
#[derive(Debug)]
pub(crate) enum Unit {
    /// An event, or a request, with the runs and timers that follow from it.
    Accept(Box<Accept>),
    /// A worker takes a run.
    Claim(Claim),
    /// A run makes durable what it did, or ends.
    Barrier(Box<Barrier>),
}

/// An event, or a request, with everything that follows from it.
#[derive(Clone, Debug)]
pub(crate) struct Accept {
    pub(crate) tenant: TenantId,
    /// The generation of the tenant's apps that the event was matched with; `None`: nothing was matched, as for a run
    /// that a person starts.
    pub(crate) generation: Option<u64>,
    /// The event; `None`: a request.
    pub(crate) event: Option<events::Row>,
    /// Runs to put into the queue. Those that exist already are left as they are.
    pub(crate) runs: Vec<executions::Row>,
    /// Delays that begin now.
    pub(crate) timers: Vec<timers::Row>,
    /// What is written beside the event, if it is new: a row of the platform that it tells of. Rare, and so a statement
    /// of its own.
    pub(crate) with: Option<Statement>,
}

/// A worker takes a run from the queue.
#[derive(Clone, Debug)]
pub(crate) struct Claim {
    pub(crate) tenant: TenantId,
    pub(crate) app: AppId,
    pub(crate) execution: ExecutionId,
    /// Whether the run needs the app's lock.
    pub(crate) lock: bool,
}

/// A run that this node has, until its end or until the node is given up for dead.
#[derive(Clone, Debug)]
pub(crate) struct Lease {
    /// What each commit of the run must show.
    pub(crate) token: Token,
    /// The execution, as it is now.
    pub(crate) row: executions::Row,
    /// Everything that it did before.
    pub(crate) journal: Vec<Record>,
}

/// What a run did since its last commit.
#[derive(Debug)]
pub(crate) struct Barrier {
    pub(crate) run: RunRef,
    /// For whom its effects are performed.
    pub(crate) scope: Scope,
    /// What the journal gets before the entries of the batch.
    pub(crate) records: Vec<Record>,
    /// Reads and local effects.
    pub(crate) batch: Option<Batch<EffectCall>>,
    /// What the journal gets after the entries of the batch, such as an intent, if every effect of it was performed.
    /// Otherwise the run has gone on by a wrong answer ([`misled`](alcove_journal::effects::Settled::misled)), and what
    /// it came to is not recorded.
    pub(crate) then: Vec<Record>,
    /// Why the worker lets go of the run, if it does; held back like `then` if an effect of the batch was not
    /// performed.
    pub(crate) end: Option<End>,
    /// Requests that it has sent, for the log; nothing holds them back.
    pub(crate) called: Vec<egress_log::Row>,
    /// What it has to do with the tenant's quotas.
    pub(crate) spending: Spending,
}

/// Whose barrier it is.
#[derive(Debug)]
pub(crate) enum RunRef {
    /// A run that a worker has.
    Leased {
        /// What it shows.
        token: Token,
    },
    /// A run that was not accepted before: this commit accepts it, with [`FIRST_TOKEN`].
    Direct(Box<Accept>),
}

/// The token of a run that was never queued.
pub(crate) const FIRST_TOKEN: Token = Token(1);

/// A worker lets go of a run.
#[derive(Clone, Debug)]
pub(crate) struct End {
    /// What happened: [`Event::Finished`], `Skipped`, `Failed`, `Suspended` or `Yielded`.
    pub(crate) event: Event,
    /// What the execution's row says of it.
    pub(crate) summary: Summary,
    /// What people are asked, if the run waits for them.
    pub(crate) question: Option<Question>,
}

/// What the row of an execution says about what it did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Summary {
    /// What the plan gave back, as JSON.
    pub(crate) result: Option<String>,
    /// Why it failed, as JSON: `code`, `path`, `message`, `limit`.
    pub(crate) error: Option<String>,
    /// What it used, as JSON.
    pub(crate) usage: Option<String>,
    /// Effects that were performed so far.
    pub(crate) items: u64,
}

/// What approvers see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Question {
    pub(crate) title: String,
    pub(crate) message: String,
    /// What the run would do next, as JSON.
    pub(crate) preview: String,
}

/// What became of a unit. Whatever it says is durable.
#[derive(Debug)]
pub(crate) enum Answer {
    /// The event and its runs are there; these runs were not there before.
    Accepted {
        /// In the order in which they were given.
        new: Vec<ExecutionId>,
        /// Those of them for which a quota left no room: left out, or put off.
        settled: Vec<Settled>,
    },
    /// A quota leaves no room for the run. Nothing was changed.
    OverQuota(Exceeded),
    /// An event of this source and id was accepted before. Nothing was changed.
    Duplicate {
        /// Whether it was the same event in all its parts.
        same_body: bool,
    },
    /// The tenant's apps have changed since the event was matched: match again. Nothing was changed.
    StaleIndex,
    /// The worker has the run.
    Claimed(Box<Lease>),
    /// Another run of the app has its lock. Nothing was changed.
    Locked,
    /// The run is not in the queue any more. Nothing was changed.
    Gone,
    /// The barrier is durable.
    Done {
        /// What became of each effect of the batch.
        outcomes: Vec<Outcome>,
        /// The run, if the worker has let go of it.
        state: Option<Run>,
        /// What was reserved for the external effect whose intent is durable now.
        reserved: Vec<reservations::Row>,
        /// The quota that held something back: the intent, or the first of the effects that were not performed.
        refused: Option<Exceeded>,
    },
    /// The worker has lost the run. Nothing was changed.
    Fenced,
}

/// Why a unit was not committed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CommitError {
    /// The engine is shutting down.
    #[error("the engine is shutting down")]
    Closed,
    /// The database does not answer. Whether the unit was committed is not known.
    #[error("the database is not available: {0}")]
    Unavailable(String),
    /// A defect: the database refuses what should fit. Nothing of the unit was changed.
    #[error("the database refuses the commit: {0}")]
    Refused(String),
    /// A defect: what is stored, or was submitted, contradicts itself. Nothing of the unit was changed.
    #[error("{0}")]
    Defect(String),
}

impl Barrier {
    /// Its effects, in order.
    pub(crate) fn calls(&self) -> &[EffectCall] {
        self.batch.as_ref().map_or(&[], Batch::calls)
    }
}

impl Unit {
    /// Whose unit it is.
    pub(crate) fn tenant(&self) -> &TenantId {
        match self {
            Self::Accept(accept) => &accept.tenant,
            Self::Claim(claim) => &claim.tenant,
            Self::Barrier(barrier) => &barrier.scope.tenant,
        }
    }
}
