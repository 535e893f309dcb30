//! A database for one test.

use std::{
    process,
    time::{SystemTime, UNIX_EPOCH},
};

use anyhow::{Context, Result};

use crate::Server;

/// An empty database. It is removed when this is dropped, whoever is still connected to it.
pub struct Database<'s> {
    server: &'s Server,
    name: String,
    url: String,
}

impl<'s> Database<'s> {
    pub(crate) fn create(server: &'s Server, role: &str) -> Result<Self> {
        // Unique among all processes that share the server.
        let now = SystemTime::now().duration_since(UNIX_EPOCH).context("the clock is before 1970")?;
        let name = format!("test_{}_{}", process::id(), now.as_nanos());
        server.command(&format!("CREATE DATABASE {name} OWNER {role}"))?;
        let url = server.address().replacen("postgres://postgres@", &format!("postgres://{role}@"), 1).replacen(
            "/postgres?",
            &format!("/{name}?"),
            1,
        );
        Ok(Self { server, name, url })
    }

    /// Its address, for a role that owns it and is no superuser.
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Database<'_> {
    fn drop(&mut self) {
        // If this fails the server is gone, and the database with it.
        let _ = self.server.command(&format!("DROP DATABASE {} WITH (FORCE)", self.name));
    }
}
