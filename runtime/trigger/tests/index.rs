//! Which apps an event makes run: the index against every filter asked by itself.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test whose help cannot go on has failed"
)]

use std::sync::Arc;

use alcove_catalog::Catalog;
use alcove_compiler::{Compiled, compile};
use alcove_ids::{AppId, TenantId};
use alcove_plan::{
    codec::Input,
    envelope::Digest,
    trigger::Delay,
    value::{Timestamp, Value},
};
use alcove_trigger::index::{Start, Subscription, Triggers};
use proptest::prelude::*;
use serde_json::{Value as Json, json};

const NOW: &str = "2026-03-01T08:00:00Z";

fn now() -> Timestamp {
    Timestamp::parse(NOW).unwrap()
}

fn tenant() -> TenantId {
    TenantId::parse("acme").unwrap()
}

fn compiled(trigger: &Json, action: &Json, settings: &Json) -> Compiled {
    let app = json!({
        "schema": "alcove/app@1", "name": "Test", "trigger": trigger, "actions": [action], "settings": settings,
    });
    let compilation = compile(app.to_string().as_bytes(), Catalog::shipped()).compiled;
    compilation.unwrap_or_else(|| panic!("`{app}` does not compile"))
}

fn local_action() -> Json {
    json!({"type": "delete_state", "params": {"key": "a"}})
}

fn parallel() -> Json {
    json!({"concurrency": "parallel", "max_concurrency": 10})
}

fn app(filter: Option<&Json>) -> Compiled {
    let mut trigger = json!({"type": "event", "event": "custom.sale"});
    if let Some(filter) = filter {
        trigger["filter"] = filter.clone();
    }
    compiled(&trigger, &local_action(), &parallel())
}

fn subscription(id: &str, app: &Compiled) -> Arc<Subscription> {
    let (id, digest) = (AppId::parse(id).unwrap(), Digest([0; 32]));
    Subscription::of(id, 1, digest, (&app.plan, &app.program), Catalog::shipped()).unwrap().unwrap().into()
}

fn loaded(apps: &[Compiled]) -> Triggers {
    let triggers = Triggers::default();
    // Backwards, so that the order of the answer cannot be the order of loading.
    let subscriptions =
        apps.iter().enumerate().rev().map(|(at, app)| subscription(&format!("app_{at:04}"), app)).collect();
    triggers.replace_tenant(&tenant(), 7, subscriptions);
    triggers
}

fn found(triggers: &Triggers, event: &Value) -> Vec<String> {
    let matches = triggers.matching(&tenant(), "custom.sale", event, now());
    matches.runs.iter().map(|run| run.app.to_string()).collect()
}

/// Every filter asked by itself, in its own whole program.
fn scanned(apps: &[Compiled], event: &Value) -> Vec<String> {
    let input = Input {
        now: now(),
        tenant_id: String::new(),
        app_id: String::new(),
        execution_id: String::new(),
        delay: None,
        zone: None,
        event: event.clone(),
    };
    let passes = |app: &Compiled| alcove_executor::matches(&app.program, &input).unwrap_or(true);
    let passing = apps.iter().enumerate().filter(|(_, app)| passes(app));
    passing.map(|(at, _)| format!("app_{at:04}")).collect()
}

/// Texts that are one another's number, boolean or timestamp.
fn scalar() -> impl Strategy<Value = Json> {
    prop::sample::select(vec![
        json!("a"),
        json!("b"),
        json!(""),
        json!("1"),
        json!(1),
        json!(1.0),
        json!(2.5),
        json!(true),
        json!(false),
        json!("2026-03-01T08:00:00Z"),
        json!("2026-03-01T09:00:00+01:00"),
    ])
}

fn field() -> impl Strategy<Value = Json> {
    prop::sample::select(vec!["event.kind", "event.place", "event.deep.kind", "event.deep.deeper.kind", "kind"])
        .prop_map(Json::from)
}

fn filter() -> impl Strategy<Value = Json> {
    let equality = (field(), scalar()).prop_map(|(field, value)| json!({"field": field, "op": "eq", "value": value}));
    let listed = (field(), prop::collection::vec(scalar(), 0..3))
        .prop_map(|(field, value)| json!({"field": field, "op": "in", "value": value}));
    let other = (field(), prop::sample::select(vec!["ne", "gt", "lte"]), scalar())
        .prop_map(|(field, op, value)| json!({"field": field, "op": op, "value": value}));
    let exists = field().prop_map(|field| json!({"field": field, "op": "exists", "value": true}));
    // Fails on a text that is no number: a filter that fails must be found too.
    let failing = scalar().prop_map(|value| json!({"field": "event.kind", "op": "eq", "value": value}));
    let failing = failing.prop_map(|mut test| {
        test["value"] = json!("{{event.place | plus:1}}");
        test
    });
    let leaf = prop_oneof![4 => equality, 1 => listed, 1 => other, 1 => exists, 1 => failing];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            3 => prop::collection::vec(inner.clone(), 1..4).prop_map(|parts| json!({"and": parts})),
            1 => prop::collection::vec(inner.clone(), 1..4).prop_map(|parts| json!({"or": parts})),
            1 => inner.prop_map(|part| json!({"not": part})),
        ]
    })
}

/// A value as an event may carry it: timestamps too, which JSON writes as texts.
fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        scalar().prop_map(|scalar| match &scalar {
            Json::String(text) => Value::from(text.as_str()),
            Json::Bool(value) => Value::Bool(*value),
            Json::Number(number) if number.is_i64() => Value::Int(number.as_i64().unwrap()),
            number => Value::Num(number.to_string().parse().unwrap()),
        }),
        Just(Value::Null),
        Just(Value::Time(now())),
        Just(Value::list(vec![Value::from("a")])),
    ]
}

fn event() -> impl Strategy<Value = Value> {
    (value(), value(), value(), value()).prop_map(|(kind, place, deep, deeper)| {
        let deeper = Value::object([("kind", deeper)]);
        Value::object([("kind", kind), ("place", place), ("deep", Value::object([("kind", deep), ("deeper", deeper)]))])
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn the_index_answers_as_every_filter_asked_by_itself(
        filters in prop::collection::vec(prop::option::of(filter()), 1..12),
        events in prop::collection::vec(event(), 1..8),
    ) {
        let apps: Vec<Compiled> = filters.iter().map(|filter| app(filter.as_ref())).collect();
        let triggers = loaded(&apps);
        for event in &events {
            prop_assert_eq!(found(&triggers, event), scanned(&apps, event));
        }
    }
}

#[test]
fn runs_come_in_the_order_of_their_apps() {
    let apps: Vec<Compiled> = (0..4).map(|_| app(None)).collect();
    assert_eq!(found(&loaded(&apps), &Value::Null), ["app_0000", "app_0001", "app_0002", "app_0003"]);
}

#[test]
fn an_event_finds_its_bucket_in_a_tenant_of_many_apps() {
    let filter = |at: usize| json!({"field": "event.room", "op": "eq", "value": format!("room {at}")});
    let apps: Vec<Compiled> = (0..3).map(|at| app(Some(&filter(at)))).collect();
    let event = Value::object([("room", Value::from("room 1"))]);
    assert_eq!(found(&loaded(&apps), &event), ["app_0001"]);
}

#[test]
fn events_of_the_catalog_are_read_by_the_position_of_their_fields() {
    let trigger = |badge: &str| {
        let filter = json!({"and": [
            {"field": "event.badge_id", "op": "eq", "value": badge},
            {"field": "user_id", "op": "exists", "value": true},
        ]});
        json!({"type": "event", "event": "badge.earned", "filter": filter})
    };
    let apps: Vec<Compiled> =
        ["gold", "iron"].iter().map(|badge| compiled(&trigger(badge), &local_action(), &parallel())).collect();
    let event = Value::object([("user_id", Value::from("u1")), ("badge_id", Value::from("iron"))]);
    let matches = loaded(&apps).matching(&tenant(), "badge.earned", &event, now());
    assert_eq!(matches.runs.len(), 1);
    assert_eq!(matches.runs[0].app.as_str(), "app_0001");
}

#[test]
fn another_type_another_tenant_and_a_forgotten_tenant_match_nothing() {
    let triggers = loaded(&[app(None)]);
    assert!(triggers.matching(&tenant(), "custom.other", &Value::Null, now()).runs.is_empty());
    let other = TenantId::parse("other").unwrap();
    let matches = triggers.matching(&other, "custom.sale", &Value::Null, now());
    assert_eq!((matches.generation, matches.runs.len()), (0, 0));
    triggers.clear(&tenant());
    assert!(found(&triggers, &Value::Null).is_empty());
}

#[test]
fn what_was_loaded_can_be_read_back() {
    let triggers = loaded(&[app(None), app(None)]);
    let apps: Vec<String> = triggers.subscriptions(&tenant()).iter().map(|one| one.app.to_string()).collect();
    assert_eq!(apps, ["app_0000", "app_0001"]);
    assert!(triggers.subscriptions(&TenantId::parse("other").unwrap()).is_empty());
}

#[test]
fn an_older_state_never_replaces_a_newer_one() {
    let triggers = loaded(&[app(None)]);
    triggers.replace_tenant(&tenant(), 6, Vec::new());
    assert_eq!((triggers.generation(&tenant()), found(&triggers, &Value::Null).len()), (7, 1));
    triggers.replace_tenant(&tenant(), 8, Vec::new());
    assert_eq!((triggers.generation(&tenant()), found(&triggers, &Value::Null).len()), (8, 0));
}

#[test]
fn only_parallel_apps_of_local_effects_may_take_the_direct_path() {
    let event = json!({"type": "event", "event": "custom.sale"});
    let queue = json!({"concurrency": "queue"});
    let model = json!({"type": "ai_generate", "params": {"prompt": "a"}});
    let approval = json!({"type": "request_approval", "params": {"title": "a", "message": "b"}});
    let delayed = json!({"type": "delayed", "event": "custom.sale", "delays": [{"id": "d", "after": "1h"}]});
    for (trigger, action, settings, direct) in [
        (&event, &local_action(), &parallel(), true),
        (&event, &local_action(), &queue, false),
        (&event, &model, &parallel(), false),
        (&event, &approval, &parallel(), false),
        (&delayed, &local_action(), &parallel(), false),
    ] {
        let subscription = subscription("app", &compiled(trigger, action, settings));
        assert_eq!(subscription.direct, direct, "{trigger} {action} {settings}");
    }
}

#[test]
fn an_app_without_an_event_subscribes_to_nothing_and_a_delayed_one_brings_its_delays() {
    let of = |trigger: &Json| {
        let app = compiled(trigger, &local_action(), &json!({}));
        let id = AppId::parse("app").unwrap();
        Subscription::of(id, 1, Digest([0; 32]), (&app.plan, &app.program), Catalog::shipped()).unwrap()
    };
    assert!(of(&json!({"type": "manual"})).is_none());
    assert!(of(&json!({"type": "scheduled", "cron": "0 8 * * *"})).is_none());
    let delays = json!([{"id": "soon", "after": "1h"}, {"id": "late", "after": "2d"}]);
    let delayed = of(&json!({"type": "delayed", "event": "custom.sale", "delays": delays})).unwrap();
    let delay = |id: &str, after_ms| Delay { id: id.to_owned(), after_ms };
    assert_eq!(delayed.start, Start::Delayed([delay("soon", 3_600_000), delay("late", 172_800_000)].into()));
}
