//! Entries: what a journal is made of. One kind per file, each with its bytes, which `encoding.md` beside this crate's
//! manifest specifies; `record` frames them.

mod approval_requested;
mod decided;
pub(crate) mod effect;
mod finished;
mod intent;
mod left_out;
mod local_effects;
mod log;
mod outcome;
mod query_page;
mod record;
mod result;
mod retry;
mod started;
mod suspended;

#[cfg(test)]
pub(crate) mod tests;

pub use approval_requested::ApprovalRequested;
pub use decided::{Decided, Decision, Edit};
pub use effect::Effect;
pub use finished::{Ending, Finished, SkipReason};
pub use intent::Intent;
pub use left_out::LeftOut;
pub use local_effects::{LocalEffect, LocalEffects};
pub use log::{Log, LogLevel};
pub use outcome::Outcome;
pub use query_page::QueryPage;
pub use record::{Record, RecordError, RecordProblem, read_journal, write_journal};
pub use result::EffectResult;
pub use retry::{Asked, Retry, RetryOf};
pub use started::Started;
pub use suspended::{Suspended, Why};

/// One entry of a journal.
#[derive(Clone, Debug, PartialEq)]
pub enum Entry {
    /// The run has begun.
    Started(Started),
    /// A query was answered.
    QueryPage(QueryPage),
    /// An external effect is about to be sent.
    Intent(Intent),
    /// An external effect was settled.
    Result(EffectResult),
    /// Local effects were committed, in the transaction that wrote this.
    LocalEffects(LocalEffects),
    /// People were asked.
    ApprovalRequested(ApprovalRequested),
    /// People, or the time-out, have decided.
    Decided(Decided),
    /// The run waits, and nothing of it is in memory.
    Suspended(Suspended),
    /// Something that failed is tried again.
    Retry(Retry),
    /// The run is over.
    Finished(Finished),
    /// The run has said something.
    Log(Log),
    /// The run does not see all of its event.
    LeftOut(LeftOut),
}

impl Entry {
    /// The name that people see.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Started(_) => "started",
            Self::QueryPage(_) => "query page",
            Self::Intent(_) => "intent",
            Self::Result(_) => "result",
            Self::LocalEffects(_) => "local effects",
            Self::ApprovalRequested(_) => "approval requested",
            Self::Decided(_) => "decided",
            Self::Suspended(_) => "suspended",
            Self::Retry(_) => "retry",
            Self::Finished(_) => "finished",
            Self::Log(_) => "log",
            Self::LeftOut(_) => "left out",
        }
    }
}
