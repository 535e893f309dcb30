//! The audit log: who changed what, and who was refused. Each note carries the hash of itself and of all before it.
//!
//! Internal to the runtime. Whoever changes something [`append`]s a [`Note`] in the transaction of the change, so that
//! there is none without the other; `alcove audit` and the API read and [`verify`].
//!
//! Architecture invariants: notes get into the log through [`append`] alone, and nothing changes or deletes one: the
//! database refuses it. Whoever gets past the database's triggers is found by [`verify`], unless they make all hashes
//! anew from there on; that shows against a [`Head`] which was taken before and is kept elsewhere.

mod chain;

mod append;
mod walk;

mod read;

pub use append::append;
pub use read::{page, verify};
pub use walk::{Break, Head, Verified};

pub use crate::tables::audit::{Note, Row};

/// Whose log has what operators do. It is no tenant's: no tenant may be given this name.
pub const PLATFORM: &str = "_platform";
