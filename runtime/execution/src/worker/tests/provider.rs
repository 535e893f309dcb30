//! What is outside: a server that counts what reaches it, and a model.

use std::{
    convert::Infallible,
    sync::{Arc, Mutex},
    time::Duration,
};

use alcove_egress::{Egress, Origin, Policy};
use alcove_platform::ai::{Completion, Prompt, Provider, ProviderError};
use async_trait::async_trait;
use bytes::Bytes;
use http_body_util::Full;
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

use crate::Outside;

/// What the server is called.
pub(super) const HOST: &str = "https://hooks.example.com";

/// What a server does with a request.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Mood {
    /// It answers that it has done it.
    Done,
    /// It does it, and does not answer.
    Silent,
    /// It is overloaded, and does nothing.
    Busy,
}

/// A server, or a model, that does as it is told and remembers the keys of what it did.
#[derive(Clone, Debug)]
pub(super) struct Outsider {
    state: Arc<Mutex<(Mood, Vec<String>)>>,
    base: String,
}

impl Outsider {
    pub(super) async fn start(mood: Mood) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let provider = Self { state: Arc::new(Mutex::new((mood, Vec::new()))), base };
        let server = provider.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let server = server.clone();
                let serve = service_fn(move |request| answer(server.clone(), request));
                tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), serve));
            }
        });
        provider
    }

    pub(super) fn set(&self, mood: Mood) {
        self.state.lock().unwrap().0 = mood;
    }

    /// The keys of what it did, in order.
    pub(super) fn done(&self) -> Vec<String> {
        self.state.lock().unwrap().1.clone()
    }

    /// Waits until it has done so much.
    pub(super) async fn has_done(&self, times: usize) {
        while self.done().len() < times {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    /// A way to it, by the name of [`HOST`], and to nothing else.
    pub(super) fn outside(&self) -> Outside {
        let (named, here) = (Origin::parse(HOST).unwrap(), Origin::parse(&self.base).unwrap());
        let egress = Egress::new(Policy::allow([named.clone()]).with_route(named, here)).unwrap();
        Outside { ai: Some(Arc::new(self.clone())), egress: Some(egress), lists_inherited: true, ..Outside::default() }
    }

    fn take(&self, key: String) -> Mood {
        let mut state = self.state.lock().unwrap();
        if state.0 != Mood::Busy {
            state.1.push(key);
        }
        state.0
    }
}

async fn answer(
    server: Outsider,
    request: hyper::Request<Incoming>,
) -> Result<hyper::Response<Full<Bytes>>, Infallible> {
    let key = request.headers().get("idempotency-key").map_or("", |key| key.to_str().unwrap()).to_owned();
    let status = match server.take(key) {
        Mood::Done => 200,
        Mood::Busy => 503,
        Mood::Silent => std::future::pending().await,
    };
    Ok(hyper::Response::builder().status(status).body(Full::new(Bytes::new())).unwrap())
}

#[async_trait]
impl Provider for Outsider {
    async fn complete(&self, _: &Prompt) -> Result<Completion, ProviderError> {
        match self.take("model".to_owned()) {
            Mood::Done => Ok(Completion { text: "a poem".to_owned(), tokens_in: 3, tokens_out: 2 }),
            Mood::Busy => Err(ProviderError::Refused { status: 503, message: "busy".to_owned() }),
            Mood::Silent => std::future::pending().await,
        }
    }
}
