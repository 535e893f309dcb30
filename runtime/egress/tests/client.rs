//! The client against a real server on loopback.
#![expect(clippy::unwrap_used, reason = "a test's server fails by panicking")]

use std::{
    convert::Infallible,
    time::{Duration, Instant},
};

use alcove_egress::{Egress, EgressError, Method, Origin, Policy, Request};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

/// Answers by path; gives its base URL.
async fn serve() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service_fn(answer)));
        }
    });
    base
}

async fn answer(request: hyper::Request<Incoming>) -> Result<hyper::Response<Full<Bytes>>, Infallible> {
    let path = request.uri().path().to_owned();
    let method = format!("{} {}", request.method(), request.uri());
    let key = request.headers().get("x-key").cloned();
    let body = request.into_body().collect().await.unwrap().to_bytes();
    let (status, location, reply) = match path.as_str() {
        "/method" => (200, None, method.into_bytes()),
        "/echo" => (200, None, [key.unwrap().as_bytes(), b" ", &body].concat()),
        "/broken" => (500, None, b"no".to_vec()),
        "/moved" => (307, Some("/echo"), Vec::new()),
        "/slow" => {
            tokio::time::sleep(Duration::from_secs(30)).await;
            (200, None, Vec::new())
        }
        _ => (200, None, vec![b'x'; path.trim_start_matches('/').parse().unwrap()]),
    };
    let mut response = hyper::Response::builder().status(status);
    if let Some(location) = location {
        response = response.header("location", location);
    }
    Ok(response.body(Full::new(Bytes::from(reply))).unwrap())
}

fn request(url: &str) -> Request<'_> {
    Request {
        method: Method::Post,
        url,
        headers: &[("x-key", "secret")],
        body: b"hello".to_vec(),
        timeout: Duration::from_millis(500),
        not_after: None,
        response_bytes_max: 1000,
    }
}

fn client(base: &str) -> Egress {
    Egress::new(Policy::allow([Origin::parse(base).unwrap()])).unwrap()
}

#[tokio::test]
async fn an_allowed_origin_gets_headers_and_body_and_any_status_is_an_answer() {
    let base = serve().await;
    let echo = client(&base).send(request(&format!("{base}/echo"))).await.unwrap();
    assert_eq!((echo.status, echo.body.as_slice()), (200, b"secret hello".as_slice()));
    assert_eq!(client(&base).send(request(&format!("{base}/broken"))).await.unwrap().status, 500);
}

#[tokio::test]
async fn another_origin_is_refused_before_anything_is_sent() {
    let base = serve().await;
    let denied = Egress::new(Policy::deny_all()).unwrap().send(request(&format!("{base}/echo"))).await;
    assert!(matches!(denied, Err(EgressError::OriginNotAllowed { .. })), "{denied:?}");
    let other = client("http://127.0.0.1:1").send(request(&format!("{base}/echo"))).await;
    assert!(matches!(other, Err(EgressError::OriginNotAllowed { .. })), "{other:?}");
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let base = serve().await;
    let moved = client(&base).send(request(&format!("{base}/moved"))).await;
    assert!(matches!(moved, Err(EgressError::Redirect { status: 307, .. })), "{moved:?}");
}

#[tokio::test]
async fn an_answer_may_be_as_large_as_the_limit_and_no_larger() {
    let base = serve().await;
    assert_eq!(client(&base).send(request(&format!("{base}/1000"))).await.unwrap().body.len(), 1000);
    let large = client(&base).send(request(&format!("{base}/1001"))).await;
    assert!(matches!(large, Err(EgressError::ResponseTooLarge { limit: 1000, .. })), "{large:?}");
}

#[tokio::test]
async fn an_answer_that_does_not_come_times_out() {
    let base = serve().await;
    let slow = client(&base).send(request(&format!("{base}/slow"))).await;
    assert!(matches!(slow, Err(EgressError::TimedOut { .. })), "{slow:?}");
}

#[tokio::test]
async fn errors_never_show_headers_or_the_url() {
    let refused = client("http://127.0.0.1:1").send(request("http://127.0.0.1:1/path?token=secret")).await.unwrap_err();
    let text = format!("{refused:?} {refused}");
    assert!(matches!(refused, EgressError::Unreachable { .. }));
    assert!(!text.contains("secret"), "{text}");
}

#[tokio::test]
async fn each_method_arrives_as_it_is() {
    let base = serve().await;
    for method in Method::ALL {
        let url = format!("{base}/method");
        let answer = client(&base).send(Request { method, ..request(&url) }).await.unwrap();
        assert_eq!(answer.body, format!("{} /method", method.as_str()).into_bytes());
    }
}

#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "a moment of the request is one of the real clock")]
async fn a_request_whose_moment_has_passed_is_not_sent() {
    let base = serve().await;
    let url = format!("{base}/echo");
    let late = Request { not_after: Instant::now().checked_sub(Duration::from_millis(1)), ..request(&url) };
    let refused = client(&base).send(late).await.unwrap_err();
    assert!(matches!(refused, EgressError::TooLate { .. }) && refused.nothing_was_sent(), "{refused:?}");
    let in_time = Request { not_after: Some(Instant::now() + Duration::from_secs(5)), ..request(&url) };
    assert_eq!(client(&base).send(in_time).await.unwrap().status, 200);
}

#[tokio::test]
async fn what_is_for_a_routed_origin_goes_where_the_operator_says_and_nothing_else_does() {
    let base = serve().await;
    let (named, other) = (Origin::parse("https://hooks.example.com").unwrap(), Origin::parse(&base).unwrap());
    let egress = Egress::new(Policy::allow([named.clone()]).with_route(named, other)).unwrap();
    let routed = egress.send(request("https://hooks.example.com/method?a=b")).await.unwrap();
    assert_eq!(routed.body, b"POST /method?a=b");
    let url = format!("{base}/method");
    let direct = egress.send(request(&url)).await;
    assert!(matches!(direct, Err(EgressError::OriginNotAllowed { .. })), "{direct:?}");
}

#[tokio::test]
async fn it_is_known_whether_something_was_sent() {
    let nobody = client("http://127.0.0.1:1").send(request("http://127.0.0.1:1/")).await.unwrap_err();
    assert!(matches!(nobody, EgressError::Unreachable { .. }) && nobody.nothing_was_sent(), "{nobody:?}");
    let base = serve().await;
    let url = format!("{base}/slow");
    let slow = client(&base).send(request(&url)).await.unwrap_err();
    assert!(matches!(slow, EgressError::TimedOut { .. }) && !slow.nothing_was_sent(), "{slow:?}");
}
