//! The API over a real socket, on an engine of its own, with a database in memory and with PostgreSQL.

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
