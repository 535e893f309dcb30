//! PostgreSQL: connections that write, connections that read.
//!
//! Every statement is prepared, so that the server says which types its parameters have: a value is encoded as the
//! type that is wanted, and NULL fits any. A parameter whose type the statement leaves open needs a cast in its text.

mod cells;
mod numeric;

mod read;
mod run;

mod joined;
mod prepared;
mod session;

mod connections;

mod open;

pub(crate) use open::Database;
pub(crate) use session::{BEGIN, Session};
