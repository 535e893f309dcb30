//! Tests that need more than one crate, or the checkout itself, in one binary.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::unreachable,
    clippy::print_stderr,
    reason = "a test whose help cannot go on has failed"
)]

mod damage;
mod differential;
mod invariants;
mod layering;
mod limits;
mod run;
mod scene;
mod suites;
mod tenants;
mod tidy;
