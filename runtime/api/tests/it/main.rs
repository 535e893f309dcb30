//! The API over a real socket, on an engine of its own, with a database in memory and with PostgreSQL.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test whose help cannot go on has failed"
)]

mod world;

mod approvals;
mod apps;
mod audit;
mod cloud_events;
mod dead_letters;
mod documentation;
mod events;
mod executions;
mod frame;
mod health;
mod identity;
mod insight;
mod lifecycle;
mod operations;
mod operators;
mod plans;
mod preconditions;
mod problems;
mod shopify;
mod state;
mod streams;
mod tenants;
mod usage;
