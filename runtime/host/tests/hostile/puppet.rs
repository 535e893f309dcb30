//! Orders for the guest, and its report. The form of both is in `tests/guests/puppet.wat`.

use std::sync::OnceLock;

use alcove_host::{Runtime, RuntimeConfig, RuntimeError};
use alcove_plan::codec::BatchWriter;
use alcove_plan::value::Value;
use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

/// What the guest shall do.
#[derive(Clone, Default)]
pub(crate) struct Orders(Vec<u8>);

/// What the host answered to one call of the guest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// A message.
    Bytes(Vec<u8>),
    /// A failure: the position of its code, and its message.
    Failure(u8, String),
}

impl Orders {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    pub(crate) fn start(self, query: u32, arguments: &[u8]) -> Self {
        self.order(1, &[query]).bytes(arguments)
    }

    pub(crate) fn next(self, query: u32) -> Self {
        self.order(2, &[query])
    }

    pub(crate) fn perform(self, actions: &[u32], batch: &[u8]) -> Self {
        self.order(3, &[actions.len().try_into().unwrap()]).words(actions).bytes(batch)
    }

    /// Performs calls of one action: indices and values of each.
    pub(crate) fn calls(self, action: u32, calls: &[(&[u32], &[Value])]) -> Self {
        let mut batch = BatchWriter::new();
        for (indices, values) in calls {
            batch.call(0, indices, values);
        }
        self.perform(&[action], &batch.finish())
    }

    pub(crate) fn log(self, level: u32, place: u32, message: &str) -> Self {
        self.order(4, &[level, place]).bytes(message.as_bytes())
    }

    pub(crate) fn spin(self) -> Self {
        self.order(5, &[])
    }

    pub(crate) fn grow(self, pages: u32) -> Self {
        self.order(6, &[pages])
    }

    pub(crate) fn recurse(self) -> Self {
        self.order(7, &[])
    }

    pub(crate) fn trap(self) -> Self {
        self.order(8, &[])
    }

    pub(crate) fn drop_query(self, query: u32) -> Self {
        self.order(9, &[query])
    }

    pub(crate) fn start_made_up(self, handle: u32) -> Self {
        self.order(10, &[handle]).bytes(&[1])
    }

    pub(crate) fn perform_made_up(self, handles: &[u32], batch: &[u8]) -> Self {
        self.order(11, &[handles.len().try_into().unwrap()]).words(handles).bytes(batch)
    }

    pub(crate) fn repeat(self) -> Self {
        self.order(12, &[])
    }

    pub(crate) fn skipped(self) -> Self {
        self.order(13, &[])
    }

    pub(crate) fn waiting(self) -> Self {
        self.order(14, &[])
    }

    pub(crate) fn failed(self, code: u32, place: u32, message: &str) -> Self {
        self.order(15, &[code, place]).bytes(message.as_bytes())
    }

    pub(crate) fn start_with_memory(self, query: u32, at: u32, len: u32) -> Self {
        self.order(16, &[query, at, len])
    }

    pub(crate) fn report_memory(self, at: u32, len: u32) -> Self {
        self.order(17, &[at, len])
    }

    pub(crate) fn log_memory(self, at: u32, len: u32) -> Self {
        self.order(18, &[at, len])
    }

    pub(crate) fn into_input(self) -> Vec<u8> {
        self.0
    }

    fn order(mut self, order: u8, words: &[u32]) -> Self {
        self.0.push(order);
        self.words(words)
    }

    fn words(mut self, words: &[u32]) -> Self {
        for word in words {
            self.0.extend_from_slice(&word.to_le_bytes());
        }
        self
    }

    fn bytes(mut self, bytes: &[u8]) -> Self {
        self.0.extend_from_slice(&u32::try_from(bytes.len()).unwrap().to_le_bytes());
        self.0.extend_from_slice(bytes);
        self
    }
}

/// Reads the report.
pub(crate) fn answers(report: &[u8]) -> Vec<Answer> {
    let mut rest = report.iter().copied();
    let mut answers = Vec::new();
    while let Some(kind) = rest.next() {
        let code = if kind == 0 { None } else { rest.next() };
        let len: [u8; 4] = rest.by_ref().take(4).collect::<Vec<_>>().try_into().unwrap();
        let bytes: Vec<u8> = rest.by_ref().take(u32::from_le_bytes(len).try_into().unwrap()).collect();
        answers.push(match code {
            None => Answer::Bytes(bytes),
            Some(code) => Answer::Failure(code, String::from_utf8(bytes).unwrap()),
        });
    }
    answers
}

/// The sandbox with the puppet in it, one for all tests.
pub(crate) fn runtime() -> &'static Runtime {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| load(include_str!("../guests/puppet.wat")).unwrap())
}

/// Wraps a module into a component of the executor's world and loads it.
pub(crate) fn load(module: &str) -> Result<Runtime, RuntimeError> {
    Runtime::new(&component(module), &RuntimeConfig::embedded(None))
}

fn component(module: &str) -> Vec<u8> {
    let mut wit = Resolve::default();
    let (package, _) = wit.push_dir("../../wit/executor").unwrap();
    let world = wit.select_world(&[package], None).unwrap();
    let mut module = wat::parse_str(module).unwrap();
    embed_component_metadata(&mut module, &wit, world, StringEncoding::UTF8).unwrap();
    ComponentEncoder::default().validate(true).module(&module).unwrap().encode().unwrap()
}
