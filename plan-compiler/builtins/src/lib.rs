//! The template filters: pure functions over values, one file each, where the signature that the compiler checks, the
//! documentation with its examples, and the code that the executor runs are one declaration.
//!
//! The compiler uses [`Signature::check`], the executor [`Builtin::eval`], documentation everything else.
//!
//! Architecture invariants: this crate is `no_std` and runs in the guest; a filter reads its input, its arguments and
//! [`Env`], and nothing else: no clock, no locale, no randomness. A changed result is a new [`BUILTINS_VERSION`].
#![no_std]
extern crate alloc;
#[cfg(test)]
extern crate std;

mod builtin;
mod signature;

mod call;
mod error;
mod example;

pub mod decimal;
mod duration;
mod filters;
mod text;

#[cfg(test)]
mod tests;

pub use builtin::{BUILTINS_VERSION, Builtin, Env, by_name};
pub use duration::parse_duration;
pub use error::EvalError;
pub use example::{Example, Sample};
pub use filters::{ALL, builtin};
pub use signature::{Accepts, ArgType, LiteralRule, Output, Param, Signature, SignatureError};
pub use text::percent_encode;
