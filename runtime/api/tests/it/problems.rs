//! Requests that are not what they should be.

use hyper::Method;

use crate::world::{WELCOME, World};

const JSON: (&str, &str) = ("content-type", "application/json");

#[tokio::test]
async fn a_path_or_method_that_there_is_not_is_a_problem_that_says_what_there_is() {
    let world = World::new().await;
    for path in ["/", "/v1", "/v1/app", "/v1/apps/a/b", "/v2/apps", "/v1/apps/"] {
        world.admin().get(path).await.problem(404, "no-such-path");
    }
    let methods = [
        (Method::DELETE, "/v1/apps", "GET, POST"),
        (Method::POST, "/v1/apps/hello", "GET, PUT, DELETE"),
        (Method::GET, "/v1/apps/hello:activate", "POST"),
        (Method::GET, "/v1/events", "POST"),
        (Method::POST, "/healthz", "GET"),
        (Method::OPTIONS, "/v1/events", "POST"),
    ];
    for (method, path, allowed) in methods {
        let answer = world.admin().send(method, path, &[], Vec::new()).await;
        answer.problem(405, "method-not-allowed");
        assert_eq!(answer.header("allow"), Some(allowed), "{path}");
    }
    let unknown = world.admin().send(Method::POST, "/v1/apps/hello:activat", &[], Vec::new()).await;
    assert!(unknown.body["detail"].as_str().unwrap().contains(":activate"), "{}", unknown.body);
}

#[tokio::test]
async fn a_head_is_a_get_without_a_body() {
    let world = World::new().await;
    let answer = world.admin().send(Method::HEAD, "/v1/apps", &[], Vec::new()).await;
    assert_eq!((answer.status, answer.body), (200, serde_json::Value::Null));
}

#[tokio::test]
async fn a_body_that_cannot_be_read_is_a_problem() {
    let world = World::new().await;
    let bodies: [(&[u8], &str); 6] = [
        (b"{", "malformed-body"),
        (b"{}{}", "malformed-body"),
        (b"{\"type\":\"a\",\"type\":\"b\"}", "malformed-body"),
        (b"{\"type\":\"user.created\",\"id\":\"e\xff\"}", "malformed-body"),
        (b"{\"type\":\"user.created\",\"id\":\"e\",\"payload\":{\"a\":1,\"a\":2}}", "invalid-request"),
        (b"", "malformed-body"),
    ];
    for (body, code) in bodies {
        world.admin().send(Method::POST, "/v1/events", &[JSON], body.to_vec()).await.problem(400, code);
    }
    let deep = [b"[".repeat(200_000), b"]".repeat(200_000)].concat();
    world.admin().send(Method::POST, "/v1/events", &[JSON], deep).await.problem(400, "malformed-body");
    let bad = world.admin().send(Method::POST, "/v1/apps/x:pause", &[JSON], b"{\"now\":true}".to_vec()).await;
    bad.problem(400, "malformed-body");
    let app = [b"\xff".as_slice(), WELCOME.as_bytes()].concat();
    world.admin().send(Method::POST, "/v1/apps", &[JSON], app).await.problem(400, "malformed-body");
}

#[tokio::test]
async fn a_body_of_another_type_is_a_problem() {
    let world = World::new().await;
    for path in ["/v1/events", "/v1/apps", "/v1/apps:validate", "/v1/apps/x:activate"] {
        for kind in ["text/plain", "application/x-www-form-urlencoded", "application/json5"] {
            let answer = world.admin().send(Method::POST, path, &[("content-type", kind)], b"{}".to_vec()).await;
            answer.problem(415, "unsupported-media-type");
        }
    }
    for kind in ["application/json", "Application/JSON; charset=utf-8"] {
        let headers = [("content-type", kind)];
        let body = WELCOME.as_bytes().to_vec();
        world.admin().send(Method::POST, "/v1/apps:validate", &headers, body).await.expect(200);
    }
}

#[tokio::test]
async fn a_body_may_be_as_large_as_its_limit_and_no_larger() {
    let world = World::new().await;
    let limit = 1 << 20;
    let event = |padding: usize| format!("{}{}", r#"{"type":"custom.x","id":"e1"}"#, " ".repeat(padding)).into_bytes();
    let least = event(0).len();
    let largest = world.admin().send(Method::POST, "/v1/events", &[JSON], event(limit - least)).await;
    assert_eq!(largest.status, 202, "{}", largest.body);
    let larger = world.admin().send(Method::POST, "/v1/events", &[JSON], event(limit - least + 1)).await;
    larger.problem(413, "body-too-large");
    assert!(larger.body["detail"].as_str().unwrap().contains("1048576"), "{}", larger.body);
}

#[tokio::test]
async fn a_parameter_that_is_unknown_is_a_problem() {
    let world = World::new().await;
    for path in ["/v1/apps?limt=1", "/v1/apps/x?a=1", "/v1/approvals?app=x", "/v1/executions/x?wait=1s"] {
        world.admin().get(path).await.problem(400, "invalid-request");
    }
    world
        .admin()
        .send(Method::POST, "/v1/apps?status=paused", &[JSON], WELCOME.into())
        .await
        .problem(400, "invalid-request");
}

#[tokio::test]
async fn a_path_that_is_not_utf_8_is_a_problem() {
    let world = World::new().await;
    world.admin().get("/v1/apps/%ff").await.problem(400, "invalid-request");
}
