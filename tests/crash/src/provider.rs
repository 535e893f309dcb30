//! Somebody outside who does what they are asked, and counts.

use std::{
    collections::{BTreeMap, BTreeSet},
    convert::Infallible,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use anyhow::Result;
use bytes::Bytes;
use http_body_util::Full;
use hyper::{Request, Response, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::{net::TcpListener, task::JoinHandle};

/// Of so many requests one is refused, and nothing is done.
const REFUSES_ONE_OF: u32 = 25;
/// The longest pause before and after something is done, in milliseconds.
const PAUSE_MS_MAX: u64 = 15;

/// How often each thing was done, by its path.
type Done = BTreeMap<String, u32>;

/// Two endpoints: one honours idempotency keys, the other does whatever it is asked.
pub(crate) struct Provider {
    pub(crate) keyed: Endpoint,
    pub(crate) blind: Endpoint,
}

/// One of them, on an address of its own.
pub(crate) struct Endpoint {
    pub(crate) origin: String,
    book: Arc<Mutex<Book>>,
    serving: JoinHandle<()>,
}

#[derive(Default)]
struct Book {
    honours_keys: bool,
    keys: BTreeSet<String>,
    done: Done,
}

impl Provider {
    pub(crate) async fn start() -> Result<Self> {
        Ok(Self { keyed: Endpoint::start(true).await?, blind: Endpoint::start(false).await? })
    }
}

impl Endpoint {
    async fn start(honours_keys: bool) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let origin = format!("http://{}", listener.local_addr()?);
        let book = Arc::new(Mutex::new(Book { honours_keys, ..Book::default() }));
        let shared = Arc::clone(&book);
        let serving = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let book = Arc::clone(&shared);
                let answer = service_fn(move |request| answer(request, Arc::clone(&book)));
                tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), answer));
            }
        });
        Ok(Self { origin, book, serving })
    }

    /// How often each event's request was carried out.
    pub(crate) fn done(&self) -> Done {
        self.book.lock().unwrap_or_else(PoisonError::into_inner).done.clone()
    }
}

impl Drop for Endpoint {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// The pauses on both sides give a crash its chance to fall between what is done and what is known of it.
async fn answer(request: Request<Incoming>, book: Arc<Mutex<Book>>) -> Result<Response<Full<Bytes>>, Infallible> {
    let key = request.headers().get("idempotency-key").and_then(|key| key.to_str().ok()).map(str::to_owned);
    let event = request.uri().path().trim_start_matches('/').to_owned();
    pause().await;
    if fastrand::u32(..REFUSES_ONE_OF) == 0 {
        return Ok(with_status(503));
    }
    book.lock().unwrap_or_else(PoisonError::into_inner).act(event, key);
    pause().await;
    Ok(with_status(200))
}

impl Book {
    fn act(&mut self, event: String, key: Option<String>) {
        let known = self.honours_keys && key.is_some_and(|key| !self.keys.insert(key));
        if !known {
            *self.done.entry(event).or_default() += 1;
        }
    }
}

async fn pause() {
    tokio::time::sleep(Duration::from_millis(fastrand::u64(..=PAUSE_MS_MAX))).await;
}

fn with_status(status: u16) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from_static(b"{}")));
    *response.status_mut() = hyper::StatusCode::from_u16(status).unwrap_or_default();
    response
}
