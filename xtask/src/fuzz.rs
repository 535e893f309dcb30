//! `cargo xtask api-fuzz`: a server of its own, and schemathesis, which sends it what the OpenAPI document allows and
//! what it forbids.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
};

use anyhow::{Context, Result, ensure};
use clap::Args;

use crate::program::{cargo, run, say, workspace};

/// The fuzzer, from PyPI.
const SCHEMATHESIS: &str = "schemathesis==4.32.5";
/// The key of the server that is started: it lives as long as that.
const KEY: &str = "the-key-of-the-fuzzer-0123456789";
/// What is checked of each answer: no 5xx, nothing that the document does not have, no answer without a key.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,\
response_headers_conformance,response_schema_conformance,unsupported_method,ignored_auth";

/// What is said of a run of the fuzzer.
#[derive(Args)]
pub(crate) struct Fuzz {
    /// How long it goes on.
    #[arg(long, value_name = "SECONDS", default_value = "60", value_parser = clap::value_parser!(u32).range(1..))]
    seconds: u32,
    /// Goes to `schemathesis run`, such as `--include-path /v1/events`.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "ARGUMENT")]
    rest: Vec<String>,
}

/// Fuzzes the API.
///
/// # Errors
/// The fuzzer or the server cannot be had, or the fuzzer has found something.
pub(crate) fn fuzz(arguments: &Fuzz) -> Result<()> {
    let home = workspace().join("target/api-fuzz");
    let fuzzer = fuzzer(&home.join("venv"))?;
    run(&mut cargo(&["build", "--package", "alcove"]))?;
    let data = home.join("data");
    // What a run before this one has left.
    if data.exists() {
        fs::remove_dir_all(&data).with_context(|| format!("cannot empty {}", data.display()))?;
    }
    fs::create_dir_all(&data).with_context(|| format!("cannot make {}", data.display()))?;
    let server = Server::start(&data)?;
    let document = format!("{}/openapi.json", server.address);
    say(&format!("{document}, for {} s", arguments.seconds));
    let mut command = Command::new(fuzzer);
    command.args(["run", &document, "--checks", CHECKS, "--max-time", &arguments.seconds.to_string()]);
    command.args(["--header", &format!("Authorization: Bearer {KEY}"), "--request-timeout", "15", "--warnings", "off"]);
    run(command.args(&arguments.rest).current_dir(&data))
}

/// The program of the fuzzer, in an environment of its own.
fn fuzzer(venv: &Path) -> Result<PathBuf> {
    let program = |name: &str| venv.join("bin").join(name);
    let stamp = venv.join("installed");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == SCHEMATHESIS) {
        return Ok(program("schemathesis"));
    }
    run(Command::new("python3").args(["-m", "venv"]).arg(venv)).context("Python 3 with `venv` is needed")?;
    let install = ["install", "--quiet", "--disable-pip-version-check", SCHEMATHESIS];
    run(Command::new(program("pip")).args(install)).context("the fuzzer comes from PyPI")?;
    fs::write(&stamp, SCHEMATHESIS).context("cannot note that the fuzzer is installed")?;
    Ok(program("schemathesis"))
}

/// A server that ends with this.
struct Server {
    child: Child,
    address: String,
}

impl Server {
    /// Starts one on a new database, and waits until it listens.
    fn start(data: &Path) -> Result<Self> {
        let keys = data.join("keys.json");
        let subject = r#"{ "kind": "person", "id": "fuzzer" }"#;
        let line = format!(r#"{{ "key": "{KEY}", "tenant": "fuzzed", "subject": {subject}, "roles": ["admin"] }}"#);
        fs::write(&keys, format!(r#"{{ "keys": [{line}] }}"#)).context("cannot write the server's keys")?;
        let database = format!("sqlite:{}", data.join("alcove.db").display());
        let log = fs::File::create(data.join("log")).context("cannot write the server's log")?;
        let mut command = Command::new(workspace().join("target/debug/alcove"));
        command.args(["serve", "--database", &database, "--listen", "127.0.0.1:0", "--keys"]).arg(&keys);
        command.args(["--requests-per-second", "1000000", "--requests-at-once", "1000000"]);
        let child = command.stdout(Stdio::piped()).stderr(log).spawn().context("cannot start the server")?;
        let mut server = Self { child, address: String::new() };
        let stdout = server.child.stdout.take().context("the server has no output")?;
        let mut lines = BufReader::new(stdout).lines();
        for line in lines.by_ref() {
            let line = line.context("the server's output cannot be read")?;
            if let Some(address) = line.strip_prefix("listening on ") {
                address.clone_into(&mut server.address);
                break;
            }
        }
        ensure!(!server.address.is_empty(), "the server does not listen; {} says why", data.join("log").display());
        // Whatever else it prints must not fill the pipe.
        thread::spawn(move || lines.for_each(drop));
        Ok(server)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It is gone already, or it goes now: nothing is left to do about it.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
