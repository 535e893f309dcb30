//! The only way out: one HTTP client for everything that leaves the process.
//!
//! An empty allow-list denies all. Origins are compared after the URL was parsed, never as text. No redirect is
//! followed, no proxy of the environment is used, and sizes and times are bounded.
//!
//! Architecture invariant: no other crate names an HTTP client.

mod error;
mod method;
mod policy;

mod client;

pub use client::{Egress, Request, Response};
pub use error::EgressError;
pub use method::Method;
pub use policy::{Origin, OriginError, Policy};
