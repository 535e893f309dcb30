//! Kills a loaded server at random moments, starts it again, and checks that nothing was lost and nothing repeated.
//!
//! What counts is what can be seen from outside: the events that were acknowledged, a provider over HTTP that counts
//! what it was asked to do, and the tables that the effects are in. With a defect planted in the server the same checks
//! must find it: `--plant` turns the verdict round.

mod apps;
mod check;
mod client;
mod events;
mod load;
mod provider;
mod round;
mod server;

use std::{path::PathBuf, process::ExitCode};

use alcove_test_postgres::{Durability, Server as Postgres};
use anyhow::{Result, bail};
use clap::{Parser, ValueEnum};

use crate::{check::Verdict, round::Round};

/// Kill, restart, check.
#[derive(Clone, Debug, Parser)]
#[command(name = "cargo xtask crash")]
pub(crate) struct Args {
    /// How often a server is stopped.
    #[arg(long, default_value_t = 20)]
    cycles: u32,
    /// What it keeps its data in.
    #[arg(long, value_enum, default_value_t = Backend::Sqlite)]
    backend: Backend,
    /// Servers at a time. Of two, one is frozen past its lease and woken, or killed, while the other goes on.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=2))]
    nodes: u8,
    /// Whether what was not synced is lost with the server, as if the machine had lost its power.
    #[arg(long)]
    power_loss: bool,
    /// A defect of the server that the checks must find.
    #[arg(long)]
    plant: Option<String>,
    /// Where chance begins; the same seed gives the same events and pauses, not the same schedule of threads.
    #[arg(long)]
    seed: Option<u64>,
    /// The program to test.
    #[arg(long, env = "ALCOVE_PROGRAM")]
    program: PathBuf,
}

/// What the server keeps its data in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Backend {
    /// One file.
    Sqlite,
    /// A server of its own.
    Postgres,
}

/// Stops on one database. After so many everything is checked, and the next ones begin anew.
const CYCLES_PER_ROUND: u32 = 50;

fn main() -> ExitCode {
    let args = Args::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let done = runtime.map_err(Into::into).and_then(|runtime| runtime.block_on(perform(&args)));
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&format!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

async fn perform(args: &Args) -> Result<()> {
    check_combination(args)?;
    let seed = args.seed.unwrap_or_else(|| fastrand::u64(..));
    say(&format!("seed {seed}"));
    let postgres = match args.backend {
        Backend::Sqlite => None,
        Backend::Postgres => Some(Postgres::start(Durability::Disk)?),
    };
    let mut chance = fastrand::Rng::with_seed(seed);
    let mut all = Verdict::default();
    let mut left = args.cycles;
    while left > 0 && all.violations.is_empty() {
        let cycles = left.min(CYCLES_PER_ROUND);
        left -= cycles;
        all.add(Round::new(args, postgres.as_ref(), cycles, chance.fork()).run().await?);
        say(&format!("{} of {} stops; {all}", args.cycles - left, args.cycles));
    }
    for violation in all.violations.iter().take(20) {
        say(&format!("violation: {violation}"));
    }
    match (&args.plant, all.violations.is_empty()) {
        (None, true) => Ok(()),
        (None, false) => bail!("{} violations", all.violations.len()),
        (Some(defect), true) => bail!("the planted defect `{defect}` was not found"),
        (Some(defect), false) => {
            say(&format!("the planted defect `{defect}` was found, as it must be"));
            Ok(())
        }
    }
}

fn check_combination(args: &Args) -> Result<()> {
    if args.backend == Backend::Sqlite && args.nodes > 1 {
        bail!("a SQLite file has one server: use `--backend postgres` for two");
    }
    if args.backend == Backend::Postgres && args.power_loss {
        bail!("PostgreSQL's own files are not held back: use `--backend sqlite` for the loss of power");
    }
    Ok(())
}

#[expect(clippy::print_stdout, reason = "a program that reports to a person")]
pub(crate) fn say(line: &str) {
    println!("{line}");
}
