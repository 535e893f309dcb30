//! How much a run may hold: items, rows, strings, state.

use alcove_plan::limits::{STATE_KEYS_MAX, STATE_VALUE_BYTES_MAX, STRING_BYTES_MAX};
use serde_json::{Value as Json, json};

use super::{effects, for_each, items, one_user, stop, succeeded};
use crate::scene::Scene;

/// One notification with this message.
fn notification(message: &str) -> Json {
    json!([{ "type": "send_notification", "params": { "user_id": "u1", "message": message } }])
}

#[tokio::test(flavor = "multi_thread")]
async fn a_loop_has_5000_items_and_no_more() {
    let actions = for_each(&json!([{ "type": "set_state", "params": { "key": "k", "value": "{{one}}" } }]));
    let scene = |count| Scene::manual(&json!([]), &actions).event("custom.input", &items(count));
    let report = scene(5_000).run().await;
    assert!(succeeded(&report));
    assert_eq!((effects(&report), &report["result"]["items_processed"]), (5_000, &json!(5_000)));
    let report = scene(5_001).run().await;
    assert_eq!((stop(&report), effects(&report)), (("E009", "items", 5_000), 0));
    assert_eq!(report["error"]["path"], "/actions/0");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_step_holds_5000_groups_and_no_more() {
    for (count, fits) in [(5_000, true), (5_001, false)] {
        let rows: Vec<_> = (0..count).map(|n| json!({ "id": format!("r{n}"), "amount": n })).collect();
        let by_amount = json!({ "type": "aggregate", "by": ["amount"], "metrics": { "n": { "op": "count" } } });
        let pipeline =
            json!([{ "id": "groups", "connector": "rewards", "fields": ["amount"], "transforms": [by_amount] }]);
        let actions = json!([{ "type": "set_state", "params": { "key": "k", "value": "{{steps.groups.count}}" } }]);
        let report = Scene::manual(&pipeline, &actions).data(json!({ "rewards": rows })).run().await;
        assert_eq!(succeeded(&report), fits);
        if !fits {
            assert_eq!(stop(&report), ("E009", "transform_rows", 5_000));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rendered_text_has_65536_bytes_and_no_more() {
    for (extra, fits) in [(0, true), (1, false)] {
        // A character of two bytes, so that bytes are what counts.
        let text = format!("é{}", "x".repeat(STRING_BYTES_MAX - 4 + extra));
        let scene = Scene::manual(&json!([]), &notification("<{{event.text}}>")).data(one_user());
        let report = scene.event("custom.input", &json!({ "text": text })).run().await;
        assert_eq!(succeeded(&report), fits);
        if !fits {
            assert_eq!((stop(&report), effects(&report)), (("E009", "string", 65_536), 0));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_string_that_grows_in_a_filter_stops_at_the_same_length() {
    for (count, fits) in [(STRING_BYTES_MAX / 2, true), (STRING_BYTES_MAX / 2 + 1, false)] {
        let scene = Scene::manual(&json!([]), &notification("{{event.text | replace:\"x\":\"yz\"}}")).data(one_user());
        let report = scene.event("custom.input", &json!({ "text": "x".repeat(count) })).run().await;
        assert_eq!(succeeded(&report), fits, "{report:#}");
        if !fits {
            assert_eq!(stop(&report), ("E009", "string", 65_536));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_state_of_an_app_has_100_keys_and_no_more() {
    let actions = for_each(&json!([{ "type": "set_state", "params": { "key": "key {{one}}", "value": 1 } }]));
    for (count, fits) in [(STATE_KEYS_MAX as usize, true), (STATE_KEYS_MAX as usize + 1, false)] {
        let report = Scene::manual(&json!([]), &actions).event("custom.input", &items(count)).run().await;
        assert_eq!((succeeded(&report), effects(&report)), (fits, 100));
        if !fits {
            assert_eq!(stop(&report), ("E009", "state_keys", 100));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_value_of_the_state_has_10240_bytes_of_json_and_no_more() {
    let actions = json!([{ "type": "set_state", "params": { "key": "k", "value": "{{event.text}}" } }]);
    for (extra, fits) in [(0, true), (1, false)] {
        // Two of the bytes are quotes.
        let text = "x".repeat(STATE_VALUE_BYTES_MAX - 2 + extra);
        let report = Scene::manual(&json!([]), &actions).event("custom.input", &json!({ "text": text })).run().await;
        assert_eq!(succeeded(&report), fits);
        if !fits {
            assert_eq!((stop(&report), effects(&report)), (("E009", "state_value_bytes", 10_240), 0));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chain_of_events_has_8_links_and_no_more() {
    let actions = json!([{ "type": "emit_event", "params": { "event": "custom.next", "payload": {} } }]);
    for (chain_depth, fits) in [(7, true), (8, false)] {
        let report = Scene { chain_depth, ..Scene::manual(&json!([]), &actions) }.run().await;
        assert_eq!(succeeded(&report), fits);
        if !fits {
            assert_eq!((stop(&report), effects(&report)), (("E009", "chain_depth", 8), 0));
        }
    }
}
