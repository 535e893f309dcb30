//! Effects: each once; the same whatever was pushed down.

use alcove_ids::TenantId;
use serde_json::{Value as Json, json};

use crate::scene::{Executor, Scene, Stage, to_json};

fn award() -> Scene {
    let users = json!([{ "id": "u1", "xp_total": 0 }]);
    let actions = json!([{ "id": "xp", "type": "award_xp", "params": { "user_id": "u1", "amount": 10 } }]);
    Scene::manual(&json!([]), &actions).data(json!({ "users": users }))
}

/// The XP that one more run says the member has, and the effect's id.
async fn total(stage: &Stage) -> (i64, String) {
    let report = to_json(&stage.report(Executor::Wasm).await);
    let effect = &report["effects"][0];
    (effect["result"]["xp_total"].as_i64().unwrap(), effect["effect_id"].as_str().unwrap().to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn invariant_05_an_effect_happens_once_however_often_a_run_is_repeated() {
    let stage = award().stage().await;
    let first = total(&stage).await;
    assert_eq!(first.0, 10);
    for _ in 0..3 {
        assert_eq!(total(&stage).await, first, "the same run again gives the recorded outcome and changes nothing");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn invariant_05_an_effect_happens_once_and_another_request_in_the_same_microsecond_is_another_effect() {
    let mut stage = award().stage().await;
    let mut ids = vec![total(&stage).await.1];
    for (request, xp) in [("req_1", 20), ("req_2", 30)] {
        stage.spec.request = request.to_owned();
        let (total, id) = total(&stage).await;
        assert_eq!(total, xp, "a second press of the button is a second run");
        assert!(!ids.contains(&id));
        ids.push(id);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn invariant_05_an_effect_happens_once_for_each_tenant() {
    let mut stage = award().stage().await;
    let first = total(&stage).await;
    stage.spec.tenant = TenantId::parse("tenant_b").unwrap();
    stage.load(&stage.spec.tenant, &json!({ "users": [{ "id": "u1", "xp_total": 100 }] })).await;
    let (xp, id) = total(&stage).await;
    assert_eq!(xp, 110, "the ledger of one tenant answers no other");
    assert_ne!(id, first.1);
}

/// Welcomes every member that passes.
fn welcome(step: &Json) -> Scene {
    let actions = json!([{ "type": "for_each", "items": "{{steps.found.data}}", "as": "user", "actions": [
        { "type": "send_notification", "params": { "user_id": "{{user.id}}", "message": "{{user.name}}" } }] }]);
    let names = ["Ann", "bob", "Änne", "a_b", "a%b", "", "A'; DROP TABLE users; --", "{{now}}", "ann\u{0}x"];
    let users: Vec<Json> = (0..90)
        .map(|n| {
            json!({ "id": format!("u{n:02}"), "name": names[n % 9], "xp_total": (n * 37) % 50,
            "nickname": if n % 4 == 0 { Json::Null } else { json!(names[(n + 3) % 9]) },
            "interests": if n % 3 == 0 { json!([]) } else { json!(["a", names[n % 9]]) } })
        })
        .collect();
    Scene::manual(&json!([step]), &actions).data(json!({ "users": users }))
}

#[tokio::test(flavor = "multi_thread")]
async fn invariant_07_optimisation_is_invisible_pushed_down_or_not_the_same_effects_happen() {
    let test = |field: &str, op: &str, value: Json| json!({ "field": field, "op": op, "value": value });
    let predicates = [
        test("name", "contains", json!("%")),
        test("name", "starts_with", json!("a_")),
        test("name", "ends_with", json!("--")),
        test("name", "starts_with", json!("ann\u{0}")),
        test("name", "eq", json!("A'; DROP TABLE users; --")),
        test("name", "gt", json!("a")),
        test("name", "in", json!(["Ann", "", "Änne"])),
        test("xp_total", "gte", json!(25.5)),
        test("xp_total", "nin", json!([1, 2, 37])),
        test("interests", "contains", json!("a%b")),
        json!({ "not": test("name", "lte", json!("b")) }),
        json!({ "or": [
            test("xp_total", "lt", json!(3)),
            { "and": [test("name", "ne", json!("bob")), test("xp_total", "eq", json!(7))] },
        ] }),
    ];
    let order = json!([{ "field": "nickname", "order": "desc" }, { "field": "id", "order": "asc" }]);
    for predicate in predicates {
        let pushed =
            json!({ "id": "found", "connector": "users", "filter": predicate, "sort": order, "offset": 2, "limit": 9 });
        let guests = json!({ "id": "found", "connector": "users", "limit": 5_000, "transforms": [
            { "type": "filter", "where": predicate }, { "type": "sort", "by": order },
            { "type": "limit", "count": 9, "offset": 2 }] });
        let effects = |report: Json| -> Vec<Json> {
            report["effects"].as_array().unwrap().iter().map(|effect| effect["params"].clone()).collect()
        };
        let (pushed, guests) = (welcome(&pushed).run().await, welcome(&guests).run().await);
        assert_eq!(pushed["status"], "succeeded", "{pushed:#}");
        assert_eq!(effects(pushed), effects(guests), "{predicate}");
    }
}
