//! How events and requests become runs, and how a caller hears of what became of them.
//!
//! For `alcove-control`, through [`Engine`](crate::Engine). An event is typed by the catalog and matched in memory;
//! event, runs and delays are one unit of the committer, which holds the generation of the apps that were matched
//! against the tenant's. A run whose caller waits and whose effects are all local may skip the separate commit that
//! accepts its event ([`direct`]).
//!
//! Architecture invariants: what is answered is durable. An event of one source and id starts its runs once.

mod error;
mod incoming;

mod waiters;
mod waiting;

mod accept;
mod direct;
mod manual;
mod told;

#[cfg(test)]
mod tests;

pub use error::AcceptError;
pub use incoming::{IncomingEvent, Reply};
pub(crate) use manual::{MANUAL, input_of};
pub use told::ToldRow;
pub use waiters::Settled;
pub(crate) use waiters::Waiters;
