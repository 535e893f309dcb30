//! A host in memory: rows by query, outcomes by call. It keeps the rules of `wit/executor` for calls after a failure.

use std::collections::BTreeMap;

use alcove_plan::{
    codec::{BatchReader, Outcome, OutcomesWriter, PageWriter},
    failure::{Code, Failure},
    limits::BATCH_CALLS_MAX,
    value::{Value, to_text},
};

use super::builder::Builder;
use crate::{Host, Level, RunEnd, RunError, effects::Batching, run::run_batched};

pub(super) type Answer = Box<dyn Fn(&Performed) -> Outcome>;

/// One call as the host saw it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Performed {
    pub(super) action: u16,
    pub(super) indices: Vec<u32>,
    pub(super) values: Vec<Value>,
}

pub(super) struct Scripted {
    /// The number of values of each action, and its recovery depth.
    actions: Vec<(usize, usize)>,
    pub(super) rows: BTreeMap<u16, Vec<Vec<Value>>>,
    pub(super) page_rows: usize,
    pub(super) cut: bool,
    given: BTreeMap<u16, usize>,
    pub(super) answer: Answer,
    pub(super) performed: Vec<Performed>,
    pub(super) batches: usize,
    pub(super) pages: usize,
    pub(super) log: Vec<(Level, u32, String)>,
}

impl Scripted {
    pub(super) fn new(builder: &Builder) -> Self {
        Self {
            actions: builder.actions(),
            rows: BTreeMap::new(),
            page_rows: 100,
            cut: false,
            given: BTreeMap::new(),
            answer: Box::new(|_| Outcome::Performed(vec![Value::str("done")])),
            performed: Vec::new(),
            batches: 0,
            pages: 0,
            log: Vec::new(),
        }
    }

    pub(super) fn with_rows(mut self, query: u16, rows: impl IntoIterator<Item = Vec<Value>>) -> Self {
        self.rows.insert(query, rows.into_iter().collect());
        self
    }

    pub(super) fn run(&mut self, builder: &Builder, event: Value) -> Result<RunEnd, RunError> {
        self.run_batched(builder, event, Batching::DEFAULT)
    }

    pub(super) fn run_batched(
        &mut self,
        builder: &Builder,
        event: Value,
        batching: Batching,
    ) -> Result<RunEnd, RunError> {
        run_batched(&builder.bytes(), &super::builder::input(event).encode(), self, batching)
    }

    /// The calls as text: `action[indices](values)`.
    pub(super) fn calls(&self) -> Vec<String> {
        self.performed.iter().map(Performed::text).collect()
    }

    pub(super) fn messages(&self) -> Vec<&str> {
        self.log.iter().map(|(_, _, message)| message.as_str()).collect()
    }

    fn page(&mut self, query: u16) -> Vec<u8> {
        self.pages += 1;
        let from = *self.given.get(&query).unwrap();
        let rows = self.rows.get(&query).map(Vec::as_slice).unwrap_or_default();
        let to = rows.len().min(from + self.page_rows);
        let mut page = PageWriter::new();
        for row in &rows[from..to] {
            page.row(row);
        }
        self.given.insert(query, to);
        let last = to == rows.len();
        page.finish(last, last && self.cut)
    }
}

impl Performed {
    pub(super) fn text(&self) -> String {
        let mut values = String::new();
        for value in &self.values {
            to_text(value, &mut values);
            values.push(',');
        }
        format!("{}{:?}({})", self.action, self.indices, values.trim_end_matches(','))
    }
}

impl Host for Scripted {
    fn start_query(&mut self, query: u16, _: &[u8]) -> Result<Vec<u8>, Failure> {
        match self.given.insert(query, 0) {
            None => Ok(self.page(query)),
            Some(_) => Err(internal("a query is started once")),
        }
    }

    fn next_page(&mut self, query: u16) -> Result<Vec<u8>, Failure> {
        Ok(self.page(query))
    }

    fn perform(&mut self, actions: &[u16], batch: &[u8]) -> Result<Vec<u8>, Failure> {
        self.batches += 1;
        let mut reader = BatchReader::new(batch).map_err(internal)?;
        assert!(reader.calls_left() <= BATCH_CALLS_MAX);
        let mut outcomes = OutcomesWriter::new();
        let mut lost: Option<Vec<u32>> = None;
        let mut stopped = false;
        while let Some(header) = reader.next_call().map_err(internal)? {
            let action = actions[header.action as usize];
            let (values, recover_depth) = self.actions[usize::from(action)];
            let values = (0..values).map(|_| reader.value().map_err(internal)).collect::<Result<_, _>>()?;
            let call = Performed { action, indices: header.indices, values };
            if stopped || lost.as_ref().is_some_and(|scope| call.indices.starts_with(scope)) {
                outcomes.outcome(&Outcome::NotPerformed);
                continue;
            }
            let outcome = (self.answer)(&call);
            match &outcome {
                Outcome::Performed(_) => self.performed.push(call),
                Outcome::Failed(failure) => {
                    lost = Some(call.indices[..recover_depth].to_vec());
                    stopped = failure.code.stops_run();
                }
                _ => stopped = true,
            }
            outcomes.outcome(&outcome);
        }
        Ok(outcomes.finish())
    }

    fn log(&mut self, level: Level, place: u32, message: &str) {
        self.log.push((level, place, message.to_owned()));
    }
}

/// Fails the calls for which `which` holds; the others give null.
pub(super) fn fails(code: Code, which: impl Fn(&Performed) -> bool + 'static) -> Answer {
    Box::new(move |call| if which(call) { failed(code) } else { Outcome::Performed(vec![Value::Null]) })
}

pub(super) fn failed(code: Code) -> Outcome {
    Outcome::Failed(match code {
        Code::Limit | Code::Quota => Failure { code, ..Failure::limit("emails", 1, "too many") },
        _ => Failure::new(code, "it failed"),
    })
}

fn internal(message: impl ToString) -> Failure {
    Failure::new(Code::Internal, message)
}
