//! Runs as they happen.

use http_body_util::{BodyExt, Empty};
use hyper::{Request, body::Bytes, client::conn::http1};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpStream;

use crate::world::{APPROVAL, Client, WELCOME, World};

/// An event of a stream: its name, its id, its data.
type Told = (String, Option<String>, Value);

/// A stream that is being read.
struct Stream {
    body: hyper::body::Incoming,
    text: String,
}

impl Stream {
    async fn open(client: &Client, run: &str, last: Option<&str>) -> Self {
        let stream = TcpStream::connect(client.address).await.unwrap();
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.unwrap();
        tokio::spawn(connection);
        let mut request = Request::get(format!("/v1/executions/{run}/stream")).header("host", "alcove");
        request = request.header("authorization", format!("Bearer {}", client.key.unwrap()));
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        let response = sender.send_request(request.body(Empty::<Bytes>::new()).unwrap()).await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self { body: response.into_body(), text: String::new() }
    }

    /// The next event; `None`: the stream has ended.
    async fn next(&mut self) -> Option<Told> {
        loop {
            if let Some((event, rest)) = self.text.split_once("\n\n") {
                let (event, rest) = (event.to_owned(), rest.to_owned());
                self.text = rest;
                let field = |name: &str| {
                    let lines = event.lines().filter_map(|line| line.split_once(':'));
                    lines.filter(|(known, _)| *known == name).map(|(_, value)| value.trim().to_owned()).next()
                };
                if let (Some(name), Some(data)) = (field("event"), field("data")) {
                    return Some((name, field("id"), serde_json::from_str(&data).unwrap()));
                }
                continue;
            }
            let frame = self.body.frame().await?.unwrap();
            self.text.push_str(str::from_utf8(frame.data_ref().unwrap()).unwrap());
        }
    }

    async fn rest(mut self) -> Vec<Told> {
        let mut all = Vec::new();
        while let Some(told) = self.next().await {
            all.push(told);
        }
        all
    }
}

fn names(told: &[Told]) -> Vec<&str> {
    told.iter().map(|(name, ..)| name.as_str()).collect()
}

async fn run_of(world: &World) -> String {
    world.user_created("e1").await["executions"][0]["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_run_that_has_ended_is_told_and_the_stream_ends() {
    for world in World::each().await {
        world.app("hello", "active", WELCOME).await;
        let run = run_of(&world).await;
        let told = Stream::open(&world.caller("vic"), &run, None).await.rest().await;
        assert_eq!(names(&told), ["log", "log", "status", "end"], "{told:?}");
        let log = world.admin().get(&format!("/v1/executions/{run}/log")).await.expect(200);
        for (_, id, step) in &told[..2] {
            assert!(id.is_some());
            let mut logged = log["steps"][usize::try_from(step["position"].as_u64().unwrap()).unwrap()].clone();
            logged["position"] = step["position"].clone();
            assert_eq!(*step, logged);
        }
        assert_eq!(told[3].2, json!({ "status": "succeeded" }));
    }
}

#[tokio::test]
async fn a_stream_is_taken_up_after_what_was_seen_last() {
    let world = World::new().await;
    world.app("hello", "active", WELCOME).await;
    let run = run_of(&world).await;
    let all = Stream::open(&world.admin(), &run, None).await.rest().await;
    let first = all[0].1.clone().unwrap();
    let rest = Stream::open(&world.admin(), &run, Some(&first)).await.rest().await;
    assert_eq!(rest, all[1..]);
    let nothing = Stream::open(&world.admin(), &run, all[1].1.as_deref()).await.rest().await;
    assert_eq!(names(&nothing), ["status", "end"]);
}

#[tokio::test]
async fn a_run_that_waits_is_followed_until_it_is_answered_and_ends() {
    for world in World::each().await {
        world.app("careful", "active", APPROVAL).await;
        let run = run_of(&world).await;
        let mut stream = Stream::open(&world.admin(), &run, None).await;
        loop {
            let (name, _, data) = stream.next().await.unwrap();
            if name == "status" && data["status"] == "waiting" {
                break;
            }
        }
        let bob = world.caller("bob");
        let approval = bob.get("/v1/approvals").await.expect(200)["items"][0].clone();
        let decision = json!({ "plan": approval["plan"], "preview_digest": approval["preview_digest"] });
        let path = format!("/v1/approvals/{}:approve", approval["id"].as_str().unwrap());
        bob.post(&path, decision).await.expect(200);
        let rest = stream.rest().await;
        assert_eq!(names(&rest).last(), Some(&"end"));
        assert!(rest.iter().any(|(_, _, data)| data["name"] == "send_notification"), "{rest:?}");
    }
}

#[tokio::test]
async fn nobody_follows_what_they_may_not_see() {
    let world = World::new().await;
    world.app("hello", "active", WELCOME).await;
    let run = run_of(&world).await;
    let path = format!("/v1/executions/{run}/stream");
    world.caller("nobody").get(&path).await.problem(403, "denied");
    world.caller("gil").get(&path).await.problem(404, "not-found");
    world.stranger().get(&path).await.problem(401, "unauthenticated");
    world.admin().get("/v1/executions/run_none/stream").await.problem(404, "not-found");
    let last = [("last-event-id", "yesterday")];
    let answer = world.admin().send(hyper::Method::GET, &path, &last, Vec::new()).await;
    answer.problem(400, "invalid-request");
}

#[tokio::test]
async fn so_many_streams_of_a_tenant_are_open_and_no_more() {
    let world = World::new().await;
    world.app("careful", "active", APPROVAL).await;
    let run = run_of(&world).await;
    let mut open = Vec::new();
    for _ in 0..32 {
        let mut stream = Stream::open(&world.admin(), &run, None).await;
        stream.next().await.unwrap();
        open.push(stream);
    }
    let path = format!("/v1/executions/{run}/stream");
    let answer = world.admin().get(&path).await;
    answer.problem(429, "too-many-at-once");
    assert_eq!(answer.header("retry-after"), Some("1"));
}
