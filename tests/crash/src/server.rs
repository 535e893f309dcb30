//! The program under test.

use std::{
    fs::{File, OpenOptions},
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use anyhow::{Context, Result, bail, ensure};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::json;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
    time::timeout,
};

use crate::{apps, provider::Provider};

/// How long a start may take: a debug build compiles its sandbox the first time.
const START_MAX: Duration = Duration::from_mins(1);
/// How long it may take to stop by itself.
const STOP_MAX: Duration = Duration::from_secs(30);
/// How long a lease holds.
pub(crate) const LEASE: Duration = Duration::from_secs(2);

/// Who writes the apps and sends the events.
pub(crate) const AUTHOR_KEY: &str = "the-author-of-the-apps-under-test";
/// Who decides about approvals.
pub(crate) const APPROVER_KEY: &str = "somebody-else-who-may-decide";
/// The tenant.
pub(crate) const TENANT: &str = "acme";

/// How to start one.
#[derive(Clone, Debug)]
pub(crate) struct Setup {
    pub(crate) program: PathBuf,
    pub(crate) folder: PathBuf,
    pub(crate) database: String,
    /// Origins of the provider's endpoints.
    pub(crate) routes: [(&'static str, String); 2],
    pub(crate) plant: Option<String>,
    /// What holds back what is not synced.
    pub(crate) preload: Option<PathBuf>,
}

/// One that runs.
pub(crate) struct Server {
    pub(crate) name: String,
    pub(crate) url: String,
    child: Child,
}

impl Setup {
    pub(crate) fn routes(provider: &Provider) -> [(&'static str, String); 2] {
        [
            ("https://keyed.example.com", provider.keyed.origin.clone()),
            ("https://blind.example.com", provider.blind.origin.clone()),
        ]
    }

    /// Writes the keys and the members, and puts the members into the database.
    pub(crate) async fn prepare(&self) -> Result<()> {
        let line = |key: &str, id: &str| {
            let subject = json!({ "kind": "person", "id": id });
            json!({ "key": key, "tenant": TENANT, "subject": subject, "roles": ["admin"] })
        };
        let keys = json!({ "keys": [line(AUTHOR_KEY, "ann"), line(APPROVER_KEY, "bob")] });
        std::fs::write(self.keys(), keys.to_string())?;
        let members = self.folder.join("members.json");
        std::fs::write(&members, apps::fixtures().to_string())?;
        let loaded = Command::new(&self.program)
            .args(["load", "--database", &self.database, "--tenant", TENANT, "--data"])
            .arg(&members)
            .stdout(Stdio::null())
            .status()
            .await?;
        ensure!(loaded.success(), "the members could not be loaded");
        Ok(())
    }

    /// Starts a server and waits until it takes requests.
    pub(crate) async fn start(&self, name: &str) -> Result<Server> {
        let mut command = Command::new(&self.program);
        let lease = LEASE.as_secs().to_string();
        command.args(["serve", "--database", &self.database, "--listen", "127.0.0.1:0", "--node", name]);
        command.args(["--lease", &lease, "--inherit-origins"]).arg("--keys").arg(self.keys());
        for (from, to) in &self.routes {
            command.args(["--allow-origin", from, "--route-origin", &format!("{from}={to}")]);
        }
        match self.plant.as_deref() {
            None => {}
            Some("synchronous-off") => drop(command.args(["--synchronous", "off"])),
            Some(defect) => drop(command.args(["--plant-defect", defect])),
        }
        if let Some(preload) = &self.preload {
            command.env("LD_PRELOAD", preload).env("ALCOVE_POWER_LOSS_DIR", &self.folder);
        }
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(self.log(name)?).kill_on_drop(true);
        let mut child = command.spawn().context("the server cannot be started")?;
        let url = timeout(START_MAX, address(&mut child)).await;
        let url = url.context("the server did not say where it listens")?;
        let url = url.with_context(|| format!("the server ended: {}", self.last_words(name)))?;
        Ok(Server { name: name.to_owned(), url, child })
    }

    /// The end of what a server said, for whoever looks for a cause.
    pub(crate) fn last_words(&self, name: &str) -> String {
        let text = std::fs::read_to_string(self.folder.join(format!("{name}.log"))).unwrap_or_default();
        let lines: Vec<&str> = text.lines().rev().take(15).collect();
        lines.into_iter().rev().collect::<Vec<_>>().join("\n")
    }

    fn keys(&self) -> PathBuf {
        self.folder.join("keys.json")
    }

    fn log(&self, name: &str) -> Result<File> {
        Ok(OpenOptions::new().create(true).append(true).open(self.folder.join(format!("{name}.log")))?)
    }
}

/// The first line says it.
async fn address(child: &mut Child) -> Result<String> {
    let stdout = child.stdout.take().context("no output")?;
    let mut lines = BufReader::new(stdout).lines();
    let line = lines.next_line().await?.context("it said nothing")?;
    let url = line.split_whitespace().find(|word| word.starts_with("http://"));
    let url = url.with_context(|| format!("no address in `{line}`"))?.trim_end_matches('/').to_owned();
    // What it says later is of no interest, but it must be able to say it.
    tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
    Ok(url)
}

impl Server {
    /// Ends it without a word of warning.
    pub(crate) async fn kill(mut self) -> Result<()> {
        self.child.kill().await.context("the server cannot be killed")
    }

    /// Stops its clock, as a machine does that is suspended or swapped out.
    pub(crate) fn freeze(&self) -> Result<()> {
        self.signal(Signal::STOP)
    }

    /// Lets it go on.
    pub(crate) fn wake(&self) -> Result<()> {
        self.signal(Signal::CONT)
    }

    /// Asks it to end, and waits until it has.
    pub(crate) async fn stop(mut self) -> Result<()> {
        self.signal(Signal::TERM)?;
        let ended = timeout(STOP_MAX, self.child.wait()).await.context("the server does not stop when asked to")??;
        if ended.success() { Ok(()) } else { bail!("the server ended with {ended}") }
    }

    /// Whether it has ended by itself.
    pub(crate) fn has_ended(&mut self) -> Result<bool> {
        Ok(self.child.try_wait()?.is_some())
    }

    fn signal(&self, signal: Signal) -> Result<()> {
        let id = self.child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
        kill_process(id.context("the server has ended by itself")?, signal).context("no signal can be sent")
    }
}

/// Builds the library that holds back what is not synced.
pub(crate) async fn build_preload(folder: &Path) -> Result<PathBuf> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("powerloss/hold_back.c");
    let library = folder.join("hold_back.so");
    let mut compiler = Command::new("cc");
    compiler.args(["-O1", "-shared", "-fPIC", "-o"]).arg(&library).arg(&source).arg("-ldl");
    let built = compiler.status().await.context("`cc` is needed for the loss of power")?;
    ensure!(built.success(), "`{}` does not compile", source.display());
    Ok(library)
}
