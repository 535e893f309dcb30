//! How events and requests become runs, and how a caller hears of what became of them.

mod waiters;

pub use waiters::Settled;
pub(crate) use waiters::{Wait, Waiters};
