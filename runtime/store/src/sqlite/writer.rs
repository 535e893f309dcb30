//! The one connection that writes.

use std::{mem, sync::Arc, time::Duration};

use sqlx::{ConnectOptions, Connection, SqliteConnection, sqlite::SqliteConnectOptions};
use tokio::{
    sync::{Mutex, OwnedMutexGuard},
    time::timeout,
};

use super::{Session, open::ACQUIRE_TIMEOUT};
use crate::StoreError;

/// The connection that writes, and whose turn it is. Not a pool of one: a pool asks a connection that comes back
/// whether it is well, which is a round trip that the next writer would wait for.
#[derive(Clone, Debug)]
pub(super) struct Writer {
    place: Arc<Mutex<Place>>,
    /// How to open it again after it was lost; in memory it cannot be.
    again: Option<Arc<SqliteConnectOptions>>,
}

/// Where the connection is kept while nobody writes.
#[derive(Debug)]
pub(super) enum Place {
    /// Here, in no transaction.
    Here(SqliteConnection),
    /// With a session, or lost with one.
    Away,
    /// Closed for good.
    Closed,
}

impl Writer {
    pub(super) fn new(connection: SqliteConnection, again: Option<SqliteConnectOptions>) -> Self {
        Self { place: Arc::new(Mutex::new(Place::Here(connection))), again: again.map(Arc::new) }
    }

    /// Waits for its turn, first come, first served.
    pub(super) async fn acquire(&self) -> Result<Session, StoreError> {
        let mut place = self.turn(ACQUIRE_TIMEOUT).await?;
        let connection = match (mem::replace(&mut *place, Place::Away), &self.again) {
            (Place::Here(connection), _) => connection,
            (Place::Away, Some(options)) => options.connect().await.map_err(StoreError::Open)?,
            (Place::Away, None) => return Err(StoreError::Unavailable(sqlx::Error::WorkerCrashed)),
            (Place::Closed, _) => {
                *place = Place::Closed;
                return Err(StoreError::Unavailable(sqlx::Error::PoolClosed));
            }
        };
        Ok(Session::new(connection, place))
    }

    async fn turn(&self, patience: Duration) -> Result<OwnedMutexGuard<Place>, StoreError> {
        let turn = timeout(patience, Arc::clone(&self.place).lock_owned()).await;
        turn.map_err(|_| StoreError::Unavailable(sqlx::Error::PoolTimedOut))
    }

    /// Waits for who is writing, then closes the connection.
    pub(super) async fn close(&self) {
        let mut place = Arc::clone(&self.place).lock_owned().await;
        if let Place::Here(connection) = mem::replace(&mut *place, Place::Closed) {
            // What was committed is on the disk already; an error here could change nothing.
            let _ = connection.close().await;
        }
    }
}
