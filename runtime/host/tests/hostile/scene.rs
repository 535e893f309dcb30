//! One plan, one platform, one run of the puppet.

use std::sync::Arc;

use alcove_host::{
    CancellationToken, End, Prepared, PreparedAction, PreparedQuery, RunFailure, RunLimits, RunRequest, RunResult,
};
use alcove_plan::{
    codec::{Outcome, OutcomesReader},
    failure::{Code, Failure},
    query::Hole,
    types::{Kind, Type},
};

use crate::{
    platform::Platform,
    puppet::{Answer, Orders, answers, runtime},
};

/// A query with one hole for text, and three rows at most.
pub(crate) const BY_NAME: u32 = 0;
/// A query without holes and without a limit of its own.
pub(crate) const ALL: u32 = 1;
/// An action outside all loops, with one hole for text.
pub(crate) const ONCE: u32 = 0;
/// An action in a loop of 3,000 items that goes on after errors; one hole, a number or null. Counted as `emails`.
pub(crate) const EMAIL: u32 = 1;
/// An action in two loops, of three and of two items, without holes. It has one output.
pub(crate) const NESTED: u32 = 2;
/// An action behind an approval that is not decided.
pub(crate) const WITHHELD: u32 = 3;

/// What a test may change before the run.
pub(crate) struct Scene {
    pub(crate) platform: Platform,
    pub(crate) limits: RunLimits,
    pub(crate) cancel: CancellationToken,
}

/// What the guest said and got, and what it was allowed.
pub(crate) struct Ended {
    pub(crate) result: RunResult,
    pub(crate) platform: Platform,
}

impl Scene {
    pub(crate) fn new() -> Self {
        Self {
            platform: Platform::new(),
            limits: RunLimits::language_defaults(10_000),
            cancel: CancellationToken::new(),
        }
    }

    pub(crate) async fn run(self, orders: Orders) -> Ended {
        let request = RunRequest {
            program: Arc::from(Vec::new()),
            prepared: Arc::new(prepared()),
            input: orders.into_input(),
            limits: self.limits,
            backend: Box::new(self.platform.clone()),
            cancel: self.cancel,
        };
        Ended { result: runtime().run(request).await, platform: self.platform }
    }
}

impl Ended {
    /// The answers to the guest's calls, of a run that succeeded.
    pub(crate) fn answers(&self) -> Vec<Answer> {
        match &self.result.end {
            Ok(End::Succeeded(report)) => answers(report),
            other => panic!("the run was to succeed, but: {other:?}"),
        }
    }

    /// How the run failed.
    pub(crate) fn failure(&self) -> &Failure {
        match &self.result.end {
            Err(RunFailure { failure, .. }) => failure,
            Ok(end) => panic!("the run was to fail, but: {end:?}"),
        }
    }

    /// The name and the value of the limit that the run has reached.
    pub(crate) fn limit(&self) -> (&str, u64) {
        let limit = self.failure().limit.as_ref().unwrap();
        (&limit.name, limit.value)
    }

    /// Checks that the run was stopped as defective and that the platform saw nothing of it.
    pub(crate) fn assert_refused_unseen(&self, message: &str) {
        assert_eq!(self.failure().code, Code::Internal);
        assert!(self.failure().message.contains(message), "{}", self.failure().message);
        assert_eq!(self.platform.seen(), []);
    }
}

/// Reads an *outcomes* message of calls that have so many outputs.
pub(crate) fn outcomes(answer: &Answer, outputs: usize) -> Vec<Outcome> {
    let Answer::Bytes(bytes) = answer else { panic!("outcomes were expected, but: {answer:?}") };
    let mut reader = OutcomesReader::new(bytes).unwrap();
    std::iter::from_fn(|| reader.next_outcome(outputs).unwrap()).collect()
}

fn prepared() -> Prepared {
    let hole = |kind, nullable| Hole { ty: Type::One(kind), nullable };
    let action = |holes, loops: &[u32], recover_depth| PreparedAction {
        holes,
        outputs: 0,
        loops: loops.to_vec(),
        recover_depth,
        available: true,
        counter: None,
    };
    Prepared {
        queries: vec![
            PreparedQuery { holes: vec![hole(Kind::Str, false)], columns: 1, rows_max: Some(3) },
            PreparedQuery { holes: vec![], columns: 1, rows_max: None },
        ],
        actions: vec![
            action(vec![hole(Kind::Str, false)], &[], 0),
            PreparedAction { counter: Some(RunLimits::EMAILS), ..action(vec![hole(Kind::Num, true)], &[3_000], 1) },
            PreparedAction { outputs: 1, ..action(vec![], &[3, 2], 1) },
            PreparedAction { available: false, ..action(vec![], &[], 0) },
        ],
    }
}
