//! A server that remembers what it was sent, and how effects are sent to it.

use std::{
    convert::Infallible,
    sync::{Arc, Mutex},
};

use alcove_catalog::Guarantee;
use alcove_egress::{AllowList, Egress, Origin, Policy};
use alcove_ids::EffectId;
use alcove_platform::http::Sending;
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

/// What apps call the server.
pub(crate) const HOST: &str = "https://hooks.example.com";

/// A request.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    pub(crate) line: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Received {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// What a server does with each request.
#[derive(Clone, Debug)]
pub(crate) enum Answer {
    /// This status and this body.
    With(u16, Vec<u8>),
    /// Elsewhere, with this status.
    Elsewhere(u16, &'static str),
    /// It never answers.
    Never,
}

/// A server of this machine.
#[derive(Clone)]
pub(crate) struct Receiver {
    state: Arc<(Answer, Mutex<Vec<Received>>)>,
    pub(crate) base: String,
    pub(crate) effect: EffectId,
}

impl Receiver {
    pub(crate) async fn start(answer: Answer) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let effect = EffectId::parse("eff_1").unwrap();
        let receiver = Self { state: Arc::new((answer, Mutex::default())), base, effect };
        let server = receiver.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let server = server.clone();
                let serve = service_fn(move |request| receive(server.clone(), request));
                tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), serve));
            }
        });
        receiver
    }

    pub(crate) async fn saying(status: u16, body: &str) -> Self {
        Self::start(Answer::With(status, body.as_bytes().to_vec())).await
    }

    /// What came so far, in order.
    pub(crate) fn received(&self) -> Vec<Received> {
        self.state.1.lock().unwrap().clone()
    }

    /// The only request that came.
    pub(crate) fn only(&self) -> Received {
        let mut received = self.received();
        assert_eq!(received.len(), 1, "{received:?}");
        received.remove(0)
    }

    /// The way to it, by the name of [`HOST`], and to nothing else.
    pub(crate) fn egress(&self) -> Egress {
        let (named, here) = (Origin::parse(HOST).unwrap(), Origin::parse(&self.base).unwrap());
        Egress::new(Policy::allow([named.clone()]).with_route(named, here)).unwrap()
    }

    /// How an effect is sent for a tenant that may reach this.
    pub(crate) fn sending<'a>(&'a self, allowed: &'a AllowList, guarantee: Guarantee) -> Sending<'a> {
        Sending { effect: &self.effect, guarantee, allowed, not_after: None, signing: &[], at_s: 0, sink: None }
    }
}

async fn receive(
    server: Receiver,
    request: hyper::Request<Incoming>,
) -> Result<hyper::Response<Full<Bytes>>, Infallible> {
    let line = format!("{} {}", request.method(), request.uri());
    let text = |value: &hyper::header::HeaderValue| value.to_str().unwrap().to_owned();
    let headers = request.headers().iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect();
    let body = request.into_body().collect().await.unwrap().to_bytes();
    let body = String::from_utf8(body.to_vec()).unwrap();
    server.state.1.lock().unwrap().push(Received { line, headers, body });
    let response = hyper::Response::builder();
    let (response, body) = match server.state.0.clone() {
        Answer::With(status, body) => (response.status(status), body),
        Answer::Elsewhere(status, to) => (response.status(status).header("location", to), Vec::new()),
        Answer::Never => std::future::pending().await,
    };
    Ok(response.body(Full::new(Bytes::from(body))).unwrap())
}
