//! Random runs that crash wherever they can, against a world outside that counts.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test whose help cannot go on has failed"
)]

mod driver;
mod planted;
mod properties;
mod script;
mod world;
