//! Requests: `webhook_call`, to whom the app names, and actions that are requests to the platform's own API; both
//! through the one way out.
//!
//! Each request carries the effect's id as `Idempotency-Key`, so that a receiver can tell a repetition from a second
//! call. Where the app says that the receiver honours it, the effect may be sent again when its outcome is in doubt;
//! otherwise doubt ends as E013, and a person decides.

mod answer;
mod sending;

mod call;

mod api;

pub use api::PlatformApi;
pub use call::{perform, timeout};
pub use sending::Sending;
