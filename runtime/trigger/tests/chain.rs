//! Rings of apps that set each other off.
#![expect(clippy::unwrap_used, reason = "a test whose help cannot go on has failed")]

use std::collections::BTreeSet;

use alcove_catalog::Catalog;
use alcove_compiler::compile;
use alcove_ids::AppId;
use alcove_trigger::chain::{Reach, check_activation};
use serde_json::json;

fn reach(app: &str, hears: &str, causes: &[&str]) -> Reach {
    Reach {
        app: AppId::parse(app).unwrap(),
        hears: (!hears.is_empty()).then(|| hears.to_owned()),
        causes: causes.iter().map(|&event| event.to_owned()).collect(),
    }
}

/// What activating `app` beside `active` is refused with; empty where it is not.
fn refusal(app: &Reach, active: &[Reach]) -> String {
    check_activation(app, active).err().map(|cycle| cycle.to_string()).unwrap_or_default()
}

#[test]
fn a_ring_is_named_as_the_way_around_it() {
    let first = reach("a", "xp.awarded", &["custom.x"]);
    let second = reach("b", "custom.x", &["xp.awarded"]);
    let ring = "apps would set each other off for ever: `b` —xp.awarded→ `a` —custom.x→ `b`";
    assert_eq!(refusal(&second, &[first]), ring);
}

#[test]
fn an_app_that_sets_off_itself_is_a_ring() {
    let app = reach("a", "custom.x", &["custom.x", "custom.y"]);
    assert_eq!(refusal(&app, &[]), "apps would set each other off for ever: `a` —custom.x→ `a`");
}

#[test]
fn the_shortest_way_is_named() {
    let active = [
        reach("long1", "custom.1", &["custom.2"]),
        reach("long2", "custom.2", &["custom.end"]),
        reach("short", "custom.1", &["custom.end"]),
    ];
    let app = reach("a", "custom.end", &["custom.1"]);
    assert_eq!(check_activation(&app, &active).unwrap_err().links.len(), 2);
}

#[test]
fn chains_that_end_and_rings_of_others_are_no_ring_of_this_app() {
    let active = [
        reach("b", "custom.1", &["custom.2"]),
        reach("c", "custom.2", &["custom.3"]),
        // A ring that this app is not part of, such as one from before the check.
        reach("d", "custom.3", &["custom.4"]),
        reach("e", "custom.4", &["custom.3"]),
    ];
    assert_eq!(refusal(&reach("a", "", &["custom.1"]), &active), "");
    assert_eq!(refusal(&reach("a", "custom.9", &["custom.1"]), &active), "");
}

#[test]
fn an_activation_replaces_the_version_that_was_active() {
    let old = reach("a", "custom.x", &["custom.x"]);
    assert_eq!(refusal(&reach("a", "custom.x", &["custom.y"]), &[old]), "");
}

#[test]
fn a_plan_causes_what_it_emits_and_what_its_actions_imply() {
    let app = json!({
        "schema": "alcove/app@1", "name": "Test", "trigger": {"type": "event", "event": "user.created"},
        "actions": [
            {"type": "award_xp", "params": {"user_id": "{{event.user_id}}", "amount": 5}},
            {"type": "emit_event", "params": {"event": "custom.welcomed", "payload": {}}},
        ],
    });
    let compiled = compile(app.to_string().as_bytes(), Catalog::shipped()).compiled.unwrap();
    let reach = Reach::of(AppId::parse("a").unwrap(), &compiled.plan, Catalog::shipped());
    assert_eq!(reach.hears.as_deref(), Some("user.created"));
    let causes = ["custom.welcomed", "milestone.reached", "xp.awarded"].map(str::to_owned);
    assert_eq!(reach.causes, BTreeSet::from(causes));
}
