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
mod dead_letters;
mod events;
mod executions;
mod health;
mod lifecycle;
mod operations;
mod problems;
mod tenants;
