//! A client that costs little: requests are bytes that were made before, of an answer it reads no more than it must.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use anyhow::{Context, Result, bail, ensure};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::JoinSet,
};

use crate::{clock, samples::Samples};

/// What a load came to.
pub(crate) struct Load {
    /// From request to answer, of every exchange after the warm-up.
    pub(crate) latencies: Samples,
    /// Exchanges in a second, all connections together.
    pub(crate) per_second: f64,
}

/// How a server is loaded.
#[derive(Clone, Copy)]
pub(crate) struct Shape {
    /// Connections, each with one request at a time.
    pub(crate) connections: u32,
    /// Requests of each connection before anything is measured.
    pub(crate) warm_up: u32,
    /// Requests of each connection that are measured.
    pub(crate) measured: u32,
}

/// Sends requests over all connections at once. `body` makes the body of the request of that number; no two requests of
/// a load have the same.
pub(crate) async fn load<B>(address: SocketAddr, shape: Shape, first: u32, body: B) -> Result<Load>
where
    B: Fn(u32) -> String + Send + Sync + 'static,
{
    let body = Arc::new(body);
    let mut tasks = JoinSet::new();
    for at in 0..shape.connections {
        let body = Arc::clone(&body);
        let numbers = first + at * (shape.warm_up + shape.measured);
        tasks.spawn(async move { one(address, shape, numbers, &*body).await });
    }
    let mut latencies = Vec::new();
    let (mut begun, mut ended) = (None, None);
    while let Some(done) = tasks.join_next().await {
        let (taken, from, to) = done.context("a connection ended early")??;
        latencies.extend(taken);
        begun = begun.min(Some(from)).or(Some(from));
        ended = ended.max(Some(to));
    }
    let (begun, ended) = (begun.context("nothing was sent")?, ended.context("nothing was sent")?);
    let count = f64::from(shape.connections * shape.measured);
    Ok(Load { latencies: Samples::new(latencies)?, per_second: count / ended.duration_since(begun).as_secs_f64() })
}

type Taken = (Vec<Duration>, std::time::Instant, std::time::Instant);

async fn one(address: SocketAddr, shape: Shape, first: u32, body: &impl Fn(u32) -> String) -> Result<Taken> {
    let count = shape.warm_up + shape.measured;
    let requests: Vec<Vec<u8>> = (first..first + count).map(|number| request(address, &body(number))).collect();
    let mut connection = Connection::open(address).await?;
    let mut taken = Vec::new();
    let mut from = clock::now();
    for (at, request) in (0..).zip(&requests) {
        if at == shape.warm_up {
            from = clock::now();
        }
        let started = clock::now();
        connection.exchange(request).await?;
        if at >= shape.warm_up {
            taken.push(started.elapsed());
        }
    }
    Ok((taken, from, clock::now()))
}

/// `POST /v1/events`.
fn request(address: SocketAddr, body: &str) -> Vec<u8> {
    let length = body.len();
    format!(
        "POST /v1/events?wait=5s HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/json\r\ncontent-length: \
         {length}\r\n\r\n{body}"
    )
    .into_bytes()
}

struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    async fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::with_capacity(4096) })
    }

    /// Sends a request and reads its answer, which must be a success.
    async fn exchange(&mut self, request: &[u8]) -> Result<()> {
        self.stream.write_all(request).await?;
        self.buffer.clear();
        loop {
            let read = self.stream.read_buf(&mut self.buffer).await?;
            ensure!(read > 0, "the server has closed the connection");
            if let Some(wanted) = length(&self.buffer)?
                && self.buffer.len() >= wanted
            {
                return Ok(());
            }
        }
    }
}

/// How long an answer is whose head is there; `None`: more must be read.
fn length(answer: &[u8]) -> Result<Option<usize>> {
    const END: &[u8] = b"\r\n\r\n";
    let Some(head) = answer.windows(END.len()).position(|window| window == END) else { return Ok(None) };
    let text = std::str::from_utf8(answer.get(..head).unwrap_or_default()).context("the head is not text")?;
    if !text.starts_with("HTTP/1.1 2") {
        bail!("the server answered {}", String::from_utf8_lossy(answer));
    }
    let named = |line: &str| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
    };
    let body = text.lines().find_map(named).context("an answer without a length")?;
    Ok(Some(head + END.len() + body))
}
