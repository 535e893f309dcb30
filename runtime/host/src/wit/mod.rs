//! The imports of the world, one file for each interface of `wit/executor`.

pub(crate) mod effects;
mod failure;
pub(crate) mod log;
pub(crate) mod queries;

pub(crate) use failure::failure_from_guest;
