//! The client against a real server on loopback.
#![expect(clippy::unwrap_used, reason = "a test's server fails by panicking")]

use std::{convert::Infallible, time::Duration};

use alcove_egress::{Egress, EgressError, Origin, Policy, Request};
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
    let key = request.headers().get("x-key").cloned();
    let body = request.into_body().collect().await.unwrap().to_bytes();
    let (status, location, reply) = match path.as_str() {
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
        url,
        headers: &[("x-key", "secret")],
        body: b"hello".to_vec(),
        timeout: Duration::from_millis(500),
        response_bytes_max: 1000,
    }
}

fn client(base: &str) -> Egress {
    Egress::new(Policy::allow([Origin::parse(base).unwrap()])).unwrap()
}

#[tokio::test]
async fn an_allowed_origin_gets_headers_and_body_and_any_status_is_an_answer() {
    let base = serve().await;
    let echo = client(&base).post(request(&format!("{base}/echo"))).await.unwrap();
    assert_eq!((echo.status, echo.body.as_slice()), (200, b"secret hello".as_slice()));
    assert_eq!(client(&base).post(request(&format!("{base}/broken"))).await.unwrap().status, 500);
}

#[tokio::test]
async fn another_origin_is_refused_before_anything_is_sent() {
    let base = serve().await;
    let denied = Egress::new(Policy::deny_all()).unwrap().post(request(&format!("{base}/echo"))).await;
    assert!(matches!(denied, Err(EgressError::OriginNotAllowed { .. })), "{denied:?}");
    let other = client("http://127.0.0.1:1").post(request(&format!("{base}/echo"))).await;
    assert!(matches!(other, Err(EgressError::OriginNotAllowed { .. })), "{other:?}");
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let base = serve().await;
    let moved = client(&base).post(request(&format!("{base}/moved"))).await;
    assert!(matches!(moved, Err(EgressError::Redirect { status: 307, .. })), "{moved:?}");
}

#[tokio::test]
async fn an_answer_may_be_as_large_as_the_limit_and_no_larger() {
    let base = serve().await;
    assert_eq!(client(&base).post(request(&format!("{base}/1000"))).await.unwrap().body.len(), 1000);
    let large = client(&base).post(request(&format!("{base}/1001"))).await;
    assert!(matches!(large, Err(EgressError::ResponseTooLarge { limit: 1000, .. })), "{large:?}");
}

#[tokio::test]
async fn an_answer_that_does_not_come_times_out() {
    let base = serve().await;
    let slow = client(&base).post(request(&format!("{base}/slow"))).await;
    assert!(matches!(slow, Err(EgressError::TimedOut { .. })), "{slow:?}");
}

#[tokio::test]
async fn errors_never_show_headers_or_the_url() {
    let refused = client("http://127.0.0.1:1").post(request("http://127.0.0.1:1/path?token=secret")).await.unwrap_err();
    let text = format!("{refused:?} {refused}");
    assert!(matches!(refused, EgressError::Transport { .. }));
    assert!(!text.contains("secret"), "{text}");
}
