//! Sizes and times, each at its limit and one past it.

use std::time::{Duration, Instant};

use alcove_egress::{
    Egress, EgressError, HEADER_BYTES_MAX, Limits, Part, RESPONSE_HEADER_BYTES_MAX, Request, URL_BYTES_MAX,
};

use crate::world::{World, Zone, get, here, outcome, post};

const HOST: &str = "api.example.com";

async fn world() -> (World, Egress) {
    let world = World::start(Zone::default().with(HOST, &["127.0.0.1"])).await;
    let egress = world.egress(&[HOST]);
    (world, egress)
}

#[tokio::test]
async fn a_body_that_is_sent_may_be_as_large_as_the_limit() {
    let (world, egress) = world().await;
    let url = world.url(HOST, "/");
    let limits = Limits { request_bytes_max: 1000, ..Limits::default() };
    let asked = |bytes| Request { body: vec![b'x'; bytes], limits, ..post(&url) };
    assert_eq!(outcome(&egress.send(asked(1000)).await), Ok(here()));
    let refused = egress.send(asked(1001)).await.unwrap_err();
    assert!(matches!(refused, EgressError::RequestTooLarge { part: Part::Body, limit: 1000, .. }), "{refused:?}");
    assert!(refused.nothing_was_sent() && world.site.seen().len() == 1);
}

#[tokio::test]
async fn headers_that_are_sent_may_have_as_much_as_the_limit() {
    let (world, egress) = world().await;
    let url = world.url(HOST, "/");
    for (bytes, fits) in [(HEADER_BYTES_MAX, true), (HEADER_BYTES_MAX + 1, false)] {
        let value = "x".repeat(bytes - "x-large".len());
        let result = egress.send(Request { headers: &[("x-large", &value)], ..get(&url) }).await;
        assert_eq!(result.is_ok(), fits, "{result:?}");
        assert!(fits || matches!(result, Err(EgressError::RequestTooLarge { part: Part::Headers, .. })));
    }
}

#[tokio::test]
async fn a_url_may_be_as_long_as_the_limit() {
    let (world, egress) = world().await;
    let start = world.url(HOST, "/");
    for (bytes, fits) in [(URL_BYTES_MAX, true), (URL_BYTES_MAX + 1, false)] {
        let url = format!("{start}{}", "x".repeat(bytes - start.len()));
        let result = egress.send(get(&url)).await;
        assert_eq!(result.is_ok(), fits, "{result:?}");
        assert!(fits || matches!(result, Err(EgressError::RequestTooLarge { part: Part::Url, .. })));
    }
}

#[tokio::test]
async fn an_answer_may_be_as_large_as_the_limit() {
    let (world, egress) = world().await;
    let limits = Limits { response_bytes_max: 1000, ..Limits::default() };
    let (fits, large) = (world.url(HOST, "/bytes/1000"), world.url(HOST, "/bytes/1001"));
    assert_eq!(egress.send(Request { limits, ..get(&fits) }).await.unwrap().body.len(), 1000);
    let refused = egress.send(Request { limits, ..get(&large) }).await.unwrap_err();
    let EgressError::ResponseTooLarge { part: Part::Body, limit: 1000, status: 200, .. } = refused else {
        panic!("{refused:?}")
    };
}

#[tokio::test]
async fn headers_of_an_answer_may_have_as_much_as_the_limit() {
    let (world, egress) = world().await;
    // What the server adds by itself: `content-length: 0` and a date.
    let rest = "x-large".len() + "content-length0".len() + "dateThu, 01 Jan 1970 00:00:00 GMT".len();
    for (bytes, fits) in [(RESPONSE_HEADER_BYTES_MAX, true), (RESPONSE_HEADER_BYTES_MAX + 1, false)] {
        let result = egress.send(get(&world.url(HOST, &format!("/header/{}", bytes - rest)))).await;
        assert_eq!(result.is_ok(), fits, "{result:?}");
        assert!(fits || matches!(result, Err(EgressError::ResponseTooLarge { part: Part::Headers, .. })));
    }
}

#[tokio::test]
async fn an_answer_that_does_not_come_times_out_and_it_may_have_been_received() {
    let (world, egress) = world().await;
    let limits = Limits { timeout: Duration::from_millis(300), ..Limits::default() };
    let url = world.url(HOST, "/hang");
    let slow = egress.send(Request { limits, ..get(&url) }).await.unwrap_err();
    assert!(matches!(slow, EgressError::TimedOut { .. }) && !slow.nothing_was_sent(), "{slow:?}");
}

#[tokio::test]
async fn where_nobody_listens_nothing_was_sent() {
    let (world, _) = world().await;
    let egress = Egress::new(world.policy(&[]).with(alcove_egress::AllowList::parse(["http://127.0.0.1:1"]).unwrap()));
    let nobody = egress.unwrap().send(get("http://127.0.0.1:1/")).await.unwrap_err();
    assert!(matches!(nobody, EgressError::Unreachable { .. }) && nobody.nothing_was_sent(), "{nobody:?}");
}

#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "a moment of the request is one of the real clock")]
async fn a_request_whose_moment_has_passed_is_not_sent() {
    let (world, egress) = world().await;
    let url = world.url(HOST, "/");
    let late = Request { not_after: Instant::now().checked_sub(Duration::from_millis(1)), ..get(&url) };
    let refused = egress.send(late).await.unwrap_err();
    assert!(matches!(refused, EgressError::TooLate { .. }) && refused.nothing_was_sent(), "{refused:?}");
    let in_time = Request { not_after: Some(Instant::now() + Duration::from_mins(1)), ..get(&url) };
    assert_eq!(outcome(&egress.send(in_time).await), Ok(here()));
    assert_eq!(world.site.seen().len(), 1);
}

#[tokio::test]
async fn a_malformed_header_is_refused_by_its_name() {
    let (world, egress) = world().await;
    let url = world.url(HOST, "/");
    for (name, value) in [("x key", "a"), ("", "a"), ("x-key", "a\r\nhost: evil"), ("x-key", "a\nb"), ("x-key", "a\0")]
    {
        let refused = egress.send(Request { headers: &[(name, value)], ..get(&url) }).await.unwrap_err();
        assert!(matches!(&refused, EgressError::InvalidHeader { name: said } if said == name), "{refused:?}");
    }
    assert_eq!(world.site.seen().len(), 0);
}

#[tokio::test]
async fn nothing_is_unpacked_and_no_cookie_is_kept() {
    let (world, egress) = world().await;
    assert_eq!(egress.send(get(&world.url(HOST, "/gzip"))).await.unwrap().body, b"\x1f\x8b not unpacked");
    assert!(egress.send(get(&world.url(HOST, "/cookie"))).await.is_ok());
    assert!(egress.send(get(&world.url(HOST, "/"))).await.is_ok());
    for seen in world.site.seen() {
        assert_eq!((seen.header("cookie"), seen.header("accept-encoding")), (None, None), "{seen:?}");
    }
}

#[tokio::test]
async fn any_status_but_a_redirect_is_an_answer() {
    let (world, egress) = world().await;
    assert_eq!(outcome(&egress.send(get(&world.url(HOST, "/broken"))).await), Ok((500, "no".to_owned())));
}
