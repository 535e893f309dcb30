//! What apps are: created, read, edited, listed.

use alcove_catalog::Catalog;
use hyper::Method;
use serde_json::{Value, json};

use crate::world::{MANUAL, WELCOME, World, named};

fn app(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[tokio::test]
async fn an_app_is_created_as_a_draft_and_read_back() {
    for world in World::each().await {
        let created = world.caller("cleo").post("/v1/apps?id=hello", app(WELCOME)).await;
        assert_eq!(created.header("location"), Some("/v1/apps/hello"));
        let created = created.expect(201);
        assert_eq!((&created["status"], &created["version"]), (&json!("draft"), &json!(1)));
        assert_eq!(created["author"], json!({ "kind": "person", "id": "cleo" }));
        assert_eq!(created["active_version"], Value::Null);
        assert_eq!(world.caller("vic").get("/v1/apps/hello").await.expect(200), created);
    }
}

#[tokio::test]
async fn an_app_is_created_and_activated_in_one_step() {
    for world in World::each().await {
        let created = world.admin().post("/v1/apps?status=active", app(WELCOME)).await.expect(201);
        assert_eq!((&created["status"], &created["active_version"]), (&json!("active"), &json!(1)));
        assert!(created["id"].as_str().unwrap().starts_with("app_"), "{created}");
        assert_eq!(created["activator"], created["author"]);
    }
}

#[tokio::test]
async fn what_is_wrong_with_an_app_is_listed_with_places_and_nothing_is_saved() {
    for world in World::each().await {
        let bad = WELCOME.replace("send_notification", "send_notificatio");
        let answer = world.admin().send(Method::POST, "/v1/apps?id=bad", &[], bad.into_bytes()).await;
        answer.problem(422, "invalid-app");
        let diagnostic = &answer.body["diagnostics"][0];
        assert_eq!((&diagnostic["path"], &diagnostic["line"]), (&json!("/actions/0/type"), &json!(4)));
        world.admin().get("/v1/apps/bad").await.problem(404, "not-found");
    }
}

#[tokio::test]
async fn validation_says_what_the_compiler_says_and_saves_nothing() {
    for world in World::each().await {
        let good = world.caller("vic").post("/v1/apps:validate", app(WELCOME)).await.expect(200);
        assert_eq!(good, json!({ "diagnostics": [] }));
        let bad = world.caller("vic").post("/v1/apps:validate", json!({})).await.expect(200);
        assert!(bad["diagnostics"].as_array().is_some_and(|all| all.len() > 1), "{bad}");
        assert_eq!(world.admin().get("/v1/apps").await.expect(200)["items"], json!([]));
    }
}

#[tokio::test]
async fn an_id_is_taken_once_and_for_good() {
    for world in World::each().await {
        world.app("hello", "draft", WELCOME).await;
        world.admin().post("/v1/apps?id=hello", app(WELCOME)).await.problem(409, "conflict");
        world.admin().delete("/v1/apps/hello").await.expect(204);
        world.admin().post("/v1/apps?id=hello", app(WELCOME)).await.problem(409, "conflict");
        world.admin().get("/v1/apps/hello").await.problem(404, "not-found");
    }
}

#[tokio::test]
async fn an_id_that_would_read_as_a_verb_or_is_none_is_refused() {
    for world in World::each().await {
        for id in ["a:b", "a%20b", "", &"a".repeat(129)] {
            let path = format!("/v1/apps?id={id}");
            world.admin().post(&path, app(WELCOME)).await.problem(400, "invalid-request");
        }
        let longest = "a".repeat(128);
        world.admin().post(&format!("/v1/apps?id={longest}"), app(WELCOME)).await.expect(201);
    }
}

#[tokio::test]
async fn an_edit_is_a_new_version_and_the_same_again_is_none() {
    for world in World::each().await {
        world.app("hello", "active", WELCOME).await;
        let second = named(WELCOME, "Second");
        let edited = world.caller("cleo").put("/v1/apps/hello", second.clone()).await.expect(200);
        assert_eq!((&edited["version"], &edited["active_version"]), (&json!(2), &json!(1)));
        assert_eq!((&edited["name"], &edited["author"]["id"]), (&json!("Second"), &json!("cleo")));
        let again = world.caller("cleo").put("/v1/apps/hello", second.clone()).await.expect(200);
        assert_eq!(again["version"], 2);
        let versions = world.admin().get("/v1/apps/hello/versions").await.expect(200);
        let numbers: Vec<_> = versions["items"].as_array().unwrap().iter().map(|version| &version["version"]).collect();
        assert_eq!(numbers, [&json!(2), &json!(1)]);
        let version = world.admin().get("/v1/apps/hello/versions/2").await.expect(200);
        assert_eq!(version["config"], second);
        assert_eq!(version["manifest"]["trigger"]["event"], "user.created");
        assert_eq!(version["plan"].as_str().unwrap().len(), 64);
        world.admin().get("/v1/apps/hello/versions/3").await.problem(404, "not-found");
        world.admin().get("/v1/apps/hello/versions/two").await.problem(404, "not-found");
        world.admin().get("/v1/apps/nothing/versions").await.problem(404, "not-found");
        world.admin().put("/v1/apps/nothing", app(WELCOME)).await.problem(404, "not-found");
    }
}

#[tokio::test]
async fn a_plan_is_verified_and_what_it_may_touch_is_derived_anew() {
    for world in World::each().await {
        let compiled = alcove_compiler::compile(WELCOME.as_bytes(), Catalog::shipped()).compiled.unwrap();
        let plan = [("content-type", "application/vnd.alcove.plan")];
        let path = "/v1/apps?id=planned&status=active";
        world.admin().send(Method::POST, path, &plan, compiled.bytes.clone()).await.expect(201);
        let version = world.admin().get("/v1/apps/planned/versions/1").await.expect(200);
        assert_eq!(version["manifest"]["trigger"]["event"], "user.created");
        assert_eq!(version.get("config"), None);
        assert_eq!(world.user_created("e1").await["executions"][0]["status"], "succeeded");

        let mut damaged = compiled.bytes.clone();
        *damaged.last_mut().unwrap() ^= 1;
        world.admin().send(Method::POST, "/v1/apps?id=bad", &plan, damaged).await.problem(422, "refused");
        world.admin().send(Method::POST, "/v1/apps?id=bad", &plan, b"ALCV".to_vec()).await.problem(422, "refused");
    }
}

#[tokio::test]
async fn apps_are_listed_by_id_page_by_page() {
    for world in World::each().await {
        for id in ["b", "a", "c"] {
            world.app(id, "draft", MANUAL).await;
        }
        let mut path = "/v1/apps?limit=2".to_owned();
        let mut ids = Vec::new();
        loop {
            let page = world.caller("vic").get(&path).await.expect(200);
            ids.extend(page["items"].as_array().unwrap().iter().map(|app| app["id"].as_str().unwrap().to_owned()));
            let Some(cursor) = page["next_cursor"].as_str() else { break };
            path = format!("/v1/apps?limit=2&cursor={cursor}");
        }
        assert_eq!(ids, ["a", "b", "c"]);
        for limit in ["0", "501", "x"] {
            world.admin().get(&format!("/v1/apps?limit={limit}")).await.problem(400, "invalid-request");
        }
    }
}
