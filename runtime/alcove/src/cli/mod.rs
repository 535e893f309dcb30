//! The commands, one file each.

mod admin;
mod audit;
mod compile;
mod complaint;
mod demo;
mod explain;
mod export;
mod fixtures;
mod inspect;
mod load;
mod recorded;
mod replay;
mod run;
mod serve;
mod shadow;
pub(crate) mod source;
mod validate;

use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};

use crate::terminal::Terminal;

/// Runs app plans: JSON automations, proved before they are saved, each run in a WebAssembly instance of its own.
#[derive(Debug, Parser)]
#[command(name = "alcove", version, disable_help_subcommand = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Check an app and say everything that is wrong with it.
    Validate(validate::Args),
    /// Compile an app to a plan.
    Compile(compile::Args),
    /// Show what is in a plan.
    Inspect(inspect::Args),
    /// Show what an app may touch, what is pushed down, and what runs in the sandbox.
    Explain(explain::Args),
    /// Run an app or a plan once, on fixtures, without a server.
    Run(run::Args),
    /// Run a node: keeps apps, fires their triggers, and answers over HTTP.
    Serve(serve::Args),
    /// Set a platform up: tenants, and the keys of operators and first admins.
    Admin(admin::Args),
    /// Add rows to the platform's tables of a tenant.
    Load(load::Args),
    /// Run a recorded run again, from its journal alone, and say whether it does the same.
    Replay(replay::Args),
    /// Write a recorded run into one file, which replays anywhere.
    Export(export::Args),
    /// Run another version of an app on its recorded runs, and show what it would do otherwise.
    Shadow(shadow::Args),
    /// Check, seal and export the log of who changed what.
    Audit(audit::Args),
    /// Fill a community, run the starter apps on it, and show what they did.
    Demo(demo::Args),
}

/// How to print.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For a person.
    Human,
    /// For a program.
    Json,
}

/// How the program ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Valid; succeeded, skipped or waiting.
    Done,
    /// The run failed.
    Failed,
    /// Usage, or an invalid app.
    Invalid,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Done => Self::SUCCESS,
            Exit::Failed => Self::from(1),
            Exit::Invalid => Self::from(2),
        }
    }
}

impl Cli {
    /// Does what was asked for.
    pub(crate) fn run(self, terminal: &mut Terminal) -> anyhow::Result<Exit> {
        match self.command {
            Command::Validate(args) => Ok(validate::run(&args, terminal)),
            Command::Compile(args) => Ok(compile::run(&args, terminal)),
            Command::Inspect(args) => Ok(inspect::run(&args, terminal)),
            Command::Explain(args) => explain::run(&args, terminal),
            Command::Run(args) => run::run(&args, terminal),
            Command::Serve(args) => serve::run(&args, terminal),
            Command::Admin(args) => admin::run(&args, terminal),
            Command::Load(args) => load::run(&args, terminal),
            Command::Replay(args) => replay::run(&args, terminal),
            Command::Export(args) => export::run(&args, terminal),
            Command::Shadow(args) => shadow::run(&args, terminal),
            Command::Audit(args) => audit::run(&args, terminal),
            Command::Demo(args) => demo::run(&args, terminal),
        }
    }
}
