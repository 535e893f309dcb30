//! What a guest asked while it was replayed.

use alcove_ids::EffectId;
use alcove_journal::entry::{Effect, Ending, Log};
use alcove_plan::{codec::Outcome, envelope::Digest, failure::Failure, value::Value};

/// What a guest asked, in order, and what it was answered.
#[derive(Clone, Debug, Default)]
pub(crate) struct Transcript {
    /// Queries.
    pub(crate) reads: Vec<Read>,
    /// Calls that were performed or failed, and the approval that it waits for.
    pub(crate) calls: Vec<Called>,
    /// Lines of its log.
    pub(crate) lines: Vec<Log>,
    /// How it ended by itself, if it did.
    pub(crate) ending: Option<Ending>,
}

/// A query that was started.
#[derive(Clone, Debug)]
pub(crate) struct Read {
    /// The position among the plan's queries.
    pub(crate) query: u32,
    /// The digest of what it was started with.
    pub(crate) arguments: Digest,
    /// The pages that were read.
    pub(crate) pages: Vec<Result<Vec<u8>, Failure>>,
}

/// A call.
#[derive(Clone, Debug)]
pub(crate) struct Called {
    /// Its identity.
    pub(crate) id: EffectId,
    /// The position among the plan's actions.
    pub(crate) action: u32,
    /// Indices of the loops around it.
    pub(crate) indices: Vec<u32>,
    /// What the journal knows it by.
    pub(crate) digest: Digest,
    /// Its parameters for the log.
    pub(crate) shown: Value,
    /// Its rendered parameters, or why it has none.
    pub(crate) params: Result<Value, Failure>,
    /// What became of it.
    pub(crate) outcome: Outcome,
}

impl Called {
    pub(crate) fn new(effect: Effect, params: Result<Value, Failure>, outcome: Outcome) -> Self {
        let Effect { id, action, indices, digest, shown } = effect;
        Self { id, action, indices, digest, shown, params, outcome }
    }
}
