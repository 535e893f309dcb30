//! Whose turn it is to write.

use std::{sync::Arc, time::Duration};

use tokio::{
    sync::{Mutex, OwnedMutexGuard},
    time::timeout,
};

use super::{
    Session,
    open::{ACQUIRE_TIMEOUT, Opening},
    thread::Thread,
};
use crate::StoreError;

/// The thread that writes, and whose turn it is to tell it what. Clones share it.
#[derive(Clone, Debug)]
pub(super) struct Writer {
    /// `None`: closed for good.
    thread: Arc<Mutex<Option<Thread>>>,
}

/// The turn. Given back after the last job of a transaction was sent; whatever the next one sends comes after it.
pub(super) type Turn = OwnedMutexGuard<Option<Thread>>;

impl Writer {
    pub(super) async fn start(opening: Opening) -> Result<Self, StoreError> {
        Ok(Self { thread: Arc::new(Mutex::new(Some(Thread::start(opening).await?))) })
    }

    /// Waits for its turn, first come, first served.
    pub(super) async fn acquire(&self) -> Result<Session, StoreError> {
        let turn = self.turn(ACQUIRE_TIMEOUT).await?;
        if turn.is_none() {
            return Err(StoreError::Unavailable(sqlx::Error::PoolClosed));
        }
        Ok(Session::new(turn))
    }

    async fn turn(&self, patience: Duration) -> Result<Turn, StoreError> {
        let turn = timeout(patience, Arc::clone(&self.thread).lock_owned()).await;
        turn.map_err(|_| StoreError::Unavailable(sqlx::Error::PoolTimedOut))
    }

    /// Waits for who is writing, then closes the connection.
    pub(super) async fn close(&self) {
        let thread = self.thread.lock().await.take();
        if let Some(thread) = thread {
            thread.close().await;
        }
    }
}
