//! Where PostgreSQL is installed.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result};

/// Where Debian puts each version of it, a folder each.
const VERSIONS: &str = "/usr/lib/postgresql";

/// The folder with `initdb`, `pg_ctl`, `postgres` and `psql`.
pub(crate) fn folder() -> Result<PathBuf> {
    let found = configured().into_iter().chain(on_path()).chain(versions()).find(|folder| is_complete(folder));
    found.context(
        "no PostgreSQL server is installed: `initdb`, `pg_ctl`, `postgres` and `psql` are neither where `pg_config \
         --bindir` says, nor on the PATH, nor in /usr/lib/postgresql/*/bin; install it (Debian: `apt install \
         postgresql-15`)",
    )
}

fn configured() -> Option<PathBuf> {
    let answer = Command::new("pg_config").arg("--bindir").output().ok()?;
    Some(PathBuf::from(String::from_utf8(answer.stdout).ok()?.trim()))
}

fn on_path() -> Vec<PathBuf> {
    env::var_os("PATH").map(|path| env::split_paths(&path).collect()).unwrap_or_default()
}

/// The newest first.
fn versions() -> Vec<PathBuf> {
    let folders = fs::read_dir(VERSIONS).into_iter().flatten().flatten();
    let mut versions: Vec<(u32, PathBuf)> = folders
        .filter_map(|folder| Some((folder.file_name().to_str()?.parse().ok()?, folder.path().join("bin"))))
        .collect();
    versions.sort();
    versions.into_iter().rev().map(|(_, folder)| folder).collect()
}

fn is_complete(folder: &Path) -> bool {
    ["initdb", "pg_ctl", "postgres", "psql"].iter().all(|name| folder.join(name).is_file())
}
