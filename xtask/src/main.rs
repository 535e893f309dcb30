//! The commands of a developer: `cargo xtask demo`, `cargo xtask test` and the rest. Each makes the guest toolchain
//! work first, so that a fresh clone needs no other command.

mod fuzz;
mod lint;
mod program;
mod setup;

use std::{
    env,
    process::{Command, ExitCode},
};

use alcove_test_postgres::{Durability, SHARED, Server};
use anyhow::{Context, Result};
use clap::{Args, Parser, Subcommand};

use crate::program::{cargo, cargo_has, run, say};

/// The commands of a developer.
#[derive(Parser)]
#[command(name = "cargo xtask")]
struct CommandLine {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Make this machine able to build: find or install the guest toolchain, download what the guest is made of.
    Setup,
    /// Build everything and run the demo; further arguments go to `alcove demo`.
    Demo(Rest),
    /// Run all tests; further arguments select some, as for `cargo test`.
    Test(Rest),
    /// Run the benchmarks, optimised; further arguments go to them (`--format json`, a filter).
    Bench(Rest),
    /// Kill a loaded server again and again, and check that nothing was lost and nothing repeated; further arguments
    /// say how (`--cycles 1000 --backend postgres`, `--help` for the rest).
    Crash(Rest),
    /// Send a server of its own what its OpenAPI document allows and what it forbids, for `--seconds`; further
    /// arguments go to `schemathesis run`. The fuzzer is installed below `target`, from PyPI.
    ApiFuzz(fuzz::Fuzz),
    /// Rewrite what the corpus tests expect with what they got; look at the difference before you commit it.
    Bless(Rest),
    /// Check everything that is not a test: format, lints, documentation, dependencies.
    Lint,
}

#[derive(Args)]
struct Rest {
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "ARGUMENT")]
    rest: Vec<String>,
}

fn main() -> ExitCode {
    match perform(CommandLine::parse().task) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&format!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn perform(task: Task) -> Result<()> {
    setup::setup()?;
    match task {
        Task::Setup => Ok(()),
        Task::Demo(Rest { rest }) => run(cargo(&["run", "--package", "alcove", "--", "demo"]).args(rest)),
        Task::Test(Rest { rest }) => test(&rest),
        Task::Bench(Rest { rest }) => run(cargo(&["run", "--release", "--package", "alcove-bench", "--"]).args(rest)),
        Task::Crash(Rest { rest }) => crash(&rest),
        Task::ApiFuzz(arguments) => fuzz::fuzz(&arguments),
        Task::Bless(Rest { rest }) => bless(&rest),
        Task::Lint => lint::lint(),
    }
}

/// Builds the server and the program that kills it: with everything else, as the tests are built. Alone they would
/// have other features of their dependencies, and the sandbox would be built a second time.
fn crash(arguments: &[String]) -> Result<()> {
    run(&mut cargo(&["build", "--workspace", "--all-targets"]))?;
    let built = env::current_exe().context("this program does not know where it is")?;
    let program = |name: &str| built.with_file_name(name);
    run(Command::new(program("alcove-crash")).args(arguments).env("ALCOVE_PROGRAM", program("alcove")))
}

/// Runs every test that writes what it expects: of the compiler, of the journal's old bytes (only files that are
/// missing), and of whole runs; and the OpenAPI document.
fn bless(arguments: &[String]) -> Result<()> {
    let of_crates = ["test", "--workspace", "--test", "corpus", "--test", "plans", "--test", "golden"];
    run(cargo(&of_crates).env("BLESS", "1"))?;
    let document = ["test", "--package", "alcove-api", "--test", "it", "--", "the_document_in_the_tree"];
    run(cargo(&document).env("BLESS", "1"))?;
    run(cargo(&["test", "--workspace", "--test", "it", "--", "corpus"]).args(arguments).env("BLESS", "1"))
}

/// With nextest where it is installed: it runs the tests of all crates at once, but no documentation tests.
fn test(selection: &[String]) -> Result<()> {
    // Tests of the store need PostgreSQL; without it they fail, each with the reason, and all others run.
    let server = Server::start(Durability::Memory);
    if let Err(error) = &server {
        say(&format!("warning: {error:#}"));
    }
    let shared = server.as_ref().ok().map(|server| (SHARED, server.address()));
    let packages_named = selection.iter().any(|word| word == "-p" || word.starts_with("--package"));
    let crates: &[&str] = if packages_named { &[] } else { &["--workspace"] };
    if !cargo_has("nextest") {
        return run(cargo(&["test", "--no-fail-fast"]).args(crates).args(selection).envs(shared));
    }
    run(cargo(&["nextest", "run", "--no-fail-fast"]).args(crates).args(selection).envs(shared))?;
    if selection.is_empty() { run(&mut cargo(&["test", "--workspace", "--doc"])) } else { Ok(()) }
}
