//! A private PostgreSQL server for tests, from the binaries that are installed on this machine.
//!
//! For tests, and for `cargo xtask test`, which starts one server for all processes of a test run. A test calls
//! [`fresh_database`] and gives the address to the store; one that kills servers starts a [`Server`] of its own.
//!
//! Architecture invariants: a test that needs PostgreSQL fails where there is none, and says so; it never skips.
//! Nothing is left behind, however the process ends: the server is kept by a shell that reads a pipe from us, and at
//! its end stops the server and removes the folder. The role that tests connect as is no superuser, so that row
//! security holds.

mod binaries;
mod database;
mod keeper;
mod server;
mod user;

pub use database::Database;
pub use server::{Durability, SHARED, Server, fresh_database};
