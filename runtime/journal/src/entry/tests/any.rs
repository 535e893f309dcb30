//! Random records.

use alcove_ids::EffectId;
use alcove_plan::{
    envelope::Digest,
    failure::{CODES, Failure, LimitHit},
    value::Value,
};
use proptest::prelude::*;

use super::super::*;
use crate::External;

/// Any record, well-formed by itself.
pub(crate) fn any_record() -> impl Strategy<Value = Record> {
    (any::<i64>(), any_entry()).prop_map(|(at_us, entry)| Record { at_us, entry })
}

fn any_entry() -> impl Strategy<Value = Entry> {
    prop_oneof![
        any_started().prop_map(Entry::Started),
        any_page().prop_map(Entry::QueryPage),
        any_intent().prop_map(Entry::Intent),
        (any_id(), any_outcome()).prop_map(|(effect, outcome)| Entry::Result(EffectResult { effect, outcome })),
        any_local().prop_map(Entry::LocalEffects),
        (any_effect(), any_digest(), any::<i64>()).prop_map(|(effect, preview, expires_us)| {
            Entry::ApprovalRequested(ApprovalRequested { effect, preview, expires_us })
        }),
        any_decided().prop_map(Entry::Decided),
        (prop_oneof![Just(Why::Approval), Just(Why::Retry), Just(Why::Delay)], any::<i64>())
            .prop_map(|(why, until_us)| Entry::Suspended(Suspended { why, until_us })),
        any_retry().prop_map(Entry::Retry),
        any_ending().prop_map(|ending| Entry::Finished(Finished { ending })),
        (prop_oneof![Just(LogLevel::Info), Just(LogLevel::Warning), Just(LogLevel::Error)], any::<u32>(), ".{0,20}")
            .prop_map(|(level, place, message)| Entry::Log(Log { level, place, message })),
        prop::collection::vec(".{0,8}", 0..3).prop_map(|members| Entry::LeftOut(LeftOut { members })),
    ]
}

fn any_started() -> impl Strategy<Value = Started> {
    (any_digest(), any_digest(), any::<u16>(), ".{0,8}", any::<Vec<u8>>()).prop_map(
        |(plan, executor, builtins_version, tz_version, input)| Started {
            plan,
            executor,
            builtins_version,
            tz_version,
            input,
        },
    )
}

fn any_page() -> impl Strategy<Value = QueryPage> {
    let answer = prop_oneof![any::<Vec<u8>>().prop_map(Ok), any_failure().prop_map(Err)];
    (any::<u32>(), any::<u32>(), any_digest(), answer).prop_map(|(query, page, arguments, answer)| QueryPage {
        query,
        page,
        arguments,
        answer,
    })
}

fn any_intent() -> impl Strategy<Value = Intent> {
    let guarantee = prop_oneof![
        Just(External::ForeignTx),
        any::<u64>().prop_map(|window_us| External::Keyed { window_us }),
        Just(External::Natural),
        Just(External::Unproven),
    ];
    (any_effect(), any::<i64>(), guarantee).prop_map(|(effect, deadline_us, guarantee)| Intent {
        effect,
        deadline_us,
        guarantee,
    })
}

fn any_local() -> impl Strategy<Value = LocalEffects> {
    let one = (any_effect(), any_outcome()).prop_map(|(effect, outcome)| LocalEffect { effect, outcome });
    prop::collection::vec(one, 0..4).prop_map(|effects| LocalEffects { effects })
}

fn any_decided() -> impl Strategy<Value = Decided> {
    let path = prop::collection::vec(".{0,5}", 0..4);
    let edit = (any::<u32>(), any_indices(), path, any_value());
    let edit = edit.prop_map(|(action, indices, path, value)| Edit { action, indices, path, value });
    let decision = prop_oneof![
        Just(Decision::Approved),
        Just(Decision::Rejected),
        Just(Decision::Expired),
        prop::collection::vec(edit, 0..3).prop_map(Decision::Modified),
    ];
    (any_id(), prop::option::of(".{0,5}"), decision).prop_map(|(effect, by, decision)| Decided { effect, by, decision })
}

fn any_retry() -> impl Strategy<Value = Retry> {
    let of = prop_oneof![Just(RetryOf::Action), Just(RetryOf::Run), Just(RetryOf::Person)];
    let reopens = prop_oneof![
        Just(None),
        (any::<u32>(), any::<u32>()).prop_map(|(query, page)| Some(Asked::Read { query, page })),
        any_id().prop_map(|id| Some(Asked::Effect(id))),
    ];
    (of, any::<u32>(), any_failure(), any::<i64>(), reopens).prop_map(|(of, attempt, failure, due_us, reopens)| Retry {
        of,
        attempt,
        failure,
        due_us,
        reopens,
    })
}

fn any_ending() -> impl Strategy<Value = Ending> {
    let reason = prop_oneof![
        Just(SkipReason::Filter),
        Just(SkipReason::Locked),
        Just(SkipReason::Paused),
        Just(SkipReason::Quota)
    ];
    prop_oneof![
        any::<Vec<u8>>().prop_map(|report| Ending::Succeeded { report }),
        (any_failure(), any::<u32>()).prop_map(|(failure, place)| Ending::Failed { failure, place }),
        reason.prop_map(|reason| Ending::Skipped { reason }),
        any_failure().prop_map(|failure| Ending::Cancelled { failure }),
    ]
}

fn any_effect() -> impl Strategy<Value = Effect> {
    (any_id(), any::<u32>(), any_indices(), any_digest(), any_value())
        .prop_map(|(id, action, indices, digest, shown)| Effect { id, action, indices, digest, shown })
}

fn any_outcome() -> impl Strategy<Value = Outcome> {
    prop_oneof![
        prop::collection::vec(any_value(), 0..3).prop_map(Outcome::Performed),
        any_failure().prop_map(Outcome::Failed)
    ]
}

fn any_failure() -> impl Strategy<Value = Failure> {
    let limit = prop::option::of((".{0,5}", any::<u64>()).prop_map(|(name, value)| LimitHit { name, value }));
    (0..CODES.len(), ".{0,20}", limit).prop_map(|(code, message, limit)| Failure { code: CODES[code], message, limit })
}

fn any_value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<i64>().prop_map(Value::Int),
        ".{0,8}".prop_map(Value::from),
        prop::collection::vec(any::<bool>().prop_map(Value::Bool), 0..4).prop_map(Value::list),
        (".{0,4}", any::<i64>()).prop_map(|(name, n)| Value::object([(name, Value::Int(n))])),
    ]
}

fn any_id() -> impl Strategy<Value = EffectId> {
    "[a-z_]{1,12}".prop_map(|text| EffectId::parse(&text).unwrap())
}

fn any_indices() -> impl Strategy<Value = Vec<u32>> {
    prop::collection::vec(any::<u32>(), 0..=2)
}

fn any_digest() -> impl Strategy<Value = Digest> {
    any::<[u8; 32]>().prop_map(Digest)
}
