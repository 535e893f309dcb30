//! The server.

use std::{future::Future, io, sync::Arc};

use alcove_control::Control;
use axum::serve::ListenerExt;
use tokio::net::TcpListener;

use crate::{Authentication, call::Api, dispatch, routes::OPERATIONS};

/// Answers on this socket until `stop` comes, and then finishes the requests that were begun.
pub async fn serve(
    listener: TcpListener,
    control: Control,
    authentication: Authentication,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let router = dispatch::router(OPERATIONS, Api { control, authentication: Arc::new(authentication) });
    // Answers are small and complete: to hold them back for more would only cost time.
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "a connection keeps Nagle's algorithm");
        }
    });
    axum::serve(listener, router).with_graceful_shutdown(stop).await
}
