//! The audit log: every change and every refused call.

use alcove_ids::TenantId;
use serde_json::{Value, json};

use crate::world::{MANUAL, World};

/// What each note says, and who is in it.
fn told(page: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let notes = page["items"].as_array().unwrap();
    notes.iter().map(|note| (text(&note["what"]), text(&note["subject"]["id"]))).collect()
}

#[tokio::test]
async fn changes_and_refused_calls_are_in_the_log_with_who_it_was_in_the_order_in_which_they_came() {
    for world in World::each().await {
        world.app("manual", "active", MANUAL).await;
        let pause = "/v1/apps/manual:pause";
        for _ in 0..3 {
            world.caller("vic").post(pause, Value::Null).await.problem(403, "denied");
        }
        world.caller("rob").post(pause, Value::Null).await.problem(403, "denied");
        world.caller("cleo").post(pause, Value::Null).await.expect(200);
        let log = world.admin().get("/v1/audit").await.expect(200);
        let note = |what: &str, who: &str| (what.to_owned(), who.to_owned());
        let changes = |told: Vec<(String, String)>| -> Vec<_> {
            told.into_iter().skip_while(|(what, _)| what != "call.denied").collect()
        };
        let expected = [note("call.denied", "vic"), note("call.denied", "rob"), note("app.paused", "cleo")];
        assert_eq!(changes(told(&log)), expected);
        let items = log["items"].as_array().unwrap();
        let denied = items.iter().find(|note| note["what"] == "call.denied").unwrap();
        assert_eq!(denied["detail"]["operation"], "POST /v1/apps/{app}:pause");
        assert_eq!(denied["detail"]["resource"], pause);
        assert!(denied["detail"]["reason"].as_str().unwrap().contains("`write`"), "{denied}");
        for (seq, note) in (0_u64..).zip(items) {
            assert_eq!((&note["seq"], note["hash"].as_str().unwrap().len()), (&json!(seq), 64), "{note}");
        }
        let last = items.len() - 1;
        assert_eq!(
            world.admin().get(&format!("/v1/audit?from={last}")).await.expect(200)["items"],
            json!(items[last..])
        );
        let page = world.admin().get("/v1/audit?limit=1").await.expect(200);
        let cursor = page["next_cursor"].as_str().unwrap();
        let next = world.admin().get(&format!("/v1/audit?limit=1&cursor={cursor}")).await.expect(200);
        assert_eq!((&page["items"][0], &next["items"][0]), (&items[0], &items[1]));
    }
}

#[tokio::test]
async fn who_is_not_known_is_in_the_log_of_the_platform_and_in_no_tenants() {
    for world in World::each().await {
        for _ in 0..3 {
            world.stranger().get("/v1/apps").await.problem(401, "unauthenticated");
        }
        assert_eq!(world.admin().get("/v1/audit").await.expect(200)["items"], json!([]));
        let platform = TenantId::parse(alcove_store::audit::PLATFORM).unwrap();
        let log = world.engine.audit_log(&platform, 0, 9).await.unwrap();
        let subjects: Vec<&str> = log.iter().map(|row| row.note.subject.as_str()).collect();
        assert_eq!(subjects, [r#"{"kind":"nobody"}"#]);
    }
}

#[tokio::test]
async fn a_tenant_reads_its_own_log_and_only_its_admins_do() {
    for world in World::each().await {
        world.app("manual", "active", MANUAL).await;
        for name in ["bob", "cleo", "vic", "rob", "nobody"] {
            world.caller(name).get("/v1/audit").await.problem(403, "denied");
        }
        assert_eq!(world.caller("gil").get("/v1/audit").await.expect(200)["items"], json!([]));
    }
}
