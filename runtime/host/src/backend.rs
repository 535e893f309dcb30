//! What stands behind the handles: the platform.

use alcove_plan::{codec::Outcome, failure::Failure, value::Value};
use async_trait::async_trait;

/// Performs what the host has checked. It knows the tenant, the plan and the journal; the host and the guest do not.
///
/// Everything that arrives here is within the plan: indices of queries and actions exist, the number and the types of
/// values fit the holes, loop indices fit the loops, a query is started once and pages are asked for in order.
/// One query is read at a time: after another was started, or effects performed, its pages are not asked for any more.
///
/// A future may be dropped where it waits: at the end of the wall clock, or when the run is cancelled. After that
/// no further call is made. What an interrupted call may have done is for the implementation to know.
#[async_trait]
pub trait Backend: Send + 'static {
    /// Starts a query and gives its first page, a *page* message (`wit/encoding.md`).
    async fn start_query(&mut self, query: usize, arguments: Vec<Value>) -> Result<Vec<u8>, Failure>;

    /// Gives the next page of a query whose last page was not yet given.
    async fn next_page(&mut self, query: usize) -> Result<Vec<u8>, Failure>;

    /// Performs calls in order; one outcome for each.
    ///
    /// When a call fails with a code that stops the run, or is suspended, all calls after it are not performed. After
    /// any other failure those calls after it are not performed whose first `recover_depth` indices (of the failed
    /// call's action) are the same; with 0 all of them.
    async fn perform(&mut self, calls: Vec<Call>) -> Vec<Outcome>;

    /// Adds an entry to the run's log. `place` is what the guest says: it may be out of range.
    fn log(&mut self, level: Level, place: u32, message: &str);
}

/// One call of an action.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// Which action of the plan.
    pub action: usize,
    /// Indices of the loops around it, outermost first.
    pub indices: Vec<u32>,
    /// One value for each hole, of the hole's type.
    pub values: Vec<Value>,
}

/// How much a reader of the log should care.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Progress.
    Info,
    /// The run went on, but a person may want to know.
    Warning,
    /// Something failed.
    Error,
}
