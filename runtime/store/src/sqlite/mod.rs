//! SQLite: one connection writes, many read.
//!
//! Readers are sqlx's, each on a thread of its own. The writer is rusqlite's, on a thread of ours: sqlx hands over
//! what each statement did by itself, and wakes whoever waits for it each time; here a whole flush is one hand-over
//! there and one back, and what comes next can wait in the thread's queue while a commit syncs.

mod cells;
mod failure;
mod open;
mod perform;
mod read;
mod session;
mod thread;
mod writer;

pub(crate) use failure::Failure;
pub(crate) use open::Database;
pub(crate) use session::{Answer, BEGIN, Session};
