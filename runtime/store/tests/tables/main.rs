//! The statements of the engine's tables, on both databases.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test whose help cannot go on has failed"
)]

mod databases;
mod samples;

mod apps;
mod audit;
mod executions;
mod identity;
mod people;
mod plans;
mod tenants;
mod work;

mod apart;
mod differential;
mod indexes;
mod purge;
mod schema;
mod wall;
