//! The limits of a run, from the app to the report: each at its value, and one past it.

mod cancel;
mod data;
mod quotas;
mod sandbox;

use serde_json::{Value as Json, json};

/// Code, limit and value of a run that stopped at a limit.
fn stop(report: &Json) -> (&str, &str, u64) {
    let error = &report["error"];
    let (code, limit) = (error["code"].as_str(), &error["limit"]);
    let named = limit["name"].as_str().zip(limit["value"].as_u64());
    match (code, named) {
        (Some(code), Some((name, value))) => (code, name, value),
        _ => panic!("the run did not stop at a limit: {report:#}"),
    }
}

fn succeeded(report: &Json) -> bool {
    report["status"] == "succeeded"
}

fn effects(report: &Json) -> usize {
    report["effects"].as_array().unwrap().len()
}

/// A loop over the list `event.items`.
fn for_each(actions: &Json) -> Json {
    json!([{ "type": "for_each", "items": "{{event.items}}", "as": "one", "actions": actions }])
}

/// An event with a list of so many items.
fn items(count: usize) -> Json {
    json!({ "items": (0..count).collect::<Vec<_>>() })
}

fn one_user() -> Json {
    json!({ "users": [{ "id": "u1", "name": "Ada" }] })
}
