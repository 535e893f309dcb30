//! A server.

use std::{env, path::PathBuf, process::Command, sync::OnceLock};

use anyhow::{Context, Result, anyhow, ensure};

use crate::{Database, binaries, keeper::Keeper};

/// The variable of the environment with the address of a server that several test processes share, as its superuser.
pub const SHARED: &str = "ALCOVE_TEST_POSTGRES";

/// The role that owns the databases of tests, and no more than that.
const ROLE: &str = "alcove";

/// What the server does before it calls a commit done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// It waits for the disk, as in production.
    Disk,
    /// It leaves that to the operating system. For tests in which the machine stays up.
    Memory,
}

/// A server that is reached over a socket in a private folder; no port, so that no two servers are in each other's way.
pub struct Server {
    binaries: PathBuf,
    /// Of the superuser, in the database that is always there.
    address: String,
    /// `None` for a server that somebody else keeps.
    _keeper: Option<Keeper>,
}

impl Server {
    /// Starts a server of one's own. It ends when this is dropped, or the process ends.
    pub fn start(durability: Durability) -> Result<Self> {
        let binaries = binaries::folder()?;
        let folder = tempfile::Builder::new().prefix("alcove-postgres-").tempdir().context("cannot make a folder")?;
        let socket = folder.path().to_str().context("the folder's name is not UTF-8")?.to_owned();
        let durable = match durability {
            Durability::Disk => "on",
            Durability::Memory => "off",
        };
        let options = format!(
            "-c listen_addresses='' -c unix_socket_directories='{socket}' -c max_connections=500 -c fsync={durable} \
             -c full_page_writes={durable}"
        );
        let keeper = Keeper::start(&binaries, folder, &options)?;
        let address = format!("postgres://postgres@localhost/postgres?host={socket}");
        let server = Self { binaries, address, _keeper: Some(keeper) };
        server.command(&format!("CREATE ROLE {ROLE} LOGIN"))?;
        Ok(server)
    }

    /// A server that another process keeps, by its superuser's address.
    fn of_other_process(address: String) -> Result<Self> {
        Ok(Self { binaries: binaries::folder()?, address, _keeper: None })
    }

    /// Its address, for its superuser: what [`SHARED`] holds.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// An empty database of an ordinary role.
    pub fn fresh_database(&self) -> Result<Database<'_>> {
        Database::create(self, ROLE)
    }

    /// Performs a statement as the superuser.
    pub(crate) fn command(&self, sql: &str) -> Result<()> {
        let mut psql = Command::new(self.binaries.join("psql"));
        psql.args(["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--command", sql]).arg(&self.address);
        let done = psql.output().context("cannot start `psql`")?;
        let said = String::from_utf8_lossy(&done.stderr);
        ensure!(done.status.success(), "the server does not perform `{sql}`: {}", said.trim());
        Ok(())
    }
}

/// An empty database on the server that the test processes share, or that the tests of this process share.
///
/// # Errors
///
/// There is no server and none can be started; the message says what is missing.
pub fn fresh_database() -> Result<Database<'static>> {
    static SERVER: OnceLock<Result<Server>> = OnceLock::new();
    let server = SERVER.get_or_init(|| match env::var(SHARED) {
        Ok(address) => Server::of_other_process(address),
        Err(_) => Server::start(Durability::Memory),
    });
    server.as_ref().map_err(|error| anyhow!("{error:#}"))?.fresh_database()
}
