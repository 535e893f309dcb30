//! The shell that keeps a server.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

use anyhow::{Context, Result, bail, ensure};
use tempfile::TempDir;

use crate::user::User;

/// Starts the server, says so, waits for the end of its input (our end, whichever way), stops the server as a loss of
/// power would, and leaves nothing behind. Its arguments: the binaries, the folder, the server's options.
const SCRIPT: &str = r#"
"$1/pg_ctl" start --silent --wait --timeout=60 --pgdata="$2/data" --log="$2/log" --options="$3" && echo ready
read -r _
"$1/pg_ctl" stop --silent --wait --mode=immediate --pgdata="$2/data"
rm -rf -- "$2"
"#;

/// A server that runs for as long as this exists, or its process.
pub(crate) struct Keeper {
    shell: Child,
}

impl Keeper {
    /// Makes a server in a folder that this takes over, and starts it.
    pub(crate) fn start(binaries: &Path, folder: TempDir, options: &str) -> Result<Self> {
        let user = User::to_become()?;
        if let Some(user) = user {
            user.owns(folder.path())?;
        }
        let command = |program: &Path| {
            let mut command = Command::new(program);
            command.current_dir(folder.path()).env_clear().env("PATH", "/usr/bin:/bin");
            if let Some(user) = user {
                user.runs(&mut command);
            }
            command
        };
        initialize(command(&binaries.join("initdb")).arg("--pgdata").arg(folder.path().join("data")))?;
        let mut shell = command(Path::new("/bin/sh"));
        shell.args(["-c", SCRIPT, "keeper"]).arg(binaries).arg(folder.path()).arg(options);
        let shell = shell.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        let mut keeper = Self { shell: shell.context("cannot start a shell")? };
        // The shell removes it.
        let folder = folder.keep();
        let answer = keeper.shell.stdout.take().context("the shell has no output")?;
        let mut line = String::new();
        BufReader::new(answer).read_line(&mut line).context("cannot read from the shell")?;
        if line.trim() != "ready" {
            let log = fs::read_to_string(folder.join("log")).unwrap_or_default();
            bail!("the PostgreSQL server does not start: {}", log.trim());
        }
        Ok(keeper)
    }
}

fn initialize(command: &mut Command) -> Result<()> {
    command.args(["--locale=C", "--encoding=UTF8", "--auth=trust", "--username=postgres", "--no-sync"]);
    let done = command.output().context("cannot start `initdb`")?;
    let said = String::from_utf8_lossy(&done.stderr);
    ensure!(done.status.success(), "`initdb` cannot make a database cluster: {}", said.trim());
    Ok(())
}

impl Drop for Keeper {
    fn drop(&mut self) {
        // The end of its input; then it stops the server and ends. Nobody could be told of an error here.
        drop(self.shell.stdin.take());
        let _ = self.shell.wait();
    }
}
