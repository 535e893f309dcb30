//! A web server that answers by path and remembers what it was asked.

use std::{
    convert::Infallible,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::{body::Incoming, header::HeaderValue, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

/// A web server.
#[derive(Clone)]
pub(crate) struct Site(Arc<State>);

#[derive(Default)]
struct State {
    connections: AtomicUsize,
    seen: Mutex<Vec<Seen>>,
    /// What `/redirect` answers, one after the other; the last for ever.
    redirects: Mutex<Vec<(u16, Option<HeaderValue>)>>,
}

/// One request.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) line: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Seen {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

impl Site {
    pub(crate) fn serve(listener: TcpListener) -> Self {
        let site = Self(Arc::default());
        let server = site.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                server.0.connections.fetch_add(1, Ordering::SeqCst);
                let site = server.clone();
                let answer = service_fn(move |request| answer(site.clone(), request));
                tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), answer));
            }
        });
        site
    }

    pub(crate) fn connections(&self) -> usize {
        self.0.connections.load(Ordering::SeqCst)
    }

    /// What it was asked so far, in order.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.0.seen.lock().unwrap().clone()
    }

    /// What `/redirect` answers from now on.
    pub(crate) fn redirects(&self, answers: &[(u16, Option<&str>)]) {
        let value = |to: &str| HeaderValue::from_bytes(to.as_bytes()).unwrap();
        *self.0.redirects.lock().unwrap() = answers.iter().map(|(status, to)| (*status, to.map(value))).collect();
    }

    fn redirect(&self) -> (u16, Option<HeaderValue>) {
        let mut redirects = self.0.redirects.lock().unwrap();
        if redirects.len() > 1 { redirects.remove(0) } else { redirects[0].clone() }
    }
}

async fn answer(site: Site, request: hyper::Request<Incoming>) -> Result<hyper::Response<Full<Bytes>>, Infallible> {
    let path = request.uri().path().to_owned();
    let line = format!("{} {}", request.method(), request.uri());
    let text = |value: &HeaderValue| value.to_str().unwrap().to_owned();
    let headers = request.headers().iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect();
    let body = request.into_body().collect().await.unwrap().to_bytes();
    site.0.seen.lock().unwrap().push(Seen { line, headers, body: body.to_vec() });
    let number = || path.rsplit('/').next().unwrap().parse::<usize>().unwrap();
    let response = hyper::Response::builder();
    let (response, body) = match path.as_str() {
        "/redirect" => {
            let (status, to) = site.redirect();
            let response = response.status(status);
            (if let Some(to) = to { response.header("location", to) } else { response }, Vec::new())
        }
        "/hang" => std::future::pending().await,
        "/close" => (response.header("connection", "close"), b"here".to_vec()),
        "/cookie" => (response.header("set-cookie", "a=b; Path=/"), Vec::new()),
        "/gzip" => (response.header("content-encoding", "gzip"), b"\x1f\x8b not unpacked".to_vec()),
        "/broken" => (response.status(500), b"no".to_vec()),
        path if path.starts_with("/bytes/") => (response, vec![b'x'; number()]),
        path if path.starts_with("/header/") => (response.header("x-large", "x".repeat(number())), Vec::new()),
        _ => (response, b"here".to_vec()),
    };
    Ok(response.body(Full::new(Bytes::from(body))).unwrap())
}
