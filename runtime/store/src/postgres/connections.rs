//! Connections, and whose turn it is.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use sqlx::{Connection, PgConnection, PgPool};
use tokio::{
    sync::Semaphore,
    time::{Instant, timeout},
};

use super::{Session, open::ACQUIRE_TIMEOUT, prepared::Prepared};
use crate::StoreError;

/// A connection that nobody used for so long is asked whether it is still there, before it is used.
const TRUSTED_IDLE: Duration = Duration::from_secs(1);

/// A connection, and what it has prepared.
#[derive(Debug)]
pub(super) struct Client {
    pub(super) connection: PgConnection,
    pub(super) prepared: Prepared,
    used: Instant,
}

/// Connections, opened when they are needed. Not a pool of the driver: that knows nothing of what a connection has
/// prepared, and asks one that comes back whether it is well, which is a round trip.
#[derive(Clone, Debug)]
pub(super) struct Connections {
    /// Opens connections, with patience while the server starts. None stays in it.
    connector: PgPool,
    most: u32,
    turns: Arc<Semaphore>,
    idle: Arc<Idle>,
}

/// Connections in no transaction, the one that was used last at the end.
#[derive(Debug, Default)]
pub(super) struct Idle(Mutex<Vec<Client>>);

impl Connections {
    /// So many at the most.
    pub(super) fn new(connector: PgPool, most: u32) -> Self {
        let turns = Semaphore::new(usize::try_from(most).unwrap_or(Semaphore::MAX_PERMITS));
        Self { connector, most, turns: Arc::new(turns), idle: Arc::default() }
    }

    /// A connection, once it is one's turn.
    pub(super) async fn acquire(&self) -> Result<Session, StoreError> {
        let turn = timeout(ACQUIRE_TIMEOUT, Arc::clone(&self.turns).acquire_owned()).await;
        let turn = turn
            .map_err(|_| StoreError::Unavailable(sqlx::Error::PoolTimedOut))?
            .map_err(|_| StoreError::Unavailable(sqlx::Error::PoolClosed))?;
        while let Some(mut client) = self.idle.pop() {
            if client.used.elapsed() < TRUSTED_IDLE || client.connection.ping().await.is_ok() {
                return Ok(Session::new(client, turn, Arc::clone(&self.idle)));
            }
        }
        let connection = self.connector.acquire().await.map_err(StoreError::statement)?.detach();
        let client = Client { connection, prepared: Prepared::default(), used: Instant::now() };
        Ok(Session::new(client, turn, Arc::clone(&self.idle)))
    }

    /// Waits for who has a connection, then closes all.
    pub(super) async fn close(&self) {
        let all = self.turns.acquire_many(self.most).await;
        self.turns.close();
        while let Some(client) = self.idle.pop() {
            // The server notices by itself if it is not told.
            let _ = client.connection.close().await;
        }
        drop(all);
        self.connector.close().await;
    }
}

impl Idle {
    /// Gives back a connection that is in no transaction.
    pub(super) fn put(&self, mut client: Client) {
        client.used = Instant::now();
        self.lock().push(client);
    }

    fn pop(&self) -> Option<Client> {
        self.lock().pop()
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Client>> {
        // Nothing in here can panic half-way through a change.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
