//! What stands behind the handles of a shadow run.

use std::sync::{Arc, Mutex, PoisonError};

use alcove_host::{Backend, Call, Level};
use alcove_plan::{codec::Outcome, failure::Failure, value::Value};
use async_trait::async_trait;

use super::session::Session;

/// A session that outlives its guest.
#[derive(Clone)]
pub(super) struct ShadowBackend(Arc<Mutex<Session>>);

impl ShadowBackend {
    pub(super) fn new(session: Session) -> Self {
        Self(Arc::new(Mutex::new(session)))
    }

    /// Looks at the session, or changes it.
    pub(super) fn with<T>(&self, look: impl FnOnce(&mut Session) -> T) -> T {
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[async_trait]
impl Backend for ShadowBackend {
    async fn start_query(&mut self, query: usize, arguments: Vec<Value>) -> Result<Vec<u8>, Failure> {
        self.with(|session| session.start_query(query, &arguments))
    }

    async fn next_page(&mut self, query: usize) -> Result<Vec<u8>, Failure> {
        self.with(|session| session.next_page(query))
    }

    async fn perform(&mut self, calls: Vec<Call>) -> Vec<Outcome> {
        self.with(|session| session.perform(calls))
    }

    /// What it says is not compared.
    fn log(&mut self, _: Level, _: u32, _: &str) {}
}
