//! Hostile text in data: rows, events, state, answers of models. It changes nothing but text.

use serde_json::{Value as Json, json};

use super::{PLAIN, naughty, with_text};
use crate::scene::{Executor, Scene};

/// An app that carries one text from every source to every kind of sink, and decides by it.
fn scene(text: &str) -> Scene {
    let pipeline = json!([
        {
            "id": "same",
            "connector": "users",
            "filter": { "and": [
                { "field": "name", "op": "eq", "value": "{{event.content}}" },
                { "field": "name", "op": "in", "value": ["nobody", "{{event.content}}"] },
            ] },
            "fields": ["id", "name", "interests"],
        },
        {
            "id": "grouped",
            "from": "steps.same",
            "transforms": [
                { "type": "filter", "where": { "field": "interests", "op": "contains", "value": "{{event.content}}" } },
                { "type": "map", "keep": true, "fields": { "label": "<{{item.name}}>" } },
                { "type": "group", "by": ["name"], "as": "items" },
            ],
        },
    ]);
    let note = |text: &str| {
        let params = json!({ "user_id": "u1", "title": text, "message": text });
        json!({ "type": "send_notification", "params": params })
    };
    let actions = json!([
        { "id": "state", "type": "get_state", "params": { "key": "text" } },
        note("{{user.name}}|{{room.name}}|{{event.content}}|{{actions.state.value}}"),
        note("{{steps.grouped.count}} {{steps.grouped.data | json}}"),
        { "type": "condition", "if": { "field": "event.content", "op": "eq", "value": "{{user.name}}" },
          "then": [note("equal")], "else": [note("different")] },
        { "type": "for_each", "items": "{{steps.grouped.data}}", "as": "group", "actions": [
            { "type": "create_post", "params": { "room_id": "r1", "content": "{{group.name}}" } },
            { "type": "emit_event", "params": { "event": "custom.seen", "payload": { "name": "{{group.name}}" } } },
            { "type": "update_user", "params": { "user_id": "u1", "fields": {
                "bio": "{{group.name}}",
                "interests": "{{group.items[0].interests}}",
                "profile": { "text": "{{group.name}}" },
            } } },
        ] },
        { "type": "set_state", "params": { "key": "text", "value": { "was": "{{actions.state.value}}" } } },
        { "id": "again", "type": "get_state", "params": { "key": "text" } },
        note("{{actions.again.value | json}}"),
    ]);
    let trigger = json!({ "type": "event", "event": "post.created",
        "filter": { "field": "content", "op": "ne", "value": "something else" } });
    let data = json!({
        "users": [{ "id": "u1", "name": text, "interests": ["reading", text] }, { "id": "u2", "name": "other" }],
        "rooms": [{ "id": "r1", "name": text }],
        "app_state": [{ "key": "text", "value": text }],
    });
    let payload = json!({ "post_id": "p1", "room_id": "r1", "user_id": "u1", "content": text });
    Scene::triggered(&trigger, &pipeline, &actions).data(data).event("post.created", &payload)
}

/// What is expected where the text is the plain one, with the text's JSON where JSON was asked for.
fn expected(plain: &Json, text: &str) -> Json {
    let quoted = serde_json::to_string(text).unwrap();
    let in_json = &quoted[1..quoted.len() - 1];
    let mut expected = with_text(plain, text);
    for (effect, plain) in
        expected["effects"].as_array_mut().unwrap().iter_mut().zip(plain["effects"].as_array().unwrap())
    {
        for field in ["title", "message"] {
            let message = plain["params"][field].as_str().filter(|message| message.contains("\":"));
            if let Some(message) = message {
                effect["params"][field] = Json::String(message.replace(PLAIN, in_json));
            }
        }
    }
    expected
}

#[tokio::test(flavor = "multi_thread")]
async fn a_naughty_string_in_rows_events_and_state_changes_nothing_but_text() {
    let plain = scene(PLAIN).run().await;
    assert_eq!(plain["status"], "succeeded", "{plain:#}");
    let mut wrong = Vec::new();
    for text in naughty::strings() {
        let got = scene(&text).stage().await.run(Executor::Wasm).await;
        if got != expected(&plain, &text) {
            wrong.push(format!("{text:?}: {got:#}"));
        }
    }
    assert!(wrong.is_empty(), "{} strings: {}", wrong.len(), wrong.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_naughty_string_of_a_model_stays_text() {
    let actions = json!([
        { "id": "said", "type": "ai_generate", "params": { "prompt": "{{event.prompt}}" } },
        { "type": "send_notification", "params": { "user_id": "u1", "message": "<{{actions.said.text}}>" } },
    ]);
    let scene = |text: &str| {
        let scene = Scene::manual(&json!([]), &actions).event("custom.input", &json!({ "prompt": text }));
        let reply = format!("-{text}-");
        scene.data(json!({ "users": [{ "id": "u1" }] })).ai(json!({ "replies": [{ "reply": reply }] }))
    };
    let plain = scene(PLAIN).run().await;
    assert_eq!(plain["status"], "succeeded", "{plain:#}");
    for text in naughty::strings() {
        assert_eq!(scene(&text).stage().await.run(Executor::Wasm).await, with_text(&plain, &text));
    }
}
