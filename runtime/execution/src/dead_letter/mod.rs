//! Runs that failed for good and took their trigger with them: looked at, tried again, given up.
//!
//! For `alcove-control`, through [`Engine`](crate::Engine). What a run of unknown outcome needs (a person's word) is
//! the journal's rule; see `alcove_journal::transition::Event::Redriven`.

mod error;

mod close;
mod read;

pub use error::DeadLetterError;
