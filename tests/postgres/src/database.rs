//! A database for one test.

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
        // Other processes may share the server.
        let chance = getrandom::u64().context("there is no source of chance")?;
        let name = format!("test_{chance:016x}");
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
