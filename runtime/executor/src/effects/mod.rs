//! Effects on their way to the host: buffered where nobody looks at their outcome yet.
//!
//! The batch is invisible: effects, log, counters and the way a run ends are the same as if each call were performed
//! at once. A call that fails takes with it the later calls of its *recovery scope*, the item of the innermost loop
//! that continues on error; the host leaves those out, so what was evaluated ahead is forgotten here.

mod buffer;
mod path;
mod settle;

pub(crate) use buffer::{Batching, Buffer, Call};
pub(crate) use path::Path;
pub(crate) use settle::Answer;
