//! What stands behind the handles of a guest that is executed once more, to see what it asks: for replay, shadow runs
//! and the preview of an approval.
//!
//! Architecture invariant: a [`Rerun`] answers at once, from what is known; nothing is performed.

use std::sync::{Arc, Mutex, PoisonError};

use alcove_host::{Backend, Call, Level};
use alcove_plan::{codec::Outcome, failure::Failure, value::Value};
use alcove_platform::{Blocked, EffectCall};
use async_trait::async_trait;

use crate::worker::defect;

/// One execution whose questions are answered from what is known.
pub(crate) trait Rerun: Send + 'static {
    /// Starts a query and gives its first page.
    fn start_query(&mut self, query: u32, arguments: &[Value]) -> Result<Vec<u8>, Failure>;

    /// Gives the next page of a query.
    fn next_page(&mut self, query: u32) -> Result<Vec<u8>, Failure>;

    /// A call as an effect, and the position of its action. An error takes all calls along that were made with it.
    fn prepare(&self, call: Call) -> Result<(u32, EffectCall), Failure>;

    /// Answers a call.
    fn answer(&mut self, place: u32, call: &EffectCall) -> Outcome;

    /// Takes a line of the log.
    fn log(&mut self, level: Level, place: u32, message: &str);
}

/// A rerun that outlives its guest. Clones share it.
pub(crate) struct Kept<R>(Arc<Mutex<R>>);

impl<R: Rerun> Kept<R> {
    pub(crate) fn new(rerun: R) -> Self {
        Self(Arc::new(Mutex::new(rerun)))
    }

    /// What stands behind the guest's handles.
    pub(crate) fn backend(&self) -> Box<dyn Backend> {
        Box::new(Self(Arc::clone(&self.0)))
    }

    /// Looks at the rerun, or changes it.
    pub(crate) fn with<T>(&self, look: impl FnOnce(&mut R) -> T) -> T {
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[async_trait]
impl<R: Rerun> Backend for Kept<R> {
    async fn start_query(&mut self, query: usize, arguments: Vec<Value>) -> Result<Vec<u8>, Failure> {
        let query = position(query)?;
        self.with(|rerun| rerun.start_query(query, &arguments))
    }

    async fn next_page(&mut self, query: usize) -> Result<Vec<u8>, Failure> {
        let query = position(query)?;
        self.with(|rerun| rerun.next_page(query))
    }

    async fn perform(&mut self, calls: Vec<Call>) -> Vec<Outcome> {
        self.with(|rerun| perform(rerun, calls))
    }

    fn log(&mut self, level: Level, place: u32, message: &str) {
        self.with(|rerun| rerun.log(level, place, message));
    }
}

/// Answers calls in order; one outcome for each.
fn perform(rerun: &mut impl Rerun, calls: Vec<Call>) -> Vec<Outcome> {
    let count = calls.len();
    let prepared: Result<Vec<_>, Failure> = calls.into_iter().map(|call| rerun.prepare(call)).collect();
    let calls = match prepared {
        Ok(calls) => calls,
        Err(failure) => return vec![Outcome::Failed(failure); count],
    };
    let (mut outcomes, mut blocked) = (Vec::with_capacity(count), Blocked::default());
    for (place, call) in &calls {
        let outcome = if blocked.holds(call) { Outcome::NotPerformed } else { rerun.answer(*place, call) };
        blocked.note(call, &outcome);
        outcomes.push(outcome);
    }
    outcomes
}

fn position(query: usize) -> Result<u32, Failure> {
    u32::try_from(query).map_err(|_| defect("a call names no query of the plan"))
}
