//! What a run asks: a program without branches, whose parameters depend on the answers that it got.

use alcove_ids::{EffectId, ExecutionId};
use alcove_journal::{
    External, Guarantee, digest_of_arguments, digest_of_call,
    entry::{Effect, Started},
};
use alcove_plan::{
    codec::{PageReader, PageWriter},
    envelope::Digest,
    value::Value,
};
use proptest::prelude::*;

/// How long a provider remembers a key.
pub(crate) const WINDOW_US: u64 = 1_000_000;

/// One thing that the run does.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Op {
    /// Reads all pages of a query.
    Read { pages: u32, argument: i64 },
    /// Calls an action once for each item of a loop.
    Call { kind: Kind, times: u32, param: i64, reads_output: bool, trouble: Trouble },
    /// Calls an external action for all items of a loop at a time.
    Batch { kind: Kind, times: u32, param: i64 },
}

/// Who performs a call.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Kind {
    Local,
    ForeignTx,
    Keyed,
    Natural,
    Unproven,
    Approval,
}

/// What is wrong with a call.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Trouble {
    None,
    /// The provider is down for so many attempts.
    Flaky(u32),
    /// It is refused, and the run ends.
    Refused,
    /// It is refused, and a handler goes on.
    Handled,
}

impl Kind {
    pub(crate) fn guarantee(self) -> Guarantee {
        match self {
            Self::Local | Self::Approval => Guarantee::Local,
            Self::ForeignTx => Guarantee::External(External::ForeignTx),
            Self::Keyed => Guarantee::External(External::Keyed { window_us: WINDOW_US }),
            Self::Natural => Guarantee::External(External::Natural),
            Self::Unproven => Guarantee::External(External::Unproven),
        }
    }
}

/// What every run of these tests is pinned to.
pub(crate) fn started() -> Started {
    Started {
        plan: Digest::of(b"plan"),
        executor: Digest::of(b"executor"),
        builtins_version: 1,
        tz_version: "2026a".to_owned(),
        input: vec![1, 2, 3],
    }
}

/// The call of the op at `position`, in this iteration, after these answers.
pub(crate) fn effect(position: usize, index: u32, param: i64, seen: i64) -> Effect {
    let action = u32::try_from(position).unwrap();
    let run = ExecutionId::parse("run_1").unwrap();
    let params = Value::object([("param", Value::Int(param)), ("seen", Value::Int(seen))]);
    Effect {
        id: EffectId::derive(&run, action, &[index]),
        action,
        indices: vec![index],
        digest: digest_of_call("act", &params),
        shown: params,
    }
}

pub(crate) fn arguments(argument: i64, seen: i64) -> Digest {
    digest_of_arguments(&[Value::Int(argument), Value::Int(seen)])
}

/// A *page* message of one row.
pub(crate) fn page(row: i64, last: bool) -> Vec<u8> {
    let mut page = PageWriter::new();
    page.row(&[Value::Int(row)]);
    page.finish(last, false)
}

/// The row of a page.
pub(crate) fn row(page: &[u8]) -> i64 {
    match PageReader::new(page, 1).unwrap().next_row().unwrap().as_deref() {
        Some([Value::Int(row)]) => *row,
        row => panic!("{row:?}"),
    }
}

/// Folds an answer into what the run has seen.
pub(crate) fn see(seen: i64, answer: i64) -> i64 {
    seen.wrapping_mul(31).wrapping_add(answer)
}

pub(crate) fn any_script() -> impl Strategy<Value = Vec<Op>> {
    prop::collection::vec(any_op(), 1..9)
}

fn any_op() -> impl Strategy<Value = Op> {
    let kind = prop_oneof![
        4 => Just(Kind::Local),
        1 => Just(Kind::ForeignTx),
        2 => Just(Kind::Keyed),
        1 => Just(Kind::Natural),
        2 => Just(Kind::Unproven),
        1 => Just(Kind::Approval),
    ];
    let trouble = prop_oneof![
        8 => Just(Trouble::None),
        2 => (1..4_u32).prop_map(Trouble::Flaky),
        1 => Just(Trouble::Refused),
        1 => Just(Trouble::Handled),
    ];
    let external = prop_oneof![Just(Kind::ForeignTx), Just(Kind::Keyed), Just(Kind::Natural), Just(Kind::Unproven)];
    prop_oneof![
        1 => (external, 1..4_u32, any::<i64>()).prop_map(|(kind, times, param)| Op::Batch { kind, times, param }),
        1 => (1..4_u32, any::<i64>()).prop_map(|(pages, argument)| Op::Read { pages, argument }),
        4 => (kind, 1..4_u32, any::<i64>(), any::<bool>(), trouble).prop_map(
            |(kind, times, param, reads_output, trouble)| Op::Call { kind, times, param, reads_output, trouble }
        ),
    ]
}
