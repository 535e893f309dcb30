//! `replay`, `export` and `shadow`: what was recorded, read beside the server that recorded it and on other machines.

use std::fs;

use serde_json::json;

use crate::{
    node::Node,
    program::{Ended, Program},
};

const CANARY: &str = "canary@example.com";

fn app(greeting: &str) -> String {
    json!({
        "schema": "alcove/app@1", "name": "Greets", "trigger": { "type": "manual" },
        "pipeline": [{ "id": "all", "connector": "users", "fields": ["id", "email"] }],
        "actions": [{ "type": "for_each", "items": "{{steps.all.data}}", "as": "user", "actions": [
            { "type": "send_notification",
              "params": { "user_id": "{{user.id}}", "message": format!("{greeting} {{{{user.email}}}}") } },
        ] }],
    })
    .to_string()
}

/// A node with an app that has run twice, and the ids of its runs.
fn recorded(program: &Program) -> (Node, Vec<String>) {
    program.json("rows.json", &json!({ "users": [{ "id": "u1", "email": CANARY }, { "id": "u2" }] }));
    let loaded = program.call(["load", "--database", "sqlite:node.db", "--tenant", "t1", "--data", "rows.json"]);
    assert_eq!(loaded.code, 0, "{loaded:?}");
    let node = Node::start(program);
    node.post("/v1/apps?id=greets&status=active", &app("hello"));
    let mut runs = Vec::new();
    for wait in ["30s", "29s"] {
        let run = node.post(&format!("/v1/apps/greets:run?wait={wait}"), "null");
        assert_eq!(run["status"], "succeeded", "{run}");
        runs.push(run["id"].as_str().unwrap().to_owned());
    }
    (node, runs)
}

fn on_database(program: &Program, args: &[&str]) -> Ended {
    let database = ["--database", "sqlite:node.db", "--tenant", "t1", "--format", "json"];
    program.call(args.iter().chain(&database).copied())
}

#[test]
fn a_run_is_replayed_beside_its_server_and_from_a_file_on_another_machine() {
    let program = Program::new();
    let (node, runs) = recorded(&program);
    let ended = on_database(&program, &["replay", &runs[0]]);
    assert_eq!(ended.code, 0, "{ended:?}");
    let report = ended.json();
    assert_eq!((&report["status"], &report["run"]), (&json!("replayed"), &json!("succeeded")), "{report}");
    assert_eq!((&report["effects"], &report["reads"]), (&json!(2), &json!(1)), "{report}");
    assert_eq!(node.post(&format!("/v1/executions/{}:replay", runs[0]), ""), report);

    for (file, redact) in [("open.alcove-run", &[][..]), ("closed.alcove-run", &["--redact"])] {
        let ended = on_database(&program, &[&["export", &runs[0], "-o", file][..], redact].concat());
        assert_eq!(ended.code, 0, "{ended:?}");
        assert!(ended.json()["comparable_until"].is_null(), "{ended:?}");
        let elsewhere = Program::new();
        let bytes = fs::read(program.path(file)).unwrap();
        let named = bytes.windows(CANARY.len()).any(|window| window == CANARY.as_bytes());
        assert_eq!(named, redact.is_empty(), "{file}");
        elsewhere.file("it.alcove-run", &bytes);
        let ended = elsewhere.call(["replay", "it.alcove-run"]);
        assert_eq!((ended.code, ended.err.as_str()), (0, ""), "{ended:?}");
        assert!(ended.out.starts_with("replayed: ") && ended.out.contains("2 effects, 1 pages read"), "{ended:?}");
    }
}

#[test]
fn other_versions_run_in_the_shadow_of_the_last_runs() {
    let program = Program::new();
    let (_node, _) = recorded(&program);
    program.file("other.json", app("good day").as_bytes());
    for (version, last, summary) in [
        ("1", "10", json!({ "runs": 2, "same": 2, "different": 0, "incomplete": 0, "failed": 0 })),
        ("other.json", "1", json!({ "runs": 1, "same": 0, "different": 1, "incomplete": 0, "failed": 0 })),
    ] {
        let ended = on_database(&program, &["shadow", "greets", version, "--last", last]);
        assert_eq!(ended.code, 0, "{ended:?}");
        assert_eq!(ended.json()["summary"], summary, "{ended:?}");
    }
    let database = ["--database", "sqlite:node.db", "--tenant", "t1"];
    let ended = program.call(["shadow", "greets", "other.json"].iter().chain(&database).copied());
    assert!(ended.code == 0 && ended.out.contains("~ send_notification") && ended.out.contains("2 runs"), "{ended:?}");
    let ended = on_database(&program, &["shadow", "greets", "7"]);
    assert_eq!((ended.code, ended.diagnostics()[0].0.as_str()), (2, "unknown-version"));
    program.file("broken.json", b"{}");
    assert_eq!(on_database(&program, &["shadow", "greets", "broken.json"]).code, 2);
}

#[test]
fn what_is_not_there_or_damaged_is_refused_and_nothing_is_made() {
    let program = Program::new();
    let ended = on_database(&program, &["replay", "run_nothing"]);
    assert_eq!((ended.code, ended.diagnostics()[0].0.as_str()), (2, "unavailable"));
    assert!(!program.path("node.db").exists(), "a database was made");
    program.file("node.db", b"");
    let ended = on_database(&program, &["replay", "run_nothing"]);
    assert!(ended.code == 2 && ended.out.contains("version 0"), "{ended:?}");
    fs::remove_file(program.path("node.db")).unwrap();

    let (_node, runs) = recorded(&program);
    for args in [&["replay", "run_nothing"][..], &["export", "run_nothing", "-o", "no.alcove-run"]] {
        let ended = on_database(&program, args);
        assert_eq!((ended.code, ended.diagnostics()[0].0.as_str()), (2, "unknown-run"), "{ended:?}");
    }
    assert!(!program.path("no.alcove-run").exists());
    let ended = on_database(&program, &["export", &runs[0], "-o", "it.alcove-run"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    let mut bytes = fs::read(program.path("it.alcove-run")).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    program.file("it.alcove-run", &bytes);
    let ended = program.call(["replay", "it.alcove-run", "--format", "json"]);
    assert_eq!((ended.code, ended.diagnostics()[0].0.as_str()), (2, "invalid-bundle"));
    assert_eq!(program.call(["replay", &runs[0], "--database", "sqlite:node.db"]).code, 2, "whose is it?");
}
