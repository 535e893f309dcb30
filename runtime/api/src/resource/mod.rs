//! One file for each resource: what a request says, the use case that it asks for, and what the client is told.

pub(crate) mod app;
pub(crate) mod approval;
pub(crate) mod dead_letter;
pub(crate) mod documentation;
pub(crate) mod event;
pub(crate) mod execution;
pub(crate) mod health;
pub(crate) mod lifecycle;
pub(crate) mod version;
