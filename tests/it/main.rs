//! Tests that need more than one crate, or the checkout itself, in one binary.

mod layering;
mod tidy;
