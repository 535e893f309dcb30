//! Limits of actions: at the limit, and one past it.

use alcove_plan::{
    codec::Outcome,
    failure::{Code, Failure, LimitHit},
    limits::{CHAIN_DEPTH_MAX, STATE_KEYS_MAX, STATE_VALUE_BYTES_MAX, STRING_BYTES_MAX},
    value::Value,
};

use super::communities;
use crate::{
    Allowance, Most, RunCalls,
    testing::{calls, failure, prepared, text},
};

fn hit(outcome: &Outcome) -> LimitHit {
    match outcome {
        Outcome::Failed(failure) => failure.limit.clone().unwrap(),
        other => panic!("{other:?}"),
    }
}

fn limit(name: &str, value: u64) -> LimitHit {
    LimitHit { name: name.to_owned(), value }
}

#[tokio::test]
async fn an_app_keeps_so_many_keys() {
    for (platform, scope) in communities("t1").await {
        let set = prepared(&platform, "set_state", &["key", "value"]);
        let keys = |count: u32| (0..count).map(|n| vec![text(&format!("k{n}")), Value::Int(1)]).collect::<Vec<_>>();
        let outcomes = platform.perform(&scope, &calls(&scope, &set, keys(STATE_KEYS_MAX + 3))).await;
        let (fit, beyond) = outcomes.split_at(STATE_KEYS_MAX as usize);
        assert!(fit.iter().all(|outcome| matches!(outcome, Outcome::Performed(_))));
        assert_eq!(hit(&beyond[0]), limit("state_keys", u64::from(STATE_KEYS_MAX)));
        assert_eq!(beyond[1..], [Outcome::NotPerformed, Outcome::NotPerformed]);
        let later = crate::Scope { execution: alcove_ids::ExecutionId::parse("run_2").unwrap(), ..scope };
        let outcomes = platform.perform(&later, &calls(&later, &set, keys(1))).await;
        assert!(matches!(outcomes[0], Outcome::Performed(_)), "a key that is there may be set again");
    }
}

#[tokio::test]
async fn a_value_of_state_has_so_many_bytes() {
    for (platform, scope) in communities("t1").await {
        let set = prepared(&platform, "set_state", &["key", "value"]);
        // Two of them are the quotes.
        let value = |bytes: usize| vec![text("k"), text(&"x".repeat(bytes - 2))];
        let batch = calls(&scope, &set, vec![value(STATE_VALUE_BYTES_MAX), value(STATE_VALUE_BYTES_MAX + 1)]);
        let outcomes = platform.perform(&scope, &batch).await;
        assert!(matches!(outcomes[0], Outcome::Performed(_)));
        assert_eq!(hit(&outcomes[1]), limit("state_value_bytes", STATE_VALUE_BYTES_MAX as u64));
    }
}

#[tokio::test]
async fn a_chain_of_events_has_so_many_links() {
    for (platform, mut scope) in communities("t1").await {
        let emit = prepared(&platform, "emit_event", &["event", "payload"]);
        let event = || vec![vec![text("custom.x"), Value::object::<&str>([])]];
        scope.chain_depth = CHAIN_DEPTH_MAX - 1;
        assert!(matches!(platform.perform(&scope, &calls(&scope, &emit, event())).await[0], Outcome::Performed(_)));
        scope.chain_depth = CHAIN_DEPTH_MAX;
        scope.execution = alcove_ids::ExecutionId::parse("run_2").unwrap();
        let outcomes = platform.perform(&scope, &calls(&scope, &emit, event())).await;
        assert_eq!(hit(&outcomes[0]), limit("chain_depth", u64::from(CHAIN_DEPTH_MAX)));
    }
}

#[tokio::test]
async fn a_string_has_so_many_bytes_wherever_it_stands() {
    for (platform, scope) in communities("t1").await {
        let emit = prepared(&platform, "emit_event", &["event", "payload"]);
        let event = |bytes: usize| {
            let inner = Value::list(vec![text(&"x".repeat(bytes))]);
            vec![text("custom.x"), Value::object([("list", inner)])]
        };
        let batch = calls(&scope, &emit, vec![event(STRING_BYTES_MAX), event(STRING_BYTES_MAX + 1)]);
        let outcomes = platform.perform(&scope, &batch).await;
        assert!(matches!(outcomes[0], Outcome::Performed(_)));
        let message = "E009: the parameter `payload` of `emit_event` holds a string of more than 65536 bytes";
        assert_eq!(failure(&outcomes[1]), message);
        assert_eq!(hit(&outcomes[1]), limit("string", STRING_BYTES_MAX as u64));
    }
}

#[tokio::test]
async fn a_tenant_keeps_so_many_keys_in_all_its_apps_together() {
    let failure =
        Failure { code: Code::Quota, limit: Some(limit("state_keys", 5)), ..Failure::new(Code::Quota, "full") };
    let allowance = Allowance { state_keys: Some(Most { value: 5, failure: failure.clone() }), ..Allowance::default() };
    for (platform, scope) in communities("t1").await {
        let set = prepared(&platform, "set_state", &["key", "value"]);
        let keys =
            |from: u32, to: u32| (from..to).map(|n| vec![text(&format!("k{n}")), Value::Int(1)]).collect::<Vec<_>>();
        let other = crate::Scope { app: alcove_ids::AppId::parse("other").unwrap(), ..scope.clone() };
        let perform = async |scope: &crate::Scope, run: &str, values: Vec<Vec<Value>>| {
            let execution = alcove_ids::ExecutionId::parse(run).unwrap();
            let scope = crate::Scope { execution, ..scope.clone() };
            let calls = calls(&scope, &set, values);
            platform.perform_allowed(RunCalls { scope: &scope, calls: &calls, allowance: &allowance }).await
        };
        let is_done = |outcome: &Outcome| matches!(outcome, Outcome::Performed(_));
        assert!(perform(&scope, "run_1", keys(0, 3)).await.iter().all(is_done));
        let outcomes = perform(&other, "run_2", keys(0, 3)).await;
        assert!(outcomes[..2].iter().all(is_done), "up to the limit");
        assert_eq!(outcomes[2], Outcome::Failed(failure.clone()), "one past it");
        assert!(perform(&scope, "run_3", keys(0, 3)).await.iter().all(is_done), "keys that are there may be set again");
        assert_eq!(platform.state_keys(&scope.tenant).await.unwrap(), 5);
    }
}
