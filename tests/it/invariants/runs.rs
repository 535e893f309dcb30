//! Runs beside and after one another, on one database.

use std::{path::Path, time::Duration};

use alcove_execution::Begun;
use alcove_host::RuntimeConfig;
use alcove_ids::TenantId;
use alcove_store::{READERS_MAX, Store};
use serde_json::{Value as Json, json};

use crate::scene::{Executor, Scene, Stage};

/// Reads, transforms, decides, logs and acts.
fn busy() -> Scene {
    let steps = json!([{ "id": "top", "connector": "users", "sort": [{ "field": "xp_total", "order": "desc" }],
        "transforms": [{ "type": "map", "keep": true, "fields": { "shout": "{{item.name | uppercase}}" } }] }]);
    let actions = json!([
        { "type": "for_each", "items": "{{steps.top.data}}", "as": "user", "max_items": 7, "actions": [
            { "type": "award_xp", "params": { "user_id": "{{user.id}}", "amount": 1 } },
            { "type": "send_notification",
                "params": { "user_id": "{{user.id}}", "message": "{{user.shout}} {{now}}" } },
        ] },
    ]);
    let users: Vec<Json> =
        (0..20).map(|n| json!({ "id": format!("u{n}"), "name": format!("name {n}"), "xp_total": n })).collect();
    Scene::manual(&steps, &actions).data(json!({ "users": users }))
}

/// Runs out of fuel after it has filled its memory with the words of its rows.
fn greedy() -> Scene {
    let steps = json!([{ "id": "all", "connector": "users",
        "transforms": [{ "type": "map", "fields": { "text": "{{item.bio}} {{item.bio}} {{item.bio}}" } }] }]);
    let actions = json!([{ "type": "for_each", "items": "{{steps.all.data}}", "as": "row", "actions": [
        { "type": "set_state", "params": { "key": "k", "value": "{{row.text | uppercase | slug | length}}" } }] }]);
    let users: Vec<Json> =
        (0..50).map(|n| json!({ "id": format!("u{n}"), "bio": "secret of tenant_b ".repeat(500) })).collect();
    Scene::manual(&steps, &actions).data(json!({ "users": users }))
}

#[tokio::test(flavor = "multi_thread")]
async fn invariant_02_one_run_one_instance_a_run_is_the_same_whatever_ran_before() {
    let first = busy().stage().await.report(Executor::Wasm).await;
    for _ in 0..3 {
        let mut before = greedy().stage().await;
        before.spec.tenant = TenantId::parse("tenant_b").unwrap();
        before.load(&before.spec.tenant, &greedy().data).await;
        before.spec.limits.fuel = 200_000;
        assert_eq!(before.report(Executor::Wasm).await.status.name(), "failed");
        let after = busy().stage().await.report(Executor::Wasm).await;
        assert!(!format!("{after:?}").contains("secret"));
        assert_eq!(
            (after.usage.fuel, after.usage.peak_memory_bytes),
            (first.usage.fuel, first.usage.peak_memory_bytes)
        );
        assert_eq!((&after.effects, &after.log, &after.result), (&first.effects, &first.log, &first.result));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn invariant_09_deterministic_the_same_run_takes_the_same_way_to_the_unit_of_fuel() {
    let run = || async {
        let report = busy().stage().await.report(Executor::Wasm).await;
        let usage =
            (report.usage.fuel, report.usage.peak_memory_bytes, report.usage.host_calls, report.usage.rows_read);
        (report.execution, report.effects, report.log, report.result, usage)
    };
    let first = run().await;
    assert_eq!(first.1.len(), 14);
    for _ in 0..3 {
        assert_eq!(run().await, first);
    }
}

/// Ten steps that each leave most of their rows unread.
fn reader() -> Scene {
    let step = |n: usize| {
        json!({ "id": format!("s{n}"), "connector": "users", "fields": ["id", "bio"], "limit": 5_000,
            "transforms": [{ "type": "limit", "count": 1 }] })
    };
    let steps: Vec<Json> = (0..10).map(step).collect();
    let uses: Vec<Json> = (0..10)
        .map(|n| (format!("k{n}"), format!("{{{{steps.s{n}.count}}}}")))
        .map(|(key, value)| json!({ "type": "set_state", "params": { "key": key, "value": value } }))
        .collect();
    let users: Vec<Json> = (0..600).map(|n| json!({ "id": format!("u{n}"), "bio": "x".repeat(2_000) })).collect();
    Scene::manual(&json!(steps), &json!(uses)).data(json!({ "users": users }))
}

#[tokio::test(flavor = "multi_thread")]
async fn invariant_10_limits_are_bounds_no_run_keeps_others_from_reading() {
    assert!(READERS_MAX >= RuntimeConfig::embedded(None).instances_max, "each run reads one query at a time");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("readers-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let store = Store::open_file(&folder.join("alcove.db")).await.unwrap();
    let stage = Stage::new(&reader(), store).await;
    let queries = stage.plan.plan().queries.len();
    assert_eq!(queries, 10);
    // Guests under an attacker's control: they start every query that they hold and read none to its end.
    let mut hostile = Vec::new();
    for _ in 0..12 {
        let Begun { mut backend, .. } = stage.runner.begin(&stage.plan, stage.spec.clone()).unwrap();
        for query in 0..queries {
            let start = tokio::time::timeout(Duration::from_secs(10), backend.start_query(query, Vec::new()));
            start.await.expect("no reader is left").unwrap();
        }
        hostile.push(backend);
    }
    let honest = tokio::time::timeout(Duration::from_secs(20), stage.report(Executor::Wasm)).await;
    assert_eq!(honest.expect("no reader is left").status.name(), "succeeded");
    drop(hostile);
    std::fs::remove_dir_all(&folder).unwrap();
}
