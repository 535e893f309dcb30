//! The audit log, beside what changes write into it themselves: who was refused, and reading it.
//!
//! [`Engine::denied`](crate::Engine::denied) is for whoever decides what callers may do. A change appends its note in
//! its own transaction ([`alcove_store::audit::append`]).
//!
//! Architecture invariants: the first of several identical refusals is durable before the caller is answered; those
//! that follow within a minute are counted, and the count is one more note. So a caller who is refused again and again
//! costs two notes a minute, and memory is bounded however many there are.

mod denials;
mod log;

pub(crate) use denials::{Denials, run};
pub use log::Denial;
