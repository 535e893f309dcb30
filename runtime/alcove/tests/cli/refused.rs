//! Files and options of `run` that are refused: exit code 2, and the reason as a diagnostic.

use serde_json::{Value, json};

use crate::program::Program;

fn manual() -> Value {
    json!({
        "schema": "alcove/app@1",
        "name": "Manual",
        "trigger": { "type": "manual" },
        "actions": [{ "type": "set_state", "params": { "key": "k", "value": 1 } }],
    })
}

fn on_login() -> Value {
    json!({ "trigger": { "type": "event", "event": "user.login" }, "schema": "alcove/app@1", "name": "Login",
        "actions": [{ "type": "set_state", "params": { "key": "k", "value": "{{event.user_id}}" } }] })
}

/// The one diagnostic of a run with this file: its code, its path, its message.
fn refused(app: &Value, option: &str, file: &[u8]) -> (String, String, String) {
    let program = Program::new();
    program.json("app.json", app);
    program.file("file.json", file);
    let ended = program.call(["run", "app.json", option, "file.json", "--format", "json"]);
    assert_eq!(ended.code, 2, "{ended:?}");
    let mut diagnostics = ended.diagnostics();
    assert_eq!(diagnostics.len(), 1, "{ended:?}");
    diagnostics.remove(0)
}

fn code_and_path(found: &(String, String, String)) -> (&str, &str) {
    (&found.0, &found.1)
}

#[test]
fn rows_that_do_not_fit_the_catalog_are_refused_where_they_stand() {
    for (data, path, says) in [
        (r#"{"userz":[]}"#, "/userz", "userz"),
        (r#"{"users":{}}"#, "/users", "list"),
        (r#"{"users":[{"id":"u1"},{"id":"u2","nme":"x"}]}"#, "/users/1/nme", "did you mean `name`"),
        (r#"{"users":[{"name":"x"}]}"#, "/users/0", "`id`"),
        (r#"{"users":[{"id":"u1","xp_total":"7"}]}"#, "/users/0/xp_total", "xp_total"),
        ("[]", "", "object"),
        ("{", "", ""),
    ] {
        let found = refused(&manual(), "--data", data.as_bytes());
        assert_eq!(code_and_path(&found), ("invalid-data", path), "{data}: {found:?}");
        assert!(found.2.contains(says), "{data}: {found:?}");
    }
}

#[test]
fn a_name_that_is_said_twice_is_refused_wherever_it_stands() {
    for data in [r#"{"users":[],"users":[]}"#, r#"{"users":[{"id":"u1","role":"member","role":"admin"}]}"#] {
        let found = refused(&manual(), "--data", data.as_bytes());
        assert_eq!(found.0, "invalid-data", "{found:?}");
        assert!(found.2.contains("is repeated"), "{found:?}");
    }
    let event = br#"{"type":"user.login","payload":{"user_id":"u1","user_id":"u2"}}"#;
    assert_eq!(refused(&on_login(), "--event", event).0, "invalid-event");
}

#[test]
fn numbers_that_are_too_large_and_brackets_without_end_are_refused() {
    let deep = format!(r#"{{"users":[{{"id":"u1","profile":{}}}]}}"#, "[".repeat(1_000_000));
    let huge = r#"{"users":[{"id":"u1","engagement_score":1e1000000}]}"#;
    let digits = format!(r#"{{"users":[{{"id":"u1","engagement_score":{}}}]}}"#, "9".repeat(1_000_000));
    let half = r#"{"users":[{"id":"\ud800"}]}"#;
    for data in [deep.as_str(), huge, &digits, half] {
        let found = refused(&manual(), "--data", data.as_bytes());
        assert_eq!(found.0, "invalid-data");
        assert!(found.2.len() < 200, "{found:?}");
    }
}

#[test]
fn two_rows_with_one_id_are_refused() {
    let found = refused(&manual(), "--data", br#"{"users":[{"id":"u1"},{"id":"u1"}]}"#);
    assert_eq!(code_and_path(&found), ("invalid-data", "/users/1/id"), "{found:?}");
}

#[test]
fn a_tick_of_a_schedule_says_what_was_missed_and_nothing_else() {
    let mut app = manual();
    app["trigger"] = json!({ "type": "scheduled", "cron": "0 8 * * *" });
    for (event, path) in [
        (r#"{"type":"user.login","payload":{"user_id":"u1"}}"#, "/type"),
        (r#"{"payload":{"mist":1}}"#, "/payload"),
        (r#"{"payload":{"missed":-1}}"#, "/payload/missed"),
    ] {
        let found = refused(&app, "--event", event.as_bytes());
        assert_eq!(code_and_path(&found), ("invalid-event", path), "{event}: {found:?}");
    }
}

#[test]
fn events_that_do_not_fit_the_catalog_are_refused_where_they_stand() {
    for (event, path, says) in [
        (r#"{"payload":{"user_id":"u1"}}"#, "", "type"),
        (r#"{"type":"user.login","payload":{}}"#, "/payload", "user_id"),
        (r#"{"type":"user.login","payload":{"user_id":7}}"#, "/payload/user_id", "user_id"),
        (r#"{"type":"user.login","payload":{"user_id":"u1"},"when":1}"#, "/when", "no such key"),
        (r#"{"type":"user.login","timestamp":"noon","payload":{"user_id":"u1"}}"#, "/timestamp", "RFC 3339"),
        ("[]", "", "object"),
    ] {
        let found = refused(&on_login(), "--event", event.as_bytes());
        assert_eq!(code_and_path(&found), ("invalid-event", path), "{event}: {found:?}");
        assert!(found.2.contains(says), "{event}: {found:?}");
    }
}

#[test]
fn an_event_of_another_type_and_no_event_at_all_are_refused() {
    let found = refused(&on_login(), "--event", br#"{"type":"user.deleted","payload":{"user_id":"u1"}}"#);
    assert!(found.2.contains("user.login") && found.2.contains("user.deleted"), "{found:?}");
    let program = Program::new();
    program.json("app.json", &on_login());
    let ended = program.call(["run", "app.json", "--format", "json"]);
    assert_eq!(ended.code, 2, "{ended:?}");
    assert!(ended.diagnostics()[0].2.contains("user.login"), "{ended:?}");
}

#[test]
fn a_cassette_with_a_misspelt_key_is_refused() {
    let found = refused(&manual(), "--ai", br#"{"replies":[{"contain":"x","reply":"y"}]}"#);
    assert_eq!(found.0, "invalid-cassette", "{found:?}");
}

#[test]
fn options_that_mean_nothing_are_refused() {
    let program = Program::new();
    program.json("app.json", &manual());
    for (option, value, says) in [
        ("--now", "noon", "RFC 3339"),
        ("--tier", "gold", "free, starter, pro, enterprise"),
        ("--delay", "day1", "manual"),
        ("--data", "missing.json", "No such file"),
    ] {
        let ended = program.call(["run", "app.json", option, value, "--format", "json"]);
        assert_eq!(ended.code, 2, "{ended:?}");
        let (code, _, message) = ended.diagnostics().remove(0);
        assert_eq!(code, if option == "--data" { "unreadable" } else { "usage" });
        assert!(message.contains(says), "{option}: {message}");
    }
}

#[test]
fn an_invalid_app_is_not_run() {
    let program = Program::new();
    program.file("app.json", br#"{"schema":"alcove/app@1"}"#);
    let ended = program.call(["run", "app.json", "--format", "json"]);
    assert_eq!(ended.code, 2);
    assert!(ended.diagnostics().iter().any(|(code, ..)| code == "missing-key"), "{ended:?}");
}

#[test]
fn for_people_the_reason_is_on_standard_error() {
    let program = Program::new();
    program.json("app.json", &manual());
    program.json("data.json", &json!({ "userz": [] }));
    let ended = program.call(["run", "app.json", "--data", "data.json"]);
    assert_eq!((ended.code, ended.out.as_str()), (2, ""));
    assert!(ended.err.contains("error[invalid-data]") && ended.err.contains("data.json"), "{ended:?}");
}

#[test]
fn an_app_that_is_too_large_is_refused_by_its_size_and_not_cut() {
    let program = Program::new();
    for (bytes, code) in [(5 << 20, "config-too-large"), ((64 << 20) + 1, "unreadable")] {
        program.file("app.json", &vec![b' '; bytes]);
        let ended = program.call(["validate", "app.json", "--format", "json"]);
        assert_eq!((ended.code, ended.diagnostics()[0].0.as_str()), (2, code));
    }
}
