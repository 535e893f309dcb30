//! The HTTP API: thin adapters over `alcove-control`.
//!
//! For the binary, which calls [`serve`]. A request goes through the `frame`, which gives it a name, room and an answer
//! whatever happens, and through `dispatch`: the operation is looked up in the table
//! of `routes`, the sender is authenticated, the body is read within its bound; then the operation's function in
//! `resource` says which use case that is. What is not done is a `problem`.
//!
//! Architecture invariants: this is the only crate that names axum. Nothing is decided here: who may do what, and what
//! is valid, is `alcove-control`'s. An operation that is not in the table does not exist, and every operation that is
//! not marked as open needs a key.

mod authentication;
mod operation;
mod routes;

mod frame;
mod limits;
mod request_id;
mod server;

mod call;
mod cursor;
mod denial;
mod dispatch;
mod precondition;
mod query;

mod openapi;

mod problem;
mod problem_of;
mod reply;

mod rate_limit;
mod request_rate;

mod cloud_event;

mod resource;

pub use authentication::Authentication;
pub use limits::ServerLimits;
pub use openapi::openapi;
pub use operation::Operation;
pub use request_rate::RequestLimit;
pub use routes::OPERATIONS;
pub use server::serve;
