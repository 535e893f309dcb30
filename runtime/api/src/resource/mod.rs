//! One file for each resource: what a request says, the use case that it asks for, and what the client is told.

pub(crate) mod app;
pub(crate) mod approval;
pub(crate) mod audit;
pub(crate) mod building_blocks;
pub(crate) mod dead_letter;
pub(crate) mod documentation;
pub(crate) mod event;
pub(crate) mod execution;
pub(crate) mod grant;
pub(crate) mod health;
pub(crate) mod hook;
pub(crate) mod key;
pub(crate) mod lifecycle;
pub(crate) mod member;
pub(crate) mod plan;
pub(crate) mod state;
pub(crate) mod stream;
pub(crate) mod team;
pub(crate) mod tenant;
pub(crate) mod usage;
pub(crate) mod version;
