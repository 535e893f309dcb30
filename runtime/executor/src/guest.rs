//! The Wasm side: the world of `wit/executor` on one end, [`run`](crate::run) on the other. Nothing is decided here.

#[expect(unsafe_code, reason = "generated: the canonical ABI is written in raw pointers")]
mod bindings {
    wit_bindgen::generate!({ path: "../../wit/executor", world: "executor" });

    use super::Executor;
    export!(Executor);
}

use alcove_plan::failure::{CODES, Code, Failure, LimitHit};

use self::bindings::{
    Guest, Outcome, RunError as WireRunError,
    alcove::executor::{
        effects::{self, Action},
        failure::{self as wire},
        log,
        queries::Query,
    },
};
use crate::{Host, Level, RunEnd, run};

struct Executor;

impl Guest for Executor {
    fn run(
        plan: Vec<u8>,
        input: Vec<u8>,
        queries: Vec<Query>,
        actions: Vec<Option<Action>>,
    ) -> Result<Outcome, WireRunError> {
        match run(&plan, &input, &mut Handles { queries, actions }) {
            Ok(RunEnd::Succeeded(report)) => Ok(Outcome::Succeeded(report)),
            Ok(RunEnd::Skipped) => Ok(Outcome::Skipped),
            Ok(RunEnd::Waiting) => Ok(Outcome::Waiting),
            Err(error) => Err(WireRunError { failure: to_wire(error.failure), place: error.place }),
        }
    }
}

/// What the run may reach: all of it.
struct Handles {
    queries: Vec<Query>,
    actions: Vec<Option<Action>>,
}

impl Handles {
    fn query(&self, index: u16) -> Result<&Query, Failure> {
        self.queries.get(usize::from(index)).ok_or_else(|| Failure::new(Code::Internal, "a query without a handle"))
    }
}

impl Host for Handles {
    fn start_query(&mut self, query: u16, arguments: &[u8]) -> Result<Vec<u8>, Failure> {
        self.query(query)?.start(arguments).map_err(from_wire)
    }

    fn next_page(&mut self, query: u16) -> Result<Vec<u8>, Failure> {
        self.query(query)?.next().map_err(from_wire)
    }

    fn perform(&mut self, actions: &[u16], batch: &[u8]) -> Result<Vec<u8>, Failure> {
        let handle = |action: &u16| self.actions.get(usize::from(*action))?.as_ref();
        let handles: Option<Vec<_>> = actions.iter().map(handle).collect();
        let handles = handles.ok_or_else(|| Failure::new(Code::Internal, "an action without a handle"))?;
        effects::perform(&handles, batch).map_err(from_wire)
    }

    fn log(&mut self, level: Level, place: u32, message: &str) {
        let level = match level {
            Level::Info => log::Level::Info,
            Level::Warning => log::Level::Warning,
            Level::Error => log::Level::Error,
        };
        log::write(level, place, message);
    }
}

fn from_wire(failure: wire::Failure) -> Failure {
    // The cases of the two enums stand in the same order, which a test of the contract holds them to.
    let code = CODES.get(usize::from(failure.code as u8)).copied().unwrap_or(Code::Internal);
    let limit = failure.limit.map(|limit| LimitHit { name: limit.name, value: limit.value });
    Failure { code, message: failure.message, limit }
}

fn to_wire(failure: Failure) -> wire::Failure {
    let code = match failure.code {
        Code::Quota => wire::Code::Quota,
        Code::Connector => wire::Code::Connector,
        Code::Action => wire::Code::Action,
        Code::External => wire::Code::External,
        Code::Limit => wire::Code::Limit,
        Code::WallClock => wire::Code::WallClock,
        Code::Cancelled => wire::Code::Cancelled,
        Code::Approval => wire::Code::Approval,
        Code::Internal => wire::Code::Internal,
        Code::UnknownOutcome => wire::Code::UnknownOutcome,
    };
    let limit = failure.limit.map(|limit| wire::Limit { name: limit.name, value: limit.value });
    wire::Failure { code, message: failure.message, limit }
}
