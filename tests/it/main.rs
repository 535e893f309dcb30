//! Tests that need more than one crate, or the checkout itself, in one binary.

mod damage;
mod differential;
mod layering;
mod limits;
mod run;
mod scene;
mod suites;
mod tenants;
mod tidy;
