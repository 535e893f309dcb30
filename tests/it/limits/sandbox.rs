//! What the sandbox bounds whatever the program does: fuel, memory, time, the log.

use alcove_plan::limits::LOG_BYTES_MAX;
use serde_json::json;

use super::{effects, for_each, items, stop, succeeded};
use crate::scene::{Executor, Scene, Stage, to_json};

/// Sorts and joins texts, so that it needs both fuel and memory.
fn hungry() -> Scene {
    let rows: Vec<_> = (0..1_000).map(|n| json!({ "id": format!("u{n}"), "bio": "x".repeat(1_000) })).collect();
    let pipeline = json!([
        { "id": "all", "connector": "users", "fields": ["id", "bio"], "limit": 1_000 },
        {
            "id": "long",
            "from": "steps.all",
            "transforms": [
                { "type": "map", "fields": { "bio": "{{item.bio}}{{loop.index}}{{item.bio}}" } },
                { "type": "sort", "by": [{ "field": "bio", "order": "desc" }] },
            ],
        },
    ]);
    let actions = json!([{ "type": "set_state", "params": { "key": "rows", "value": "{{steps.long.count}}" } }]);
    Scene::manual(&pipeline, &actions).data(json!({ "users": rows }))
}

async fn stage() -> Stage {
    hungry().stage().await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_fuel_that_a_run_used_is_enough_for_it_and_a_little_less_is_not() {
    let used = stage().await.report(Executor::Wasm).await.usage.fuel;
    // Wasmtime looks at the fuel where functions and rounds of loops begin, so what comes after the last look is free.
    for (fuel, enough) in [(used, true), (used - used / 1_000, false)] {
        let mut stage = stage().await;
        stage.spec.limits.fuel = fuel;
        let report = to_json(&stage.report(Executor::Wasm).await);
        assert_eq!(succeeded(&report), enough, "{report:#}");
        if !enough {
            assert_eq!(stop(&report), ("E009", "fuel", fuel));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_without_enough_fuel_leaves_no_effect() {
    let mut stage = stage().await;
    stage.spec.limits.fuel = 10_000;
    let report = to_json(&stage.report(Executor::Wasm).await);
    assert_eq!((stop(&report), effects(&report)), (("E009", "fuel", 10_000), 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn memory_is_enough_to_the_byte() {
    let peak = stage().await.report(Executor::Wasm).await.usage.peak_memory_bytes;
    for (memory_bytes, enough) in [(peak, true), (peak - 1, false)] {
        let mut stage = stage().await;
        stage.spec.limits.memory_bytes = memory_bytes;
        let report = to_json(&stage.report(Executor::Wasm).await);
        assert_eq!(succeeded(&report), enough, "{report:#}");
        if !enough {
            assert_eq!(stop(&report), ("E009", "memory", memory_bytes as u64));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_model_that_takes_longer_than_the_time_limit_stops_the_run() {
    for (delay_ms, in_time) in [(10, true), (60_000, false)] {
        let app = json!({
            "schema": "alcove/app@1",
            "name": "Slow",
            "trigger": { "type": "manual" },
            "settings": { "timeout": "2s" },
            "actions": [
                { "type": "set_state", "params": { "key": "before", "value": 1 } },
                { "id": "text", "type": "ai_generate", "params": { "prompt": "Hello" } },
                { "type": "set_state", "params": { "key": "after", "value": "{{actions.text.text}}" } },
            ],
        });
        let cassette = json!({ "replies": [{ "reply": "Hi", "delay_ms": delay_ms }] });
        let report = Scene::new(app.to_string()).ai(cassette).stage().await.report(Executor::Wasm).await;
        assert!(report.usage.wall.as_secs() < 30);
        let report = to_json(&report);
        assert_eq!(succeeded(&report), in_time, "{report:#}");
        if !in_time {
            assert_eq!((stop(&report), effects(&report)), (("E003", "wall_clock_ms", 2_000), 1));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_that_is_full_says_so_and_stops_nothing() {
    let actions = json!([{
        "type": "for_each",
        "items": "{{event.items}}",
        "as": "one",
        "on_item_error": "continue",
        "actions": [{ "type": "send_notification", "params": { "user_id": "nobody", "message": "m" } }],
    }]);
    let scene = Scene::manual(&json!([]), &actions).event("custom.input", &items(5_000));
    let report = scene.stage().await.report(Executor::Wasm).await;
    let bytes: usize = report.log.iter().map(|entry| entry.message.len()).sum();
    assert!((LOG_BYTES_MAX / 2..=LOG_BYTES_MAX).contains(&bytes), "{bytes}");
    assert_eq!(report.log.last().unwrap().message, "the log of this run is full; later entries are left out");
    assert!(succeeded(&to_json(&report)));
}

#[tokio::test(flavor = "multi_thread")]
async fn effects_are_performed_to_their_limit() {
    for (count, enough) in [(30, true), (31, false)] {
        let actions = for_each(&json!([{ "type": "set_state", "params": { "key": "k", "value": "{{one}}" } }]));
        let mut stage = Scene::manual(&json!([]), &actions).event("custom.input", &items(count)).stage().await;
        stage.spec.limits.effects = 30;
        let report = to_json(&stage.report(Executor::Wasm).await);
        assert_eq!((succeeded(&report), effects(&report)), (enough, 30));
        if !enough {
            assert_eq!(stop(&report), ("E009", "effects", 30));
        }
    }
}
