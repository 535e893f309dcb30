//! What the tests of this crate share: a node over a real database, apps, and runs on their way.

mod database;
mod scene;

pub(crate) use database::{Database, databases, memory};
pub(crate) use scene::{Installed, Scene};
