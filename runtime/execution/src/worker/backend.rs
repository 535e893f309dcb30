//! What stands behind the handles of a durable run.

use std::sync::{Arc, Mutex, PoisonError};

use alcove_host::{Backend, Call, Level};
use alcove_plan::{codec::Outcome, failure::Failure, value::Value};
use async_trait::async_trait;

use super::{halt::stopped, session::Session};

/// Where a session is found after its guest has ended.
#[derive(Clone, Default)]
pub(super) struct Returned(Arc<Mutex<Option<Box<Session>>>>);

impl Returned {
    /// Takes the session; `None`: the guest has not ended.
    pub(super) fn take(&self) -> Option<Box<Session>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// Answers a guest from its run's journal, and performs what the journal does not have. Ends with the guest, and leaves
/// its session behind.
pub(super) struct JournaledBackend {
    /// INVARIANT: there until `drop`.
    session: Option<Box<Session>>,
    returned: Returned,
}

impl JournaledBackend {
    pub(super) fn new(session: Box<Session>) -> (Self, Returned) {
        let returned = Returned::default();
        (Self { session: Some(session), returned: returned.clone() }, returned)
    }
}

impl Drop for JournaledBackend {
    fn drop(&mut self) {
        *self.returned.0.lock().unwrap_or_else(PoisonError::into_inner) = self.session.take();
    }
}

#[async_trait]
impl Backend for JournaledBackend {
    async fn start_query(&mut self, query: usize, arguments: Vec<Value>) -> Result<Vec<u8>, Failure> {
        match &mut self.session {
            Some(session) => session.start_query(query, arguments).await,
            None => Err(stopped()),
        }
    }

    async fn next_page(&mut self, query: usize) -> Result<Vec<u8>, Failure> {
        match &mut self.session {
            Some(session) => session.next_page(query).await,
            None => Err(stopped()),
        }
    }

    async fn perform(&mut self, calls: Vec<Call>) -> Vec<Outcome> {
        match &mut self.session {
            Some(session) => session.perform(calls).await,
            None => vec![Outcome::Failed(stopped()); calls.len()],
        }
    }

    fn log(&mut self, level: Level, place: u32, message: &str) {
        if let Some(session) = &mut self.session {
            session.log(level, place, message);
        }
    }
}
