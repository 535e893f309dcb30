//! `run`: reports, in the shape that is promised, and exit codes.

use std::{ffi::OsString, fs, path::Path};

use serde_json::{Value, json};

use crate::program::{Ended, Program, corpus};

/// Runs a case of the corpus with everything that its folder has.
fn run_case(program: &Program, case: &str, more: &[&str]) -> Ended {
    let app = corpus(case, "app.json");
    program.call(arguments(app.into(), case, more))
}

fn arguments(app: OsString, case: &str, more: &[&str]) -> Vec<OsString> {
    let mut args: Vec<OsString> = vec!["run".into(), app];
    for (option, file) in [("--data", "data.json"), ("--event", "event.json"), ("--ai", "ai.json")] {
        let path = corpus(case, file);
        if path.exists() {
            args.extend([option.into(), path.into_os_string()]);
        }
    }
    args.extend(["--now", "2026-11-16T07:00:00Z", "--format", "json"].map(OsString::from));
    args.extend(more.iter().map(OsString::from));
    args
}

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

/// What a report says happened.
fn happened(report: &Value) -> Value {
    let effect = |effect: &Value| json!({ "action": effect["action"], "params": effect["params"] });
    report["effects"].as_array().unwrap().iter().map(effect).collect()
}

#[test]
fn a_run_that_succeeds_reports_effects_log_usage_and_result() {
    let ended = run_case(&Program::new(), "welcome-xp-bonus", &[]);
    assert_eq!((ended.code, ended.err.as_str()), (0, ""), "{ended:?}");
    let report = ended.json();
    assert_eq!(report["status"], "succeeded");
    for key in ["effects", "log", "usage", "result"] {
        assert!(keys(&report).contains(&key), "{key}: {report:#}");
    }
    assert!(report.get("error").is_none() && report.get("reason").is_none());
    let effect = &report["effects"][0];
    assert_eq!(keys(effect), ["effect_id", "action", "params", "result"]);
    assert_eq!(effect["action"], "award_xp");
    assert_eq!(effect["params"], json!({ "user_id": "u2", "amount": 100, "reason": "Welcome bonus" }));
    assert_eq!(effect["result"], json!({ "xp_total": 150 }));
    for key in ["fuel", "peak_memory_bytes", "host_calls", "effects"] {
        assert!(report["usage"][key].as_u64().unwrap() > 0, "{key}: {report:#}");
    }
}

#[test]
fn the_same_run_gives_the_same_report() {
    let program = Program::new();
    let run = || {
        let mut report = run_case(&program, "weekly-xp-digest", &[]).json();
        report["usage"]["wall_ms"] = Value::Null;
        report
    };
    assert_eq!(run(), run());
}

#[test]
fn a_plan_runs_as_its_app_does() {
    let program = Program::new();
    for case in ["content-moderator", "purchase-thank-you", "weekly-xp-digest"] {
        let (app, plan) = (corpus(case, "app.json"), program.path("app.plan"));
        let compile = ["compile".as_ref(), app.as_os_str(), "-o".as_ref(), plan.as_os_str()];
        assert_eq!(program.call(compile).code, 0);
        let (mut from_app, mut from_plan) =
            (run_case(&program, case, &[]).json(), program.call(arguments(plan.into(), case, &[])).json());
        for report in [&mut from_app, &mut from_plan] {
            report["usage"]["wall_ms"] = Value::Null;
        }
        assert_eq!(from_app, from_plan);
    }
}

#[test]
fn an_app_and_a_plan_are_run_from_standard_input() {
    let program = Program::new();
    let case = "welcome-xp-bonus";
    let app = fs::read(corpus(case, "app.json")).unwrap();
    let ended = program.call_with_input(arguments("-".into(), case, &[]), &app);
    assert_eq!(ended.code, 0, "{ended:?}");
    program.file("app.json", &app);
    program.call(["compile", "app.json", "-o", "app.plan"]);
    let plan = fs::read(program.path("app.plan")).unwrap();
    let from_plan = program.call_with_input(arguments("-".into(), case, &[]), &plan);
    assert_eq!(ended.json()["effects"], from_plan.json()["effects"]);
}

#[test]
fn an_event_that_the_filter_refuses_is_skipped_with_exit_code_0() {
    let ended = run_case(&Program::new(), "event-that-the-filter-refuses-is-skipped", &[]);
    let report = ended.json();
    assert_eq!(ended.code, 0);
    assert_eq!((&report["status"], &report["reason"]), (&json!("skipped"), &json!("filter")));
    assert_eq!(report["effects"], json!([]));
}

#[test]
fn a_run_that_waits_has_exit_code_0() {
    let ended = run_case(&Program::new(), "request-approval-waits-and-performs-nothing-after-it", &[]);
    assert_eq!((ended.code, &ended.json()["status"]), (0, &json!("waiting")));
}

#[test]
fn a_run_that_fails_says_why_with_exit_code_1() {
    let ended = run_case(&Program::new(), "id-that-names-no-row-fails-with-e005", &[]);
    let report = ended.json();
    assert_eq!((ended.code, &report["status"]), (1, &json!("failed")));
    assert_eq!(keys(&report["error"]), ["code", "path", "message"]);
    assert_eq!((&report["error"]["code"], &report["error"]["path"]), (&json!("E005"), &json!("/actions/1")));
    assert!(report["error"]["message"].as_str().unwrap().contains("`nobody`"));
    assert_eq!(report["effects"].as_array().unwrap().len(), 1, "what was done before is reported: {report:#}");
}

#[test]
fn a_tier_holds_the_run_to_its_quota() {
    let program = Program::new();
    let case = "tier-quota-of-emails-stops-with-e002";
    let ended = run_case(&program, case, &["--tier", "free"]);
    let report = ended.json();
    assert_eq!((ended.code, &report["error"]["code"]), (1, &json!("E002")));
    assert_eq!(report["error"]["limit"], json!({ "name": "emails_per_day", "value": 100 }));
    assert_eq!(run_case(&program, case, &["--tier", "starter"]).code, 0);
    assert_eq!(run_case(&program, case, &[]).code, 0);
}

#[test]
fn a_dry_run_records_effects_with_null_results() {
    let program = Program::new();
    let report = run_case(&program, "purchase-thank-you", &["--dry-run"]).json();
    assert_eq!(report["status"], "succeeded");
    assert_eq!(happened(&report), happened(&run_case(&program, "purchase-thank-you", &[]).json()));
    assert!(report["effects"].as_array().unwrap().iter().all(|effect| effect["result"].is_null()));
}

#[test]
fn a_delayed_app_fires_all_delays_or_the_one_that_is_named() {
    let program = Program::new();
    let case = "delayed-run-fires-each-delay-and-skips-where-when-does-not-hold";
    let ended = run_case(&program, case, &[]);
    let report = ended.json();
    assert_eq!((ended.code, &report["status"]), (0, &json!("succeeded")));
    let delays: Vec<_> = report["runs"].as_array().unwrap().iter().map(|run| (&run["delay"], &run["status"])).collect();
    let (day, week, month) = (json!("day1"), json!("week1"), json!("month1"));
    let (succeeded, skipped) = (json!("succeeded"), json!("skipped"));
    assert_eq!(delays, [(&day, &succeeded), (&week, &skipped), (&month, &succeeded)]);
    assert_eq!(report["effects"].as_array().unwrap().len(), 2);

    let report = run_case(&program, case, &["--delay", "month1"]).json();
    assert_eq!(report["effects"][0]["params"]["message"], "month1 is delay number 2");
    assert_eq!(report["effects"].as_array().unwrap().len(), 1);
    let ended = run_case(&program, case, &["--delay", "year1"]);
    assert_eq!((ended.code, ended.diagnostics()[0].0.as_str()), (2, "usage"));
}

#[test]
fn a_cassette_answers_for_the_model() {
    let report = run_case(&Program::new(), "content-moderator", &[]).json();
    assert_eq!(report["status"], "succeeded");
    assert_eq!(report["usage"]["ai_calls"], 1);
    assert!(report["usage"]["ai_tokens_in"].as_u64().unwrap() > 0);
    let actions: Vec<_> =
        report["effects"].as_array().unwrap().iter().map(|effect| effect["action"].as_str().unwrap()).collect();
    assert_eq!(actions, ["ai_classify", "flag_post"]);
}

#[test]
fn now_is_what_the_option_says() {
    let program = Program::new();
    program.json(
        "app.json",
        &json!({
            "schema": "alcove/app@1",
            "name": "Clock",
            "trigger": { "type": "scheduled", "cron": "0 8 * * *" },
            "actions": [{ "type": "set_state", "params": { "key": "now", "value": "{{now}}" } }],
        }),
    );
    let ended = program.call(["run", "app.json", "--now", "2030-02-03T04:05:06+01:00", "--format", "json"]);
    assert_eq!(ended.json()["effects"][0]["params"]["value"], "2030-02-03T03:05:06Z");
    assert_eq!(program.call(["run", "app.json"]).code, 0, "without it, it is the clock's");
}

#[test]
fn a_scheduled_app_is_told_how_many_ticks_were_missed() {
    let program = Program::new();
    program.json(
        "app.json",
        &json!({
            "schema": "alcove/app@1",
            "name": "Late",
            "trigger": { "type": "scheduled", "cron": "0 8 * * *" },
            "actions": [{ "type": "set_state", "params": { "key": "missed", "value": "{{event.missed}}" } }],
        }),
    );
    program.json("late.json", &json!({ "payload": { "missed": 3 } }));
    let late = program.call(["run", "app.json", "--event", "late.json", "--format", "json"]);
    assert_eq!(late.json()["effects"][0]["params"]["value"], 3);
    let in_time = program.call(["run", "app.json", "--format", "json"]);
    assert_eq!(in_time.json()["effects"][0]["params"]["value"], 0);
}

#[test]
fn a_manual_app_takes_input_of_any_shape() {
    let program = Program::new();
    program.json(
        "app.json",
        &json!({
            "schema": "alcove/app@1",
            "name": "Manual",
            "trigger": { "type": "manual" },
            "actions": [{ "type": "set_state", "params": { "key": "k", "value": "{{event.a.b[1]}}" } }],
        }),
    );
    program.json("input.json", &json!({ "payload": { "a": { "b": [1, { "c": "two" }] } } }));
    let ended = program.call(["run", "app.json", "--event", "input.json", "--format", "json"]);
    assert_eq!(ended.json()["effects"][0]["params"]["value"], json!({ "c": "two" }), "{ended:?}");
}

#[test]
fn what_others_wrote_cannot_command_the_terminal() {
    let program = Program::new();
    let hostile = "a\u{1b}]0;title\u{7}\u{1b}[2J\r\nb\u{9b}31m\u{202e}c";
    let app = program.json(
        "app.json",
        &json!({
            "schema": "alcove/app@1",
            "name": format!("App {hostile}"),
            "trigger": { "type": "event", "event": "custom.x" },
            "actions": [
                { "type": "set_state", "params": { "key": "k", "value": "{{event.text}}" } },
                { "type": "award_xp", "params": { "user_id": "{{event.text}}", "amount": 1 } },
            ],
        }),
    );
    let payload = json!({ "text": hostile });
    let event = program.json("event.json", &json!({ "type": "custom.x", "payload": payload }));
    let data = program.json("data.json", &json!({ hostile: [] }));
    let wrong = program.json("wrong.json", &json!({ hostile: hostile, "trigger": { "type": hostile } }));
    let args = |args: &[&Path]| args.iter().map(|arg| arg.as_os_str().to_owned()).collect::<Vec<_>>();
    let calls = [
        args(&["run".as_ref(), &app, "--event".as_ref(), &event]),
        args(&["run".as_ref(), &app, "--event".as_ref(), &event, "--format".as_ref(), "json".as_ref()]),
        args(&["run".as_ref(), &app, "--data".as_ref(), &data]),
        args(&["validate".as_ref(), &wrong]),
        args(&["validate".as_ref(), &wrong, "--format".as_ref(), "json".as_ref()]),
        args(&["explain".as_ref(), &app]),
        args(&["explain".as_ref(), hostile.as_ref()]),
    ];
    for call in calls {
        let ended = program.call(&call);
        let all = format!("{}{}", ended.out, ended.err);
        let commands = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
        assert!(!all.is_empty() && !all.contains(commands), "{call:?}: {all:?}");
    }
}

#[test]
fn for_people_a_run_is_told_in_words() {
    let program = Program::new();
    let case = "welcome-xp-bonus";
    let [app, data, event] = ["app.json", "data.json", "event.json"].map(|file| corpus(case, file).into_os_string());
    let ended = program.call(["run".into(), app, "--data".into(), data, "--event".into(), event]);
    assert_eq!(ended.code, 0, "{ended:?}");
    for part in ["succeeded", "award_xp", "create_post"] {
        assert!(ended.out.contains(part), "{part}: {}", ended.out);
    }
}
