//! Two tenants with the same ids in one database: a run of the one neither reads nor writes rows of the other.

use alcove_catalog::{Catalog, Connector, Field};
use alcove_ids::TenantId;
use alcove_plan::types::{Kind, Type};
use alcove_store::{Sql, SqlValue, Store};
use serde_json::{Map, Value as Json, json};

use crate::scene::{Executor, Scene, Stage, to_json};

/// Stands in every text of the other tenant.
const SECRET: &str = "OtherTenantsText";
/// Stands in every text of the tenant that the runs are of.
const OWN: &str = "OwnText";
/// The id of every row, and what every row refers to.
const ID: &str = "x1";

/// One row of each connector, with the same ids whatever the text.
fn rows(text: &str) -> Json {
    let tables =
        Catalog::shipped().connectors().map(|connector| (connector.name.clone(), json!([row(connector, text)])));
    Json::Object(tables.collect())
}

fn row(connector: &Connector, text: &str) -> Json {
    Json::Object(connector.fields.iter().map(|field| (field.name.clone(), cell(field, text))).collect::<Map<_, _>>())
}

fn cell(field: &Field, text: &str) -> Json {
    match (field.name.as_str(), field.ty.ty) {
        ("id" | "key", _) => json!(ID),
        (name, Type::One(Kind::Str)) if name.ends_with("_id") => json!(ID),
        ("email" | "customer_email", _) => json!(format!("{text}@example.com")),
        (_, Type::One(Kind::Str)) => field.values.first().map_or_else(|| json!(text), |value| json!(value)),
        (_, Type::One(Kind::Int | Kind::Num)) => json!(7),
        (_, Type::One(Kind::Bool)) => json!(true),
        (_, Type::One(Kind::Time)) => json!("2026-11-15T00:00:00Z"),
        (_, Type::One(Kind::Object)) => json!({ "text": text }),
        (_, Type::One(Kind::Any)) => json!(text),
        (_, Type::One(Kind::List) | Type::ListOf(_)) => json!([text]),
    }
}

/// All rows of a tenant, table by table.
async fn dump(store: &Store, tenant: &str) -> Vec<(String, Vec<Vec<SqlValue>>)> {
    let tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%tenant_id%' ORDER BY name";
    let mut dump = Vec::new();
    for table in all(store, Sql::fixed(tables), vec![]).await {
        let name = table[0].as_str().unwrap().to_owned();
        let select = Sql::built(format!("SELECT * FROM \"{name}\" WHERE tenant_id = ?1"));
        let mut rows = all(store, select, vec![SqlValue::text(tenant)]).await;
        rows.sort();
        dump.push((name, rows));
    }
    dump
}

async fn all(store: &Store, sql: Sql, params: Vec<SqlValue>) -> Vec<Vec<SqlValue>> {
    let mut rows = store.rows(sql, params).await.unwrap();
    let mut found = Vec::new();
    while let Some(chunk) = rows.next().await.unwrap() {
        found.extend(chunk);
    }
    found
}

/// A stage of `tenant_a` whose database has the rows of `tenant_b` too.
async fn shared(scene: Scene) -> (Stage, Store) {
    let store = Store::open_memory().await.unwrap();
    let stage = Stage::new(&scene.data(rows(OWN)), store.clone()).await;
    stage.load(&other(), &rows(SECRET)).await;
    (stage, store)
}

fn other() -> TenantId {
    TenantId::parse("tenant_b").unwrap()
}

/// Runs as `tenant_a`: nothing of `tenant_b` is read or written.
async fn stays_inside(scene: Scene) -> Json {
    let (stage, store) = shared(scene).await;
    let before = dump(&store, "tenant_b").await;
    let report = to_json(&stage.report(Executor::Wasm).await);
    assert_eq!(dump(&store, "tenant_b").await, before, "rows of the other tenant have changed");
    let text = report.to_string();
    assert!(!text.contains(SECRET) && !text.contains("tenant_b"), "rows of the other tenant were read: {report:#}");
    report
}

/// Apps that read all connectors, ten at a time, each without a filter, by id, and with the tenant in templates.
fn readers() -> Vec<Scene> {
    let names: Vec<String> = Catalog::shipped().connectors().map(|connector| connector.name.clone()).collect();
    let mut scenes = Vec::new();
    for (filter, finds) in [
        (None, true),
        (Some(json!(ID)), true),
        (Some(json!("{{event.id_of_row}}")), true),
        (Some(json!("{{tenant_id}}")), false),
        (Some(json!("tenant_b")), false),
    ] {
        for chunk in names.chunks(10) {
            let step = |(at, name): (usize, &String)| {
                let key = if name == "app_state" { "key" } else { "id" };
                let mut step = json!({ "id": format!("s{at}"), "connector": name, "limit": 5_000 });
                if let Some(value) = &filter {
                    step["filter"] = json!({ "or": [
                        { "field": key, "op": "eq", "value": value },
                        { "field": key, "op": "in", "value": [value] },
                    ] });
                }
                step
            };
            let pipeline: Json = chunk.iter().enumerate().map(step).collect();
            let counts = (0..chunk.len()).map(|at| format!("{{{{steps.s{at}.count}}}}")).collect::<Vec<_>>().concat();
            let data: Vec<String> = (0..chunk.len()).map(|at| format!("{{{{steps.s{at}.data | json}}}}")).collect();
            let actions = json!([
                { "type": "emit_event", "params": { "event": "custom.counts", "payload": { "counts": counts } } },
                { "type": "emit_event", "params": { "event": "custom.data", "payload": { "data": data } } },
            ]);
            let expected = if finds { "1" } else { "0" }.repeat(chunk.len());
            let input = json!({ "id_of_row": ID, "expected": expected });
            scenes.push(Scene::manual(&pipeline, &actions).event("custom.input", &input));
        }
    }
    scenes
}

#[tokio::test(flavor = "multi_thread")]
async fn every_connector_gives_rows_of_its_own_tenant_alone() {
    for scene in readers() {
        let expected = scene.event.clone().unwrap()["payload"]["expected"].clone();
        let report = stays_inside(scene).await;
        assert_eq!(report["status"], "succeeded", "{report:#}");
        assert_eq!(report["effects"][0]["params"]["payload"]["counts"], expected);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_app_reads_the_other_rows_when_it_is_the_other_tenants() {
    for scene in readers() {
        let finds = scene.event.clone().unwrap()["payload"]["expected"].as_str().unwrap().contains('1');
        let (mut stage, _) = shared(scene).await;
        stage.spec.tenant = other();
        let report = to_json(&stage.report(Executor::Wasm).await).to_string();
        assert_eq!((report.contains(SECRET), report.contains(OWN)), (finds, false));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_entity_is_a_row_of_its_own_tenant() {
    let entities = [
        ("user", "user.name", "user.login", json!({ "user_id": ID })),
        ("mission", "mission.name", "mission.expired", json!({ "mission_id": ID })),
        ("room", "room.name", "room.created", json!({ "room_id": ID })),
        (
            "order",
            "order.order_number",
            "shopify.order.created",
            json!({ "order_id": ID, "shopify_customer_email": "a@example.com", "totalPriceAmount": 1, "currency": "USD",
                "product_ids": [] }),
        ),
        ("product", "product.title", "shopify.product.restocked", json!({ "product_id": ID })),
        ("campaign", "campaign.name", "campaign.started", json!({ "campaign_id": ID })),
        ("badge", "badge.name", "badge.earned", json!({ "user_id": ID, "badge_id": ID })),
        (
            "contribution",
            "contribution.type",
            "contribution.expired",
            json!({ "contribution_id": ID, "user_id": ID, "type": "t", "days_in_a_row": 1, "xp": 1 }),
        ),
    ];
    for (entity, path, event, payload) in entities {
        let actions = json!([{ "type": "emit_event",
            "params": { "event": "custom.read", "payload": { "text": format!("{{{{{path}}}}}") } } }]);
        let trigger = json!({ "type": "event", "event": event });
        let report = stays_inside(Scene::triggered(&trigger, &json!([]), &actions).event(event, &payload)).await;
        assert_eq!(report["effects"][0]["params"]["payload"]["text"], OWN, "{entity}: {report:#}");
    }
}

/// Every action of the catalog that changes something, on rows that both tenants have.
fn every_action() -> Json {
    json!([
        { "type": "send_email", "params": { "to": "a@example.com", "subject": "{{tenant_id}}", "body": "b" } },
        { "type": "send_notification", "params": { "user_id": ID, "message": "{{tenant_id}} {{app_id}}" } },
        { "type": "send_push", "params": { "user_id": ID, "title": "t", "message": "m" } },
        { "type": "create_post", "params": { "room_id": ID, "content": "c", "author_id": ID } },
        { "type": "flag_post", "params": { "post_id": ID, "reason": "r" } },
        { "type": "update_user", "params": { "user_id": ID, "fields": { "bio": "new", "level": 99 } } },
        { "type": "award_xp", "params": { "user_id": ID, "amount": 10 } },
        { "type": "award_badge", "params": { "user_id": ID, "badge": "new badge" } },
        { "type": "create_mission", "params": { "name": "n", "xp_reward": 1, "room_id": ID, "user_id": ID } },
        { "type": "create_user_from_shopify", "params": { "email": "new@example.com", "shopify_customer_id": "c1" } },
        { "type": "add_to_room", "params": { "room_id": ID, "user_id": ID } },
        { "type": "set_state", "params": { "key": ID, "value": "new" } },
        { "type": "get_state", "params": { "key": ID } },
        { "type": "delete_state", "params": { "key": ID } },
        { "type": "emit_event", "params": { "event": "custom.done", "payload": { "tenant": "{{tenant_id}}" } } },
    ])
}

#[tokio::test(flavor = "multi_thread")]
async fn every_action_changes_rows_of_its_own_tenant_alone() {
    let actions = every_action();
    let names: Vec<_> = actions.as_array().unwrap().iter().map(|action| action["type"].as_str().unwrap()).collect();
    for entry in Catalog::shipped().actions() {
        let elsewhere = entry.name.starts_with("ai_") || ["request_approval", "webhook_call"].contains(&&*entry.name);
        assert!(elsewhere || names.contains(&entry.name.as_str()), "`{}` is not tried", entry.name);
    }
    let report = stays_inside(Scene::manual(&json!([]), &actions)).await;
    assert_eq!(report["status"], "succeeded", "{report:#}");
    // All but the one that only reads.
    assert_eq!(report["effects"].as_array().unwrap().len(), names.len() - 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_id_that_only_the_other_tenant_has_names_no_row() {
    let only_other = json!({
        "users": [{ "id": "theirs" }], "rooms": [{ "id": "theirs" }], "posts": [{ "id": "theirs" }],
    });
    for action in every_action().as_array().unwrap() {
        let ids = ["user_id", "room_id", "post_id", "author_id"];
        let params = action["params"].as_object().unwrap();
        for id in ids.into_iter().filter(|id| params.contains_key(*id)) {
            let mut foreign = action.clone();
            foreign["params"][id] = json!("theirs");
            let (stage, store) = shared(Scene::manual(&json!([]), &json!([foreign]))).await;
            stage.load(&other(), &only_other).await;
            let before = dump(&store, "tenant_b").await;
            let report = to_json(&stage.report(Executor::Wasm).await);
            assert_eq!(report["error"]["code"], "E005", "{id} of {}: {report:#}", action["type"]);
            assert_eq!(dump(&store, "tenant_b").await, before);
        }
    }
}
