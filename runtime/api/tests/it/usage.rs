//! What a tenant may use, has used, and is told of it.

use alcove_execution::{Clock, SystemClock};
use alcove_ids::TenantId;
use alcove_store::tables::counters;
use serde_json::{Value, json};

use crate::world::{MANUAL, WELCOME, World};

fn event(id: &str) -> Value {
    json!({ "type": "user.created", "id": id, "payload": { "user_id": "u1" } })
}

/// What the answer says of a resource.
fn of<'u>(usage: &'u Value, resource: &str) -> &'u Value {
    usage["resources"].as_array().unwrap().iter().find(|of| of["resource"] == resource).unwrap()
}

/// All runs of this hour, and of the next in case it begins meanwhile, are used up.
async fn use_up(world: &World) {
    let (store, tenant) = (world.engine.store(), TenantId::parse("acme").unwrap());
    let now = SystemClock.now().micros();
    let hour = now - now % 3_600_000_000;
    let full = |window_start| {
        let (tenant, name) = (tenant.clone(), "executions_per_hour".to_owned());
        counters::Row { tenant, name, window_start, value: 50 }
    };
    let mut transaction = store.begin().await.unwrap();
    transaction.for_tenant(tenant.as_str());
    transaction.enqueue(counters::add(store.dialect(), &[full(hour), full(hour + 3_600_000_000)]));
    transaction.commit().await.unwrap();
}

#[tokio::test]
async fn a_tenant_sees_what_it_has_used_of_everything_that_its_tier_limits() {
    for world in World::each().await {
        world.app("hello", "active", WELCOME).await;
        let usage = world.caller("vic").get("/v1/usage").await.expect(200);
        assert_eq!((&usage["tier"], &of(&usage, "apps")["limit"]), (&Value::Null, &Value::Null));
        world.agree(json!({ "tier": "free" })).await;
        world.user_created("e1").await;
        let usage = world.caller("vic").get("/v1/usage").await.expect(200);
        assert_eq!((&usage["tier"], usage["resources"].as_array().unwrap().len()), (&json!("free"), 9));
        let apps = of(&usage, "apps");
        assert_eq!((&apps["used"], &apps["limit"], &apps["remaining"]), (&json!(1), &json!(10), &json!(9)));
        assert_eq!((&apps["window"], &apps["reset_at"]), (&Value::Null, &Value::Null));
        let runs = of(&usage, "executions_per_hour");
        assert_eq!((&runs["used"], &runs["limit"], &runs["window"]), (&json!(1), &json!(50), &json!("hour")));
        world.caller("nobody").get("/v1/usage").await.problem(403, "denied");
    }
}

#[tokio::test]
async fn answers_that_start_runs_say_how_far_a_tenant_with_a_tier_may_go() {
    let world = World::new().await;
    world.app("hello", "active", WELCOME).await;
    let answer = world.admin().post("/v1/events", event("e1")).await;
    assert!(!answer.headers.contains_key("ratelimit"), "a tenant without a tier may go as far as it likes");
    world.agree(json!({ "tier": "free" })).await;
    let answer = world.admin().post("/v1/events", event("e2")).await;
    let header = |name: &str| answer.headers.get(name).unwrap().to_str().unwrap().to_owned();
    assert_eq!(header("ratelimit-policy"), r#""executions_per_hour";q=50;w=3600"#);
    assert!(header("ratelimit").starts_with(r#""executions_per_hour";r=49;t="#), "{}", header("ratelimit"));
}

#[tokio::test]
async fn an_event_beyond_the_quota_is_accepted_and_its_run_is_left_out_with_the_reason() {
    for world in World::each().await {
        world.app("hello", "active", WELCOME).await;
        world.agree(json!({ "tier": "free" })).await;
        use_up(&world).await;
        for path in ["/v1/events", "/v1/events?wait=10s"] {
            let id = format!("e-{}", path.len());
            let answer = world.admin().post(path, event(&id)).await;
            assert!(matches!(answer.status, 200 | 202), "{}", answer.body);
            let run = &answer.body["executions"][0];
            assert_eq!((&run["status"], &run["reason"]), (&json!("skipped"), &json!("quota")), "{}", answer.body);
            let path = format!("/v1/executions/{}", run["id"].as_str().unwrap());
            let run = world.admin().get(&path).await.expect(200);
            assert_eq!(run["error"]["quota"]["resource"], "executions_per_hour", "{run}");
        }
    }
}

#[tokio::test]
async fn a_run_by_hand_beyond_the_quota_is_refused_until_the_next_hour() {
    for world in World::each().await {
        world.app("hand", "active", MANUAL).await;
        world.agree(json!({ "tier": "free" })).await;
        use_up(&world).await;
        let answer = world.admin().post("/v1/apps/hand:run", json!({})).await;
        let retry_after = answer.headers.get("retry-after").unwrap().to_str().unwrap().to_owned();
        assert!(retry_after.ends_with(":00:00 GMT"), "{retry_after}");
        let body = answer.body.clone();
        answer.problem(429, "quota-exceeded");
        assert_eq!((&body["quota"]["resource"], &body["quota"]["limit"]), (&json!("executions_per_hour"), &json!(50)));
    }
}

#[tokio::test]
async fn a_tenant_has_as_many_apps_as_its_tier_allows_and_no_more() {
    for world in World::each().await {
        world.agree(json!({ "tier": "free" })).await;
        for number in 0..10 {
            world.app(&format!("app{number}"), "draft", WELCOME).await;
        }
        let more = world.admin().post("/v1/apps?id=more", serde_json::from_str(WELCOME).unwrap()).await;
        assert!(!more.headers.contains_key("retry-after"), "time alone does not help");
        more.problem(429, "quota-exceeded");
        world.admin().delete("/v1/apps/app0").await.expect(204);
        world.app("more", "draft", WELCOME).await;
    }
}
