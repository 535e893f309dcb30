//! The only way out: one HTTP client for everything that leaves the process.
//!
//! A request has to pass two lists, the operator's ([`Policy`]) and its sender's ([`Sender`]); an empty one denies all.
//! Origins are compared after the URL was parsed as browsers do, never as text. Requests go to public addresses only:
//! each address that a name resolves to is checked, by one table, and the connection is made to what was checked. A
//! redirect is a new request, checked like the first. No proxy of the environment is used, no cookie is kept, nothing
//! is decompressed, and sizes and times are bounded.
//!
//! What the operator says by name is done: an origin with `http`, a private network, a route to another origin.
//!
//! Architecture invariants: no other crate names an HTTP client or a resolver. No error says what a name resolved to.

mod method;
mod origin;

mod allow_list;

mod address;

mod policy;

mod error;

mod record;

mod request;

mod redirect;
mod resolver;

mod client;

mod signature;

pub use address::{Network, NetworkError};
pub use allow_list::{AllowList, EntryError};
pub use client::Egress;
pub use error::{EgressError, Part, RedirectProblem, Refuser};
pub use method::Method;
pub use origin::{Origin, OriginError};
pub use policy::Policy;
pub use record::{CallRecord, CallSink};
pub use request::{HEADER_BYTES_MAX, Limits, RESPONSE_HEADER_BYTES_MAX, Request, Response, Sender, URL_BYTES_MAX};
pub use signature::{SignatureHeaders, SigningKey, SigningKeyError, TOLERANCE_S, VerifyError, sign, verify};
