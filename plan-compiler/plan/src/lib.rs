//! The plan format: what the compiler writes, what the host verifies and prepares, what the guest interprets.
//!
//! Internal to Alcove. A plan has two sections. [`Plan`](plan::Plan) is the host's: queries and actions to prepare,
//! trigger, settings, places. [`Program`](program::Program) is the guest's: expressions and flow over slots, without a
//! single name of a connector or an action. [`envelope`] seals both behind a header with a digest; [`verify`] is run by
//! whoever loads one.
//!
//! Architecture invariants: this crate is `no_std`, knows no JSON parser, no database and no Wasmtime, and no type
//! in it is recursive on the wire, so that hostile bytes cannot exhaust a stack.
#![no_std]
extern crate alloc;
#[cfg(test)]
extern crate std;

pub mod types;
pub mod value;

pub mod expr;
pub mod program;

pub mod action;
pub mod plan;
pub mod query;
pub mod settings;
pub mod trigger;

mod bounded;
pub mod codec;
pub mod envelope;
pub mod verify;

pub mod capability;
pub mod failure;
pub mod limits;
pub mod report;
