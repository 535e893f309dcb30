//! The platform behind the handles: it does nothing, and remembers everything that reached it.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use alcove_host::{Backend, Call, Level};
use alcove_plan::{
    codec::{Outcome, PageWriter},
    failure::Failure,
    value::Value,
};
use async_trait::async_trait;

/// What reached the platform.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Seen {
    Start(usize, Vec<Value>),
    Next(usize),
    Perform(Vec<Call>),
    Log(Level, u32, String),
}

/// What the platform answers, and what it saw.
#[derive(Clone)]
pub(crate) struct Platform {
    /// Rows of each page; after the last of them the query is over.
    pub(crate) pages: Vec<u32>,
    /// What becomes of a call.
    pub(crate) outcome: fn(&Call) -> Outcome,
    /// How long each answer takes.
    pub(crate) delay: Duration,
    pub(crate) seen: Arc<Mutex<Vec<Seen>>>,
    pub(crate) pages_given: usize,
}

impl Platform {
    pub(crate) fn new() -> Self {
        Self {
            pages: vec![1],
            outcome: |_| Outcome::Performed(Vec::new()),
            delay: Duration::ZERO,
            seen: Arc::default(),
            pages_given: 0,
        }
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    /// Calls that were to be performed, in order.
    pub(crate) fn performed(&self) -> Vec<Call> {
        let batches = self.seen().into_iter().filter_map(|seen| match seen {
            Seen::Perform(calls) => Some(calls),
            _ => None,
        });
        batches.flatten().collect()
    }

    async fn answer(&self, seen: Seen) {
        self.seen.lock().unwrap().push(seen);
        if !self.delay.is_zero() {
            tokio::time::sleep(self.delay).await;
        }
    }

    fn page(&mut self) -> Vec<u8> {
        let mut page = PageWriter::new();
        for _ in 0..self.pages.get(self.pages_given).copied().unwrap_or(0) {
            page.row([&Value::Null]);
        }
        self.pages_given += 1;
        page.finish(self.pages_given >= self.pages.len(), false)
    }
}

#[async_trait]
impl Backend for Platform {
    async fn start_query(&mut self, query: usize, arguments: Vec<Value>) -> Result<Vec<u8>, Failure> {
        self.answer(Seen::Start(query, arguments)).await;
        Ok(self.page())
    }

    async fn next_page(&mut self, query: usize) -> Result<Vec<u8>, Failure> {
        self.answer(Seen::Next(query)).await;
        Ok(self.page())
    }

    async fn perform(&mut self, calls: Vec<Call>) -> Vec<Outcome> {
        self.answer(Seen::Perform(calls.clone())).await;
        calls.iter().map(self.outcome).collect()
    }

    fn log(&mut self, level: Level, place: u32, message: &str) {
        self.seen.lock().unwrap().push(Seen::Log(level, place, message.to_owned()));
    }
}
