//! Hostile text in an app: names, messages, literals of templates and predicates. It is text, or it is refused with a
//! reason.

use std::collections::BTreeSet;

use alcove_catalog::Catalog;
use alcove_compiler::compile;
use serde_json::{Value as Json, json};

use super::{PLAIN, naughty, with_text};
use crate::scene::{Executor, Scene};

/// An app with one text in each of its text fields, and a row that has it as its name.
fn scene(text: &str) -> Scene {
    let app = json!({
        "schema": "alcove/app@1",
        "name": PLAIN,
        "description": PLAIN,
        "trigger": { "type": "manual" },
        "pipeline": [
            { "id": "pushed", "connector": "users", "fields": ["id", "name"], "limit": 10,
              "filter": { "field": "name", "op": "eq", "value": PLAIN } },
            { "id": "kept", "from": "steps.pushed", "transforms": [
                { "type": "filter", "where": { "field": "name", "op": "in", "value": ["other", PLAIN] } },
                { "type": "map", "keep": true, "fields": {
                    "label": PLAIN,
                    "framed": format!("{{{{item.id}}}}: {PLAIN}"),
                } },
            ] },
        ],
        "actions": [
            { "type": "send_notification", "params": { "user_id": "u1", "title": PLAIN, "message": PLAIN } },
            { "type": "condition", "if": { "field": "steps.kept.data[0].label", "op": "eq", "value": PLAIN },
              "then": [{ "type": "send_push", "params": { "user_id": "u1", "title": "same",
                         "message": format!("{{{{steps.kept.count}}}}{PLAIN}{{{{steps.pushed.data[0].name}}}}") } }] },
            { "type": "emit_event", "params": {
                "event": "custom.said",
                "payload": { PLAIN: [PLAIN, { "in": PLAIN }] },
            } },
            { "type": "set_state", "params": { "key": "text", "value": PLAIN } },
        ],
        "widgets": [{ "id": "w", "type": "table", "title": PLAIN, "data": "{{steps.kept.data}}" }],
    });
    let data = json!({ "users": [{ "id": "u1", "name": text }, { "id": "u2", "name": "different" }] });
    Scene::new(with_text(&app, text).to_string()).data(data)
}

/// A report without what follows from the digest of the plan.
fn comparable(mut report: Json) -> Json {
    for effect in report["effects"].as_array_mut().unwrap() {
        let members = effect.as_object_mut().unwrap();
        members.remove("effect_id");
        members.remove("result");
    }
    report
}

#[tokio::test(flavor = "multi_thread")]
async fn a_naughty_string_in_a_config_changes_nothing_but_text() {
    let plain = comparable(scene(PLAIN).run().await);
    assert_eq!(plain["status"], "succeeded", "{plain:#}");
    let mut wrong = Vec::new();
    // An app must have a name; what holds `{{` is a template.
    for text in naughty::strings().iter().filter(|text| !text.trim().is_empty() && !text.contains("{{")) {
        let scene = scene(text);
        if let Err(problems) = scene.compile() {
            wrong.push(format!("{text:?} does not compile: {problems}"));
            continue;
        }
        let got = comparable(scene.stage().await.run(Executor::Wasm).await);
        if got != with_text(&plain, text) {
            wrong.push(format!("{text:?}: {got:#}"));
        }
    }
    assert!(wrong.is_empty(), "{} strings: {}", wrong.len(), wrong.join("\n"));
}

#[test]
fn a_naughty_string_with_braces_is_refused_or_a_template() {
    for text in naughty::strings().iter().filter(|text| text.contains("{{")) {
        let scene = scene(text);
        let compilation = compile(&scene.app, Catalog::shipped());
        let complaints = compilation.diagnostics.iter().map(|found| found.code.as_str());
        let complaints: BTreeSet<_> = complaints.collect();
        assert_eq!(compilation.compiled.is_none(), !complaints.is_empty(), "{text:?}: {complaints:?}");
    }
}

#[test]
fn a_naughty_string_is_an_id_only_if_it_is_a_name() {
    for text in naughty::strings() {
        let app = json!({
            "schema": "alcove/app@1",
            "name": "App",
            "trigger": { "type": "manual" },
            "pipeline": [{ "id": text, "connector": "users", "limit": 1 }],
            "actions": [{ "type": "set_state", "params": { "key": "k", "value": 1 } }],
        });
        let mut characters = text.chars();
        let is_name = characters.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
            && characters.all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
            && text.len() <= 64;
        let app = app.to_string();
        let compilation = compile(app.as_bytes(), Catalog::shipped());
        let refused = compilation.diagnostics.iter().any(|found| found.code.as_str() == "invalid-id");
        assert_eq!(refused, !is_name, "{text:?}: {:?}", compilation.diagnostics);
    }
}

#[test]
fn a_naughty_string_names_nothing_that_exists() {
    let fields = [
        ("/trigger", json!({ "type": "event", "event": PLAIN }), "unknown-event"),
        ("/pipeline", json!([{ "id": "s", "connector": PLAIN }]), "unknown-connector"),
        ("/pipeline", json!([{ "id": "s", "connector": "users", "fields": [PLAIN] }]), "unknown-field"),
        ("/actions", json!([{ "type": PLAIN, "params": {} }]), "unknown-action"),
    ];
    for text in naughty::strings() {
        for (pointer, value, code) in &fields {
            let mut app = json!({
                "schema": "alcove/app@1",
                "name": "App",
                "trigger": { "type": "manual" },
                "pipeline": [],
                "actions": [{ "type": "set_state", "params": { "key": "k", "value": 1 } }],
            });
            *app.pointer_mut(pointer).unwrap() = with_text(value, &text);
            let app = app.to_string();
            let compilation = compile(app.as_bytes(), Catalog::shipped());
            let found = compilation.diagnostics.iter().any(|found| found.code.as_str() == *code);
            assert!(found, "{text:?} at {pointer}: {:?}", compilation.diagnostics);
        }
    }
}
