//! A caller.

use http_body_util::{BodyExt, Full};
use hyper::{HeaderMap, Method, Request, body::Bytes, client::conn::http1};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpStream;

use super::{Answer, contract};

/// Somebody who calls a server.
#[derive(Clone, Debug)]
pub(crate) struct Client {
    pub(crate) address: std::net::SocketAddr,
    pub(crate) key: Option<&'static str>,
}

impl Client {
    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, &[], Vec::new()).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, &[], Vec::new()).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.json(Method::POST, path, body).await
    }

    pub(crate) async fn put(&self, path: &str, body: Value) -> Answer {
        self.json(Method::PUT, path, body).await
    }

    async fn json(&self, method: Method, path: &str, body: Value) -> Answer {
        let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
        self.send(method, path, &[("content-type", "application/json")], body).await
    }

    /// Sends a request over a connection of its own.
    pub(crate) async fn send(&self, method: Method, path: &str, headers: &[(&str, &str)], body: Vec<u8>) -> Answer {
        let stream = TcpStream::connect(self.address).await.unwrap();
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.unwrap();
        tokio::spawn(connection);
        let called = method.clone();
        let mut request = Request::builder().method(method).uri(path).header("host", "alcove");
        if let Some(key) = self.key {
            request = request.header("authorization", format!("Bearer {key}"));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Full::new(Bytes::from(body))).unwrap();
        let (parts, body) = sender.send_request(request).await.unwrap().into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        let answer =
            Answer { status: parts.status.as_u16(), body: read(&parts.headers, &bytes), headers: parts.headers };
        contract::check(&called, path, &answer);
        answer
    }
}

/// A body as JSON: what is no JSON is a text, and no body is null.
fn read(headers: &HeaderMap, bytes: &[u8]) -> Value {
    let kind = headers.get("content-type").map_or("", |kind| kind.to_str().unwrap());
    match bytes {
        [] => Value::Null,
        bytes if kind.ends_with("json") => serde_json::from_slice(bytes).unwrap(),
        bytes => String::from_utf8_lossy(bytes).into(),
    }
}
