//! Who the server runs as: it refuses to run as root.

use std::{fs, os::unix::process::CommandExt, path::Path, process::Command};

use anyhow::{Context, Result};

/// The users that a server of root runs as, the first of them that exists.
const STAND_INS: [&str; 2] = ["postgres", "nobody"];

/// A user that is not root, and may not be this process's own.
#[derive(Clone, Copy)]
pub(crate) struct User {
    uid: u32,
    gid: u32,
}

impl User {
    /// Whom to become; `None` where this process can stay what it is.
    pub(crate) fn to_become() -> Result<Option<Self>> {
        if !rustix::process::geteuid().is_root() {
            return Ok(None);
        }
        let users = fs::read_to_string("/etc/passwd").context("cannot read the users of this machine")?;
        let found = STAND_INS.iter().find_map(|name| users.lines().find_map(|line| Self::read(line, name)));
        found.map(Some).context("PostgreSQL refuses to run as root, and there is no user `postgres` or `nobody`")
    }

    /// The user of a line of the user table, if that is its name.
    fn read(line: &str, name: &str) -> Option<Self> {
        let mut fields = line.split(':');
        if fields.next() != Some(name) {
            return None;
        }
        let _password = fields.next();
        let mut id = || fields.next()?.parse::<u32>().ok();
        Some(Self { uid: id()?, gid: id()? })
    }

    /// Makes a command run as this user.
    pub(crate) fn runs(self, command: &mut Command) {
        command.uid(self.uid).gid(self.gid);
    }

    /// Gives a folder to this user.
    pub(crate) fn owns(self, folder: &Path) -> Result<()> {
        std::os::unix::fs::chown(folder, Some(self.uid), Some(self.gid))
            .with_context(|| format!("cannot give `{}` to the server's user", folder.display()))
    }
}
