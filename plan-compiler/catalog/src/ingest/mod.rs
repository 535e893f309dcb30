//! JSON from outside as values that fit the catalog: rows of fixtures, payloads of events, and values without a type.
//!
//! Whatever comes in, the answer is a value that the wire encoding takes or a typed error: depth and strings are
//! bounded, numbers arrive exactly or not at all.

mod error;
mod event;
mod output;
mod row;
mod strict;
mod typed;
mod untyped;

#[cfg(test)]
mod tests;

pub use error::IngestError;
pub use event::{IngestedEvent, event};
pub use output::output;
pub use row::{omitted, row};
pub use strict::json;
pub use untyped::{to_json, value};
