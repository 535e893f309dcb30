//! SQLite: one connection writes, many read, each on a thread of its own that sqlx keeps.

mod cells;
mod join;
mod open;
mod read;
mod session;
mod writer;

pub(crate) use open::Database;
pub(crate) use session::{BEGIN, Session};
