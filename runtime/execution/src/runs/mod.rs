//! Runs, as people look at them and govern them: listed, read, cancelled, tried again.
//!
//! For `alcove-control`, through [`Engine`](crate::Engine). What leads where is the journal's
//! (`alcove_journal::transition`); [`step`] is one event of one run in a transaction of its own, for whatever is rare.

mod error;

mod cancel;
mod read;
mod retry;
mod step;
mod watch;
mod watchers;

#[cfg(test)]
mod tests;

pub use error::RunError;
pub(crate) use step::step;
pub use watch::{Watch, Watched};
pub(crate) use watchers::Watchers;
