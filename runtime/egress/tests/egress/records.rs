//! What is told of each call.

use std::sync::Mutex;

use alcove_egress::{CallRecord, CallSink, Limits, Method, Request};

use crate::world::{World, Zone, get, post};

const HOST: &str = "api.example.com";

#[derive(Debug, Default)]
struct Kept(Mutex<Vec<CallRecord>>);

impl CallSink for Kept {
    fn record(&self, call: CallRecord) {
        self.0.lock().unwrap().push(call);
    }
}

impl Kept {
    fn only(&self) -> CallRecord {
        let mut calls = std::mem::take(&mut *self.0.lock().unwrap());
        assert_eq!(calls.len(), 1);
        calls.remove(0)
    }
}

#[tokio::test]
async fn a_call_is_told_once_with_its_end_and_without_its_secrets() {
    let world = World::start(Zone::default().with(HOST, &["127.0.0.1"])).await;
    let (egress, kept) = (world.egress(&[HOST]), Kept::default());
    let url = world.url(HOST, "/a?token=secret");
    let asked = Request { headers: &[("authorization", "secret")], sink: Some(&kept), ..post(&url) };
    egress.send(asked).await.unwrap();
    let call = kept.only();
    assert_eq!((call.method, call.status, call.error, call.hops), (Method::Post, Some(200), None, 0));
    assert_eq!(call.target, world.url(HOST, "/a?token=***"));
    assert_eq!((call.bytes_out, call.bytes_in), (5, 4));
    assert!(!format!("{call:?}").contains("secret") && !format!("{call:?}").contains("hello"), "{call:?}");
}

#[tokio::test]
async fn a_call_that_is_refused_or_redirected_is_told_too() {
    let world = World::start(Zone::default().with(HOST, &["127.0.0.1"])).await;
    let (egress, kept) = (world.egress(&[HOST]), Kept::default());
    world.site.redirects(&[(302, Some("/redirect"))]);
    for (url, status, error, hops) in [
        (world.url(HOST, "/redirect"), Some(302), "redirect_not_followed", 3),
        (world.url("other.example.com", "/"), None, "origin_not_allowed", 0),
        ("file:///etc/passwd".to_owned(), None, "invalid_url", 0),
        (world.url(HOST, "/bytes/2000000"), Some(200), "response_too_large", 0),
    ] {
        egress.send(Request { sink: Some(&kept), ..get(&url) }).await.unwrap_err();
        let call = kept.only();
        assert_eq!((call.status, call.error, call.hops), (status, Some(error), hops), "{url}");
        assert_eq!(call.target.is_empty(), error == "invalid_url", "{url}");
    }
}

#[tokio::test]
async fn a_call_that_nobody_waits_for_any_more_is_told_as_broken_off() {
    let world = World::start(Zone::default().with(HOST, &["127.0.0.1"])).await;
    let (egress, kept) = (world.egress(&[HOST]), Kept::default());
    let url = world.url(HOST, "/hang");
    let asked = Request { limits: Limits::default(), sink: Some(&kept), ..get(&url) };
    let dropped = tokio::time::timeout(std::time::Duration::from_millis(200), egress.send(asked)).await;
    assert!(dropped.is_err());
    let call = kept.only();
    assert_eq!((call.status, call.error), (None, Some("broken_off")));
}
