//! A server that speaks both dialects and answers from a cassette.

use std::{
    convert::Infallible,
    io,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::{Method, Request, Response, StatusCode, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::{net::TcpListener, task::JoinHandle};

use super::{Cassette, Reply};
use crate::ai::{Completion, Dialect};

const REQUEST_BYTES_MAX: usize = 1024 * 1024;

/// A running server on loopback; it stops when this is dropped.
#[derive(Debug)]
pub struct CassetteServer {
    base_url: String,
    accepting: JoinHandle<()>,
}

/// An answer: status and body.
type Answer = (StatusCode, Value);

impl CassetteServer {
    /// Starts it on a free port of 127.0.0.1.
    pub async fn start(cassette: Cassette) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let base_url = format!("http://{}", listener.local_addr()?);
        let cassette = Arc::new(Mutex::new(cassette));
        let accepting = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let cassette = Arc::clone(&cassette);
                let service = service_fn(move |request| serve(Arc::clone(&cassette), request));
                tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
            }
        });
        Ok(Self { base_url, accepting })
    }

    /// What goes into a provider's configuration.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }
}

impl Drop for CassetteServer {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn serve(
    cassette: Arc<Mutex<Cassette>>,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let (status, body) = answer(&cassette, request).await;
    let mut response = Response::new(Full::new(Bytes::from(body.to_string())));
    *response.status_mut() = status;
    response.headers_mut().insert("content-type", hyper::header::HeaderValue::from_static("application/json"));
    Ok(response)
}

/// Checks a request as the real APIs do, then asks the cassette.
async fn answer(cassette: &Mutex<Cassette>, request: Request<Incoming>) -> Answer {
    let dialects = [Dialect::Anthropic, Dialect::OpenAi];
    let Some(dialect) = dialects.into_iter().find(|dialect| dialect.path() == request.uri().path()) else {
        return (StatusCode::NOT_FOUND, Dialect::OpenAi.error("no such endpoint"));
    };
    let refuse = |status, message: &str| (status, dialect.error(message));
    if request.method() != Method::POST {
        return refuse(StatusCode::METHOD_NOT_ALLOWED, "only POST is allowed");
    }
    let (key, _) = dialect.key_header("");
    let missing = dialect.headers().iter().map(|(name, _)| *name).find(|name| !request.headers().contains_key(*name));
    if let Some(name) = missing {
        return refuse(StatusCode::BAD_REQUEST, &format!("header `{name}` is required"));
    }
    if !request.headers().contains_key(key) {
        return refuse(StatusCode::UNAUTHORIZED, &format!("header `{key}` is required"));
    }
    let Ok(body) = Limited::new(request.into_body(), REQUEST_BYTES_MAX).collect().await else {
        return refuse(StatusCode::PAYLOAD_TOO_LARGE, "the request is too large");
    };
    let Ok(body) = serde_json::from_slice::<Value>(&body.to_bytes()) else {
        return refuse(StatusCode::BAD_REQUEST, "the request is not JSON");
    };
    match dialect.read_request(&body) {
        Err(message) => refuse(StatusCode::BAD_REQUEST, message),
        Ok(prompt) => {
            let reply = cassette.lock().unwrap_or_else(PoisonError::into_inner).take(&prompt.user);
            let Some(reply) = reply else {
                return refuse(StatusCode::NOT_FOUND, "no reply of the cassette fits this question");
            };
            tokio::time::sleep(Duration::from_millis(reply.delay_ms)).await;
            let words = prompt.system.split_whitespace().count() + prompt.user.split_whitespace().count();
            play(dialect, &body, &reply, words)
        }
    }
}

/// Words stand for tokens: close enough for a script.
fn play(dialect: Dialect, request: &Value, reply: &Reply, words: usize) -> Answer {
    let text = reply.text();
    match StatusCode::from_u16(reply.status) {
        Ok(StatusCode::OK) => {
            let tokens_out = text.split_whitespace().count() as u64;
            let completion = Completion { text, tokens_in: words as u64, tokens_out };
            (StatusCode::OK, dialect.answer(request.get("model").unwrap_or(&Value::Null), &completion))
        }
        Ok(status) => (status, dialect.error(&text)),
        Err(_) => (StatusCode::INTERNAL_SERVER_ERROR, dialect.error("the cassette names no HTTP status")),
    }
}
