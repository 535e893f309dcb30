//! The server.

use std::{convert::Infallible, future::Future, io, pin::pin, sync::Arc, time::Duration};

use alcove_control::Control;
use axum::body::Body;
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::{GracefulConnection, GracefulShutdown},
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
    time::sleep,
};
use tokio_util::sync::CancellationToken;

use crate::{
    Authentication, ServerLimits,
    call::Api,
    dispatch,
    frame::Frame,
    problem::{Kind, Problem},
    request_rate::RequestRate,
    routes::OPERATIONS,
};

/// How long nobody is let in after the machine had no place for a connection.
const PAUSE: Duration = Duration::from_millis(100);
/// What of a request is kept before it is read: no less than a head may have.
const BUFFER_BYTES: usize = 128 << 10;

/// Answers on this socket until `stop` comes. From then on the server says that it is not ready, takes no new requests,
/// and finishes those that were begun, for as long as its limits allow.
pub async fn serve(
    listener: TcpListener,
    control: Control,
    authentication: Authentication,
    limits: ServerLimits,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let draining = CancellationToken::new();
    let requests = Arc::new(RequestRate::new(limits.tenant));
    let api = Api { control, authentication: Arc::new(authentication), requests, limits, draining: draining.clone() };
    let frame = Frame::new(dispatch::router(OPERATIONS, api), limits, draining.clone());
    let room = Arc::new(Semaphore::new(limits.connections));
    let door = Door { listener, http: http(&limits), frame, room, no_room: no_room() };
    let connections = GracefulShutdown::new();
    let mut stop = pin!(stop);
    loop {
        tokio::select! {
            () = &mut stop => break,
            entered = door.entered() => if let Some(entered) = entered {
                let connection = connections.watch(entered.connection);
                tokio::spawn(ended(connection, entered.room));
            },
        }
    }
    draining.cancel();
    let mut finished = pin!(connections.shutdown());
    let mut too_long = pin!(sleep(limits.drain_time));
    loop {
        tokio::select! {
            () = &mut finished => return Ok(()),
            () = &mut too_long => {
                tracing::warn!("connections were cut off that had not ended in time");
                return Ok(());
            }
            // Probes are told that the server stops, and whoever else comes too; a connection has one answer now.
            entered = door.entered() => if let Some(entered) = entered {
                tokio::spawn(ended(entered.connection, entered.room));
            },
        }
    }
}

fn http(limits: &ServerLimits) -> http1::Builder {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(limits.head_time).max_buf_size(BUFFER_BYTES);
    http
}

/// Where connections come in.
struct Door {
    listener: TcpListener,
    http: http1::Builder,
    frame: Arc<Frame>,
    room: Arc<Semaphore>,
    /// What a connection is told for which there is no room.
    no_room: Vec<u8>,
}

/// A connection that has come in.
struct Entered<C> {
    connection: C,
    room: OwnedSemaphorePermit,
}

impl Door {
    /// The next connection; `None`: it could not come in.
    async fn entered(&self) -> Option<Entered<impl GracefulConnection<Error = hyper::Error> + Send + 'static>> {
        let stream = match self.listener.accept().await {
            Ok((stream, _)) => stream,
            Err(error) => {
                tracing::warn!(%error, "a connection was not accepted");
                sleep(PAUSE).await;
                return None;
            }
        };
        let Ok(room) = Arc::clone(&self.room).try_acquire_owned() else {
            self.turn_away(&stream);
            return None;
        };
        // Answers are small and complete: to hold them back for more would only cost time.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "a connection keeps Nagle's algorithm");
        }
        let frame = Arc::clone(&self.frame);
        let service = service_fn(move |request: hyper::Request<Incoming>| {
            let frame = Arc::clone(&frame);
            async move { Ok::<_, Infallible>(frame.answer(request.map(Body::new)).await) }
        });
        Some(Entered { connection: self.http.serve_connection(TokioIo::new(stream), service), room })
    }

    /// Tells a connection that there is no room, if it can be told at once.
    fn turn_away(&self, stream: &TcpStream) {
        tracing::warn!("a connection was turned away: there are as many as are allowed");
        if let Err(error) = stream.try_write(&self.no_room) {
            tracing::debug!(%error, "a connection was turned away without a word");
        }
    }
}

/// Holds a place until a connection ends.
async fn ended(connection: impl Future<Output = hyper::Result<()>>, _room: OwnedSemaphorePermit) {
    if let Err(error) = connection.await {
        tracing::debug!(%error, "a connection was broken off");
    }
}

fn no_room() -> Vec<u8> {
    let problem =
        Problem::new(Kind::OVERLOADED, "the server has as many connections as it can take").body().to_string();
    let head = "HTTP/1.1 503 Service Unavailable\r\nretry-after: 1\r\nconnection: close";
    let kind = "content-type: application/problem+json";
    format!("{head}\r\n{kind}\r\ncontent-length: {}\r\n\r\n{problem}", problem.len()).into_bytes()
}
