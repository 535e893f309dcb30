//! `validate`, `compile`, `inspect` and `explain`.

use std::fs;

use serde_json::json;

use crate::program::{Program, corpus};

const CASE: &str = "welcome-xp-bonus";

fn broken() -> serde_json::Value {
    json!({
        "schema": "alcove/app@1",
        "name": "Broken",
        "trigger": { "type": "event", "event": "user.creatd" },
        "actions": [{ "type": "send_notification", "params": { "user_id": "u1", "mesage": "hi" } }],
    })
}

#[test]
fn a_valid_app_validates_with_exit_code_0() {
    let program = Program::new();
    let app = corpus(CASE, "app.json");
    let ended = program.call(["validate".as_ref(), app.as_os_str()]);
    assert_eq!((ended.code, ended.err.as_str()), (0, ""), "{ended:?}");
    assert!(ended.out.starts_with("valid"), "{ended:?}");
    let ended = program.call(["validate".as_ref(), app.as_os_str(), "--format".as_ref(), "json".as_ref()]);
    assert_eq!((ended.code, ended.json()), (0, json!({ "diagnostics": [] })));
}

#[test]
fn an_invalid_app_gives_all_its_diagnostics_with_exit_code_2() {
    let program = Program::new();
    program.json("app.json", &broken());
    let ended = program.call(["validate", "app.json", "--format", "json"]);
    assert_eq!(ended.code, 2);
    let codes: Vec<_> = ended.diagnostics().into_iter().map(|(code, path, _)| (code, path)).collect();
    for (code, path) in [
        ("unknown-event", "/trigger/event"),
        ("unknown-param", "/actions/0/params/mesage"),
        ("missing-param", "/actions/0/params"),
    ] {
        assert!(codes.contains(&(code.to_owned(), path.to_owned())), "{code} at {path}: {codes:?}");
    }
    let first = &ended.json()["diagnostics"][0];
    for key in ["severity", "code", "path", "line", "column", "message"] {
        assert!(!first[key].is_null(), "{key}: {first}");
    }
}

#[test]
fn diagnostics_for_people_are_drawn_over_the_source() {
    let program = Program::new();
    program.json("app.json", &broken());
    let ended = program.call(["validate", "app.json"]);
    assert_eq!(ended.code, 2);
    for part in ["app.json:1:", "unknown-event", "user.created", "^"] {
        assert!(ended.out.contains(part), "{part}: {}", ended.out);
    }
    assert!(!ended.out.contains('\u{1b}'), "no colours where nobody looks: {}", ended.out);
}

#[test]
fn an_app_is_read_from_standard_input() {
    let program = Program::new();
    let app = fs::read(corpus(CASE, "app.json")).unwrap();
    let ended = program.call_with_input(["validate", "-", "--format", "json"], &app);
    assert_eq!((ended.code, ended.json()), (0, json!({ "diagnostics": [] })));
    let ended = program.call_with_input(["validate", "-", "--format", "json"], b"{");
    assert_eq!((ended.code, ended.diagnostics()[0].0.as_str()), (2, "syntax"));
}

#[test]
fn two_compiles_give_the_same_bytes_and_the_plan_can_be_inspected() {
    let program = Program::new();
    let app = corpus(CASE, "app.json");
    for plan in ["a.plan", "b.plan"] {
        let ended = program.call(["compile".as_ref(), app.as_os_str(), "-o".as_ref(), plan.as_ref()]);
        assert_eq!(ended.code, 0, "{ended:?}");
    }
    let bytes = fs::read(program.path("a.plan")).unwrap();
    assert_eq!(bytes, fs::read(program.path("b.plan")).unwrap());
    let ended = program.call(["inspect", "a.plan"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(ended.out.starts_with("plan ") && ended.out.contains("award_xp"), "{ended:?}");
}

#[test]
fn an_invalid_app_compiles_to_nothing() {
    let program = Program::new();
    program.json("app.json", &broken());
    let ended = program.call(["compile", "app.json", "-o", "app.plan", "--format", "json"]);
    assert_eq!(ended.code, 2);
    assert!(!ended.diagnostics().is_empty());
    assert!(!program.path("app.plan").exists());
}

#[test]
fn a_damaged_plan_is_refused() {
    let program = Program::new();
    let app = corpus(CASE, "app.json");
    program.call(["compile".as_ref(), app.as_os_str(), "-o".as_ref(), "good.plan".as_ref()]);
    let mut bytes = fs::read(program.path("good.plan")).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    program.file("bad.plan", &bytes);
    let ended = program.call(["inspect", "bad.plan"]);
    assert_eq!((ended.code, ended.out.as_str()), (2, ""));
    assert!(ended.err.contains("damaged"), "{ended:?}");
    let ended = program.call(["run", "bad.plan", "--format", "json"]);
    assert_eq!((ended.code, ended.diagnostics()[0].0.as_str()), (2, "invalid-plan"));
}

#[test]
fn what_an_app_may_touch_is_explained() {
    let program = Program::new();
    let app = corpus(CASE, "app.json");
    let ended = program.call(["explain".as_ref(), app.as_os_str()]);
    assert_eq!(ended.code, 0, "{ended:?}");
    for part in ["rooms", "award_xp", "create_post", "slug"] {
        assert!(ended.out.contains(part), "{part}: {}", ended.out);
    }
    let ended = program.call(["explain".as_ref(), app.as_os_str(), "--format".as_ref(), "json".as_ref()]);
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(ended.json().is_object());

    let of_app = program.call(["explain".as_ref(), app.as_os_str()]).out;
    assert_eq!(program.call(["compile".as_ref(), app.as_os_str(), "-o".as_ref(), "app.plan".as_ref()]).code, 0);
    assert_eq!(program.call(["explain", "app.plan"]).out, of_app, "a plan says the same as its app");
}

#[test]
fn usage_errors_have_exit_code_2() {
    let program = Program::new();
    for args in [vec![], vec!["frobnicate"], vec!["validate"], vec!["validate", "a", "--format", "xml"], vec!["run"]] {
        let ended = program.call(&args);
        assert_eq!((ended.code, ended.out.as_str()), (2, ""), "{args:?}: {ended:?}");
        assert!(ended.err.contains("Usage") || ended.err.contains("possible values"), "{args:?}: {ended:?}");
    }
    for args in [["--help"], ["--version"]] {
        assert_eq!(program.call(args).code, 0);
    }
}
