//! The connections that write.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use sqlx::{Connection, PgConnection, PgPool};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{Instant, timeout},
};

use super::{Session, open::ACQUIRE_TIMEOUT, prepared::Prepared};
use crate::StoreError;

/// Transactions at the same time; one more waits for its turn.
const WRITERS_MAX: usize = 16;
const ALL_WRITERS: u32 = WRITERS_MAX as u32;

/// A connection that nobody used for so long is asked whether it is still there, before it is used.
const TRUSTED_IDLE: Duration = Duration::from_secs(1);

/// A connection, and what it has prepared.
#[derive(Debug)]
pub(super) struct Writer {
    pub(super) connection: PgConnection,
    pub(super) prepared: Prepared,
    used: Instant,
}

/// The connections that write, opened when they are needed. Not a pool of the driver: that knows nothing of what a
/// connection has prepared, and asks one that comes back whether it is well, which is a round trip.
#[derive(Clone, Debug)]
pub(super) struct Writers {
    /// Opens connections, with patience while the server starts. None stays in it.
    connector: PgPool,
    turns: Arc<Semaphore>,
    idle: Arc<Idle>,
}

/// Connections in no transaction, the one that was used last at the end.
#[derive(Debug, Default)]
pub(super) struct Idle(Mutex<Vec<Writer>>);

impl Writers {
    pub(super) fn new(connector: PgPool) -> Self {
        Self { connector, turns: Arc::new(Semaphore::new(WRITERS_MAX)), idle: Arc::default() }
    }

    /// A connection, once it is one's turn.
    pub(super) async fn acquire(&self) -> Result<Session, StoreError> {
        let turn = timeout(ACQUIRE_TIMEOUT, Arc::clone(&self.turns).acquire_owned()).await;
        let turn: OwnedSemaphorePermit = turn
            .map_err(|_| StoreError::Unavailable(sqlx::Error::PoolTimedOut))?
            .map_err(|_| StoreError::Unavailable(sqlx::Error::PoolClosed))?;
        while let Some(mut writer) = self.idle.pop() {
            if writer.used.elapsed() < TRUSTED_IDLE || writer.connection.ping().await.is_ok() {
                return Ok(Session::new(writer, turn, Arc::clone(&self.idle)));
            }
        }
        let connection = self.connector.acquire().await.map_err(StoreError::statement)?.detach();
        let writer = Writer { connection, prepared: Prepared::default(), used: Instant::now() };
        Ok(Session::new(writer, turn, Arc::clone(&self.idle)))
    }

    /// Waits for who is writing, then closes the connections.
    pub(super) async fn close(&self) {
        let all = self.turns.acquire_many(ALL_WRITERS).await;
        self.turns.close();
        while let Some(writer) = self.idle.pop() {
            // The server notices by itself if it is not told.
            let _ = writer.connection.close().await;
        }
        drop(all);
        self.connector.close().await;
    }
}

impl Idle {
    /// Gives back a connection that is in no transaction.
    pub(super) fn put(&self, mut writer: Writer) {
        writer.used = Instant::now();
        self.lock().push(writer);
    }

    fn pop(&self) -> Option<Writer> {
        self.lock().pop()
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Writer>> {
        // Nothing in here can panic half-way through a change.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
