//! Limits, and what a run says that has met one.

use std::time::Duration;

use alcove_host::{CancellationToken, RunLimits};
use serde_json::{Value as Json, json};

use crate::scene::{Executor, Scene, to_json};

/// Reads 300 members and notifies each.
fn scene() -> Scene {
    let steps = json!([{ "id": "all", "connector": "users", "limit": 300 }]);
    let actions = json!([{ "type": "for_each", "items": "{{steps.all.data}}", "as": "user", "actions": [
        { "type": "send_notification", "params": { "user_id": "{{user.id}}", "message": "{{user.bio}}" } }] }]);
    let users: Vec<Json> = (0..300).map(|n| json!({ "id": format!("u{n:03}"), "bio": "x".repeat(1_000) })).collect();
    Scene::manual(&steps, &actions).data(json!({ "users": users }))
}

type Tighten = fn(&mut RunLimits);

#[tokio::test(flavor = "multi_thread")]
async fn invariant_06_every_stop_says_why_and_at_which_limit() {
    let limits: [(Tighten, &str, &str, u64); 7] = [
        (|limits| limits.fuel = 100_000, "E009", "fuel", 100_000),
        (|limits| limits.memory_bytes = 128 << 10, "E009", "memory", 128 << 10),
        (|limits| limits.rows = 299, "E009", "rows", 299),
        (|limits| limits.effects = 10, "E009", "effects", 10),
        (|limits| limits.message_bytes = 5_000, "E009", "message_bytes", 5_000),
        (|limits| limits.hostcall_bytes = 3_000, "E009", "hostcall_bytes", 3_000),
        (|limits| limits.wall_clock = Duration::ZERO, "E003", "wall_clock_ms", 0),
    ];
    for (tighten, code, name, value) in limits {
        let mut stage = scene().stage().await;
        tighten(&mut stage.spec.limits);
        let report = stage.report(Executor::Wasm).await;
        let found = report.error.as_ref().unwrap_or_else(|| panic!("`{name}` stops nothing"));
        let limit = found.limit.as_ref().unwrap_or_else(|| panic!("no limit is named: {found:?}"));
        assert_eq!((found.code.as_str(), limit.name.as_str(), limit.value), (code, name, value), "{found:?}");
        assert!(!found.message.is_empty() && !found.message.contains("trapped"), "{found:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn invariant_06_every_stop_says_why_also_when_it_was_cancelled_or_an_action_failed() {
    let mut stage = scene().stage().await;
    stage.spec.cancel = CancellationToken::new();
    stage.spec.cancel.cancel();
    assert_eq!(to_json(&stage.report(Executor::Wasm).await)["error"]["code"], "E010");
    let actions = json!([{ "type": "award_xp", "params": { "user_id": "nobody", "amount": 1 } }]);
    let report = Scene::manual(&json!([]), &actions).run().await;
    assert_eq!((&report["error"]["code"], &report["error"]["path"]), (&json!("E005"), &json!("/actions/0")));
    assert!(report["error"]["message"].as_str().unwrap().contains("`nobody`"), "{report:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn invariant_10_limits_are_bounds_what_a_run_did_takes_bounded_memory() {
    let text = format!("{}{{{{user.id}}}}", "x".repeat(60_000));
    let steps = json!([{ "id": "all", "connector": "users", "fields": ["id"], "limit": 2_000 }]);
    let actions = json!([{ "type": "for_each", "items": "{{steps.all.data}}", "as": "user", "actions": [
        { "type": "send_notification", "params": { "user_id": "{{user.id}}", "message": text } }] }]);
    let users: Vec<Json> = (0..2_000).map(|n| json!({ "id": format!("u{n:04}") })).collect();
    let scene = Scene { dry_run: true, ..Scene::manual(&steps, &actions).data(json!({ "users": users })) };
    let report = scene.stage().await.report(Executor::Wasm).await;
    let error = report.error.expect("120 MB of parameters are let through");
    let limit = error.limit.expect("no limit is named");
    assert_eq!((error.code.as_str(), limit.name.as_str(), limit.value), ("E009", "effect_bytes", 64 << 20));
    let bytes: usize =
        report.effects.iter().map(|effect| effect.params.member("message").as_str().unwrap().len()).sum();
    assert!((60 << 20..64 << 20).contains(&bytes), "{bytes} bytes are kept");
}

#[tokio::test(flavor = "multi_thread")]
async fn invariant_10_limits_are_bounds_a_value_of_too_many_parts_is_a_limit_and_not_a_defect() {
    // One cell of 600,000 nulls: few bytes on the way, much memory on arrival.
    let users = json!([{ "id": "u1", "profile": { "many": vec![Json::Null; 600_000] } }]);
    let steps = json!([{ "id": "all", "connector": "users" }]);
    let value = "{{steps.all.data[0].profile.many | length}}";
    let actions = json!([{ "type": "set_state", "params": { "key": "k", "value": value } }]);
    let report =
        Scene::manual(&steps, &actions).data(json!({ "users": users })).stage().await.report(Executor::Wasm).await;
    let error = report.error.expect("600,000 values are let through");
    assert_eq!((error.code.as_str(), error.limit.unwrap().name.as_str()), ("E009", "page_values"));
}

#[tokio::test(flavor = "multi_thread")]
async fn invariant_10_limits_are_bounds_a_result_of_too_many_parts_is_a_limit_and_not_a_defect() {
    // Widgets over the same 5,000 rows of 26 nulls each: little on the way, much on arrival.
    let fields =
        ('a'..='z').map(|name| (name.to_string(), json!("{{item.nickname}}"))).collect::<serde_json::Map<_, _>>();
    let steps = json!([{ "id": "all", "connector": "users", "limit": 5_000,
        "transforms": [{ "type": "map", "fields": fields }] }]);
    let widget =
        |n: usize| json!({ "id": format!("w{n}"), "type": "table", "title": "t", "data": "{{steps.all.data}}" });
    let app = json!({ "schema": "alcove/app@1", "name": "App", "trigger": { "type": "manual" }, "pipeline": steps,
        "actions": [{ "type": "set_state", "params": { "key": "k", "value": 1 } }],
        "widgets": (0..10).map(widget).collect::<Vec<_>>() });
    let users: Vec<Json> = (0..5_000).map(|n| json!({ "id": format!("u{n}") })).collect();
    let report = Scene::new(app.to_string()).data(json!({ "users": users })).stage().await.report(Executor::Wasm).await;
    let error = report.error.expect("1,300,000 values are let through");
    assert_eq!((error.code.as_str(), error.limit.unwrap().name.as_str()), ("E009", "report_values"));
}

#[tokio::test(flavor = "multi_thread")]
async fn invariant_10_limits_are_bounds_an_event_of_too_many_parts_starts_nothing() {
    let actions = json!([{ "type": "set_state", "params": { "key": "k", "value": "{{event.many | length}}" } }]);
    let scene = Scene::triggered(&json!({ "type": "event", "event": "custom.many" }), &json!([]), &actions);
    let stage = scene.event("custom.many", &json!({ "many": vec![Json::Null; 600_000] })).stage().await;
    let refused = stage.runner.run(&stage.plan, stage.spec.clone()).await.unwrap_err();
    assert_eq!(refused.to_string(), "the event holds more than 262144 values");
}
