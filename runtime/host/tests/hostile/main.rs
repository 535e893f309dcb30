//! The security proof: a guest that its attacker controls, and what it gets.
//!
//! The guest is `tests/guests/puppet.wat`: it has the executor's world and does to the host whatever a test orders.
//! Each test says in its name what the guest tries or what holds; what is allowed stands beside what is not.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test whose help cannot go on has failed")]

mod borders;
mod effects;
mod limits;
mod log;
mod platform;
mod puppet;
mod queries;
mod scene;
