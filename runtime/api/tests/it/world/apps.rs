//! Apps that tests use.

use serde_json::{Value, json};

/// On each new user, one local effect, as many runs at a time as there are users.
pub(crate) const WELCOME: &str = r#"{
  "schema": "alcove/app@1", "name": "Welcome",
  "trigger": { "type": "event", "event": "user.created" },
  "actions": [{ "type": "send_notification", "params": { "user_id": "{{event.user_id}}", "message": "Hi" } }],
  "settings": { "concurrency": "parallel" }
}"#;

/// Started by hand, with an input.
pub(crate) const MANUAL: &str = r#"{
  "schema": "alcove/app@1", "name": "Manual",
  "trigger": { "type": "manual" },
  "actions": [
    { "type": "send_notification", "params": { "user_id": "u1", "message": "{{event.text | default:\"none\"}}" } }
  ]
}"#;

/// Asks before it acts.
pub(crate) const APPROVAL: &str = r#"{
  "schema": "alcove/app@1", "name": "Careful",
  "trigger": { "type": "event", "event": "user.created" },
  "actions": [
    { "type": "request_approval", "params": { "title": "May it?", "message": "About {{event.user_id}}" } },
    { "type": "send_notification", "params": { "user_id": "{{event.user_id}}", "message": "Hi" } }
  ],
  "settings": { "concurrency": "parallel" }
}"#;

/// Fails with E005: the user is not there.
pub(crate) const FAILING: &str = r#"{
  "schema": "alcove/app@1", "name": "Failing",
  "trigger": { "type": "event", "event": "user.created" },
  "actions": [{ "type": "award_xp", "params": { "user_id": "nobody", "amount": 1 } }],
  "settings": { "concurrency": "parallel", "auto_pause_after": 100 }
}"#;

/// Hears the event that it causes.
pub(crate) const AWARD: &str = r#"{
  "schema": "alcove/app@1", "name": "Award",
  "trigger": { "type": "event", "event": "custom.awarded" },
  "actions": [{ "type": "emit_event", "params": { "event": "custom.awarded", "payload": {} } }]
}"#;

/// An app with another name.
pub(crate) fn named(app: &str, name: &str) -> Value {
    let mut app: Value = serde_json::from_str(app).unwrap();
    app["name"] = json!(name);
    app
}
