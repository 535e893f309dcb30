//! Requests to the server under test.

use std::time::Duration;

use anyhow::{Context, Result, bail};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::{Method, Request};
use hyper_util::{
    client::legacy::{Client as Pool, connect::HttpConnector},
    rt::TokioExecutor,
};
use serde_json::Value;

/// How long an answer may take: a frozen server gives none.
const TIMEOUT: Duration = Duration::from_secs(3);

/// A client that speaks for one key.
#[derive(Clone, Debug)]
pub(crate) struct Client {
    pool: Pool<HttpConnector, Full<Bytes>>,
    key: &'static str,
}

impl Client {
    pub(crate) fn new(key: &'static str) -> Self {
        Self { pool: Pool::builder(TokioExecutor::new()).build_http(), key }
    }

    /// Sends a request; gives status and body.
    pub(crate) async fn send(&self, method: Method, url: &str, body: String) -> Result<(u16, Value)> {
        let request = Request::builder()
            .method(method)
            .uri(url)
            .header("authorization", format!("Bearer {}", self.key))
            .header("content-type", "application/json")
            .body(Full::new(Bytes::from(body)))?;
        let exchange = async {
            let response = self.pool.request(request).await?;
            let status = response.status().as_u16();
            let body = response.into_body().collect().await?.to_bytes();
            anyhow::Ok((status, serde_json::from_slice(&body).unwrap_or(Value::Null)))
        };
        tokio::time::timeout(TIMEOUT, exchange).await.context("no answer in time")?
    }

    /// The same where anything but success is an error.
    pub(crate) async fn call(&self, method: Method, url: &str, body: String) -> Result<Value> {
        let (status, answer) = self.send(method.clone(), url, body).await?;
        if !(200..300).contains(&status) {
            bail!("{method} {url} answered with {status}: {answer}");
        }
        Ok(answer)
    }
}
