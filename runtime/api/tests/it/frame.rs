//! What holds for every request: its name, its time, its room, and how the server stops.

use std::time::Duration;

use alcove_api::ServerLimits;
use hyper::Method;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::world::{MANUAL, World};

/// What the server says to this over a connection of its own, until it closes it.
async fn told(world: &World, head: &str) -> String {
    let mut stream = TcpStream::connect(world.address).await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test]
async fn a_request_keeps_its_name_and_its_trace() {
    let world = World::new().await;
    let (trace, span) = ("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331");
    let parent = format!("00-{trace}-{span}-01");
    let headers = [("x-request-id", "mine-1"), ("traceparent", &*parent)];
    let answer = world.admin().send(Method::GET, "/v1/apps/nothing", &headers, Vec::new()).await;
    answer.problem(404, "not-found");
    assert_eq!(answer.header("x-request-id"), Some("mine-1"));
    let response = answer.header("traceresponse").unwrap();
    assert!(response.starts_with(&format!("00-{trace}-")) && response.ends_with("-01"), "{response}");
    assert!(!response.contains(span));
    let unnamed = world.stranger().get("/healthz").await;
    assert!(unnamed.header("x-request-id").unwrap().starts_with("req_"));
    assert_eq!(unnamed.header("traceresponse"), None);
}

#[tokio::test]
async fn a_body_that_does_not_read_is_pointed_at() {
    let world = World::new().await;
    let edits = json!([{ "action": 1, "path": ["a"], "value": 1 }, { "action": "x" }]);
    let body = json!({ "plan": "", "preview_digest": "", "edits": edits });
    let answer = world.admin().post("/v1/approvals/x:modify", body).await;
    answer.problem(400, "malformed-body");
    assert_eq!((&answer.body["pointer"], &answer.body["line"]), (&json!("/edits/1/action"), &json!(1)));
    let headers = [("content-type", "application/json")];
    let cut = world.admin().send(Method::POST, "/v1/apps/x:rollback", &headers, b"{\n  \"version\": ".to_vec()).await;
    assert_eq!((&cut.body["line"], cut.body.get("pointer")), (&json!(2), None));
}

#[tokio::test]
async fn a_cursor_is_good_for_its_list_only() {
    let world = World::new().await;
    for id in ["a", "b", "c"] {
        world.app(id, "draft", MANUAL).await;
    }
    let first = world.admin().get("/v1/apps?limit=2").await;
    let cursor = first.body["next_cursor"].as_str().unwrap().to_owned();
    let link = format!("</v1/apps?limit=2&cursor={cursor}>; rel=\"next\"");
    assert_eq!(first.header("link"), Some(&*link));
    let rest = world.admin().get(&format!("/v1/apps?limit=9&cursor={cursor}")).await;
    assert_eq!((rest.header("link"), rest.body["items"].as_array().unwrap().len()), (None, 1));
    for path in ["/v1/executions", "/v1/approvals", "/v1/dead-letters", "/v1/apps/a/versions"] {
        world.admin().get(&format!("{path}?cursor={cursor}")).await.problem(400, "invalid-request");
    }
    for made_up in ["a", "b.1", "AAAA", "%00"] {
        world.admin().get(&format!("/v1/apps?cursor={made_up}")).await.problem(400, "invalid-request");
    }
}

#[tokio::test]
async fn a_body_that_does_not_arrive_is_not_waited_for() {
    let limits = ServerLimits { body_time: Duration::from_millis(50), ..ServerLimits::default() };
    let world = World::limited(limits).await;
    let key = world.admin().key.unwrap();
    let head = format!(
        "POST /v1/events HTTP/1.1\r\nhost: alcove\r\nauthorization: Bearer {key}\r\ncontent-length: 9\r\n\r\n{{"
    );
    let answer = told(&world, &head).await;
    assert!(answer.starts_with("HTTP/1.1 408 ") && answer.contains("request-too-slow"), "{answer}");
}

#[tokio::test]
async fn a_head_that_does_not_arrive_is_not_waited_for() {
    let limits = ServerLimits { head_time: Duration::from_millis(50), ..ServerLimits::default() };
    let world = World::limited(limits).await;
    let answer = told(&world, "GET /healthz HTTP/1.1\r\nhost: alc").await;
    assert!(!answer.contains("200 OK"), "{answer}");
    let idle = told(&world, "GET /healthz HTTP/1.1\r\nhost: alcove\r\n\r\n").await;
    assert!(idle.starts_with("HTTP/1.1 200 OK"), "{idle}");
}

#[tokio::test]
async fn one_connection_more_than_there_is_room_for_is_told_so() {
    let world = World::limited(ServerLimits { connections: 1, ..ServerLimits::default() }).await;
    let mut first = TcpStream::connect(world.address).await.unwrap();
    // Whoever has had an answer has come in.
    first.write_all(b"GET /healthz HTTP/1.1\r\nhost: alcove\r\n\r\n").await.unwrap();
    first.read_exact(&mut [0; 16]).await.unwrap();
    let second = told(&world, "").await;
    let (head, body) = second.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 503 ") && head.contains("retry-after: 1"), "{head}");
    assert_eq!(serde_json::from_str::<Value>(body).unwrap()["code"], "overloaded");
}

#[tokio::test]
async fn a_server_that_stops_finishes_what_was_begun_and_takes_nothing_new() {
    let mut world = World::new().await;
    let mut idle = TcpStream::connect(world.address).await.unwrap();
    idle.write_all(b"GET /healthz HTTP/1.1\r\nhost: alcove\r\n\r\n").await.unwrap();
    idle.read_exact(&mut [0; 16]).await.unwrap();
    let body = r#"{"type":"user.created","id":"e1","payload":{"user_id":"u1"}}"#;
    let (key, length) = (world.admin().key.unwrap(), body.len());
    let mut begun = TcpStream::connect(world.address).await.unwrap();
    let head = format!(
        "POST /v1/events HTTP/1.1\r\nhost: alcove\r\nauthorization: Bearer {key}\r\nexpect: 100-continue\r\n\
         content-length: {length}\r\n\r\n"
    );
    begun.write_all(head.as_bytes()).await.unwrap();
    // The server asks for the body: the request has begun.
    let mut go_on = [0; 25];
    begun.read_exact(&mut go_on).await.unwrap();
    assert_eq!(go_on, *b"HTTP/1.1 100 Continue\r\n\r\n");
    world.stop();
    // A connection without a request is closed, and by then the server stops.
    idle.read_to_end(&mut Vec::new()).await.unwrap();
    let probe = world.stranger().get("/readyz").await;
    probe.problem(503, "unavailable");
    assert_eq!(probe.header("connection"), Some("close"));
    let late = world.admin().get("/v1/apps").await;
    late.problem(503, "unavailable");
    assert_eq!(late.header("retry-after"), Some("1"));
    begun.write_all(body.as_bytes()).await.unwrap();
    let mut answer = String::new();
    begun.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 202 Accepted") && answer.contains("connection: close"), "{answer}");
}
