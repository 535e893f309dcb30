//! The thread that writes. It does one thing after the other, in the order in which it was told to.

use std::{sync::mpsc, thread};

use rusqlite::Connection;
use tokio::sync::oneshot;

use super::{failure::Failure, open::Opening, perform};
use crate::{Statement, StoreError, statement::Done};

/// What statements did, up to the first that failed.
pub(super) type Answered = (Vec<Done>, Result<(), StoreError>);

/// The thread that has the connection. It ends, and closes the connection, when this is dropped.
#[derive(Debug)]
pub(super) struct Thread {
    jobs: mpsc::Sender<Job>,
}

enum Job {
    Perform {
        statements: Vec<(usize, Statement)>,
        /// Whether nothing of the transaction follows: if it is open still, it is undone.
        ends: bool,
        told: oneshot::Sender<Answered>,
    },
    /// Ends the transaction without a trace, if there is one.
    Undo {
        told: Option<oneshot::Sender<()>>,
    },
    Close {
        told: oneshot::Sender<()>,
    },
}

impl Thread {
    /// Opens the connection on a new thread.
    pub(super) async fn start(opening: Opening) -> Result<Self, StoreError> {
        let (jobs, taken) = mpsc::channel();
        let (tell, opened) = oneshot::channel();
        let work = move || match opening.open() {
            Ok(connection) => {
                // Whoever has gone away drops the jobs too, and so ends this.
                let _ = tell.send(Ok(()));
                Worker { opening, connection: Some(connection) }.work(&taken);
            }
            Err(error) => drop(tell.send(Err(StoreError::Open(Failure::from(error).into())))),
        };
        let spawned = thread::Builder::new().name("alcove-sqlite".to_owned()).spawn(work);
        spawned.map_err(|error| StoreError::Open(sqlx::Error::Io(error)))?;
        opened.await.map_err(|_| gone())??;
        Ok(Self { jobs })
    }

    /// Lets the thread perform statements after whatever it was told before.
    pub(super) fn perform(&self, statements: Vec<(usize, Statement)>, ends: bool) -> oneshot::Receiver<Answered> {
        let (told, answered) = oneshot::channel();
        // A thread that is gone drops the sender, which whoever waits hears of.
        let _ = self.jobs.send(Job::Perform { statements, ends, told });
        answered
    }

    /// Lets the thread end the transaction without a trace.
    pub(super) fn undo(&self) {
        let _ = self.jobs.send(Job::Undo { told: None });
    }

    /// The same; says when it is done.
    pub(super) async fn undone(&self) {
        let (told, undone) = oneshot::channel();
        let _ = self.jobs.send(Job::Undo { told: Some(told) });
        let _ = undone.await;
    }

    /// Closes the connection once everything before is done.
    pub(super) async fn close(self) {
        let (told, closed) = oneshot::channel();
        let _ = self.jobs.send(Job::Close { told });
        let _ = closed.await;
    }
}

/// The thread, or its connection, is gone.
pub(super) fn gone() -> StoreError {
    StoreError::Unavailable(sqlx::Error::WorkerCrashed)
}

struct Worker {
    opening: Opening,
    /// `None`: it was given up, as a transaction on it could not be ended.
    connection: Option<Connection>,
}

impl Worker {
    fn work(mut self, jobs: &mpsc::Receiver<Job>) {
        for job in jobs {
            match job {
                Job::Perform { statements, ends, told } => {
                    let answered = self.perform(&statements);
                    if ends {
                        self.undo();
                    }
                    // Whoever does not wait any more has dropped its transaction, and says so next.
                    let _ = told.send(answered);
                }
                Job::Undo { told } => {
                    self.undo();
                    if let Some(told) = told {
                        let _ = told.send(());
                    }
                }
                Job::Close { told } => {
                    drop(self.connection.take());
                    let _ = told.send(());
                    return;
                }
            }
        }
    }

    fn perform(&mut self, statements: &[(usize, Statement)]) -> Answered {
        let mut answers = Vec::with_capacity(statements.len());
        let performed = match self.connected() {
            Ok(connection) => perform::all(connection, statements, &mut answers),
            Err(error) => Err(error),
        };
        (answers, performed)
    }

    /// The connection, opened again if it was given up; in memory that would be another database.
    fn connected(&mut self) -> Result<&Connection, StoreError> {
        if self.connection.is_none() {
            if self.opening.is_memory() {
                return Err(gone());
            }
            let opened = self.opening.open().map_err(|error| StoreError::Open(Failure::from(error).into()))?;
            self.connection = Some(opened);
        }
        self.connection.as_ref().ok_or_else(gone)
    }

    /// Ends the transaction, if there is one; if that cannot be done the connection is closed, which does it too.
    fn undo(&mut self) {
        let ended = |connection: &Connection| {
            connection.is_autocommit() || connection.execute_batch("ROLLBACK").is_ok() || connection.is_autocommit()
        };
        if !self.connection.as_ref().is_some_and(ended) {
            self.connection = None;
        }
    }
}
