//! Why records are not the journal of a run.

use alcove_ids::EffectId;

/// Why records are not the journal of a run.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("journal record {record}, {kind}: {problem}")]
pub struct HistoryError {
    /// Which record, from 0.
    pub record: usize,
    /// The name of its kind; `nothing` if there is none.
    pub kind: &'static str,
    /// What is wrong.
    pub problem: Contradiction,
}

/// How a record contradicts those before it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Contradiction {
    /// A journal begins with its start.
    #[error("the run has not started")]
    NotStarted,
    /// And starts once.
    #[error("the run has started before")]
    StartedTwice,
    /// After its end only a retry may come.
    #[error("the run has ended before")]
    Ended,
    /// What was answered is not asked.
    #[error("page {page} of query {query} has an answer already")]
    ReadTwice {
        /// Which query.
        query: u32,
        /// Which page.
        page: u32,
    },
    /// What is settled, or is in doubt and may not be repeated, is not begun.
    #[error("effect {id} was begun or settled before")]
    EffectTwice {
        /// Which.
        id: EffectId,
    },
    /// An id stands for one call.
    #[error("effect {id} is another call than before")]
    OtherCall {
        /// Which.
        id: EffectId,
    },
    /// A result follows its intent.
    #[error("effect {id} waits for no result")]
    NotBegun {
        /// Which.
        id: EffectId,
    },
    /// A decision follows its request, once.
    #[error("effect {id} waits for no decision")]
    NotAsked {
        /// Which.
        id: EffectId,
    },
    /// Only what failed is tried again.
    #[error("there is no failure to put aside")]
    NotFailed,
    /// An unknown outcome is not repeated blindly.
    #[error("the outcome of effect {id} is unknown, and only a person may have it repeated")]
    Unknown {
        /// Which.
        id: EffectId,
    },
}
