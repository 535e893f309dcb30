//! Durable execution as a pure state machine: what a run has done, what it is answered when it is executed again, and
//! what becomes of it.
//!
//! Internal to the runtime, used by `runtime/execution`, which performs what is decided here. A run has no checkpoints:
//! its [journal](entry) holds every answer that it got and every effect that it had. To resume, it is executed again; a
//! [`Cursor`](cursor::Cursor) answers from the journal until it ends, and a [`Buffer`](effects::Buffer) says what must
//! become durable before the run goes on. [`transition`] moves the run itself: from an event to a new state and the
//! actions that have to be taken in the same transaction.
//!
//! Architecture invariants: there is no I/O, no clock and no chance here. Time is an argument, in microseconds since
//! 1970-01-01T00:00:00Z; spread comes from a seed. The same arguments give the same answers on every machine.

mod digest;
mod guarantee;

pub mod entry;

pub mod cursor;

pub mod effects;

pub mod transition;

pub use digest::{digest_of_arguments, digest_of_call, digest_of_preview};
pub use guarantee::{External, Guarantee};
