//! What Alcove costs, each figure beside the floor that it stands on. `cargo xtask bench [--format json] [FILTER]` runs
//! it optimised; README.md says how each figure is taken and what was found.

mod clock;
mod figure;
mod samples;
mod scene;

mod compiling;
mod durable;
mod empty_run;
mod event_run;
mod floor;
mod host_call;
mod large_loop;
mod native;

use std::{
    env,
    io::{self, Write},
    path::PathBuf,
    process::ExitCode,
};

use anyhow::{Context, Result};
use clap::{Parser, ValueEnum};
use tokio::runtime::Runtime;

use crate::{figure::Figure, scene::Sandbox};

/// Measures Alcove. All times are of this machine, now.
#[derive(Parser)]
#[command(name = "cargo xtask bench")]
struct CommandLine {
    /// Only figures whose name contains this.
    #[arg(default_value = "")]
    filter: String,
    /// How to print: a table, or `[{name, value, unit}]`.
    #[arg(long, value_enum, default_value = "human")]
    format: Format,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    Human,
    Json,
}

fn main() -> ExitCode {
    let text = match env::var(durable::ALONE) {
        Ok(what) => measure_alone(&what),
        Err(_) => measure_and_show(),
    };
    let printed = text.and_then(|text| Ok(io::stdout().write_all(text.as_bytes())?));
    match printed {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Where nobody reads the complaint, the exit code is left.
            let _ = writeln!(io::stderr(), "error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn measure_and_show() -> Result<String> {
    let CommandLine { filter, format } = CommandLine::parse();
    let figures = runtime()?.block_on(measure_wanted(&filter))?;
    Ok(match format {
        Format::Human => figure::table(&figures),
        Format::Json => figure::json(&figures),
    })
}

/// What this program does in a process that it has started itself.
fn measure_alone(what: &str) -> Result<String> {
    let code = env::var_os(durable::CODE).map(PathBuf::from);
    let bytes = runtime()?.block_on(async { durable::alone(what, &Sandbox::start_with(code)?).await })?;
    Ok(serde_json::to_string(&bytes)?)
}

/// As many workers as the command line has. What is measured runs in tasks, as it does in a server: the thread that
/// blocks here is none of the workers.
fn runtime() -> Result<Runtime> {
    let tokio = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    tokio.context("the async runtime cannot start")
}

async fn measure_wanted(filter: &str) -> Result<Vec<Figure>> {
    let wanted = |names: &[&str]| names.iter().any(|name| name.contains(filter));
    let sandbox = Sandbox::start()?;
    let mut figures = Vec::new();
    if wanted(&empty_run::NAMES) {
        figures.extend(empty_run::measure(&sandbox).await?);
    }
    if wanted(&host_call::NAMES) {
        figures.extend(host_call::measure().await?);
    }
    if wanted(&event_run::NAMES) {
        figures.extend(event_run::measure(&sandbox).await?);
    }
    if wanted(&large_loop::NAMES) {
        figures.extend(large_loop::measure(&sandbox).await?);
    }
    if wanted(&compiling::NAMES) {
        figures.extend(compiling::measure(&sandbox).await?);
    }
    if wanted(&durable::W1_SQLITE_NAMES) {
        figures.extend(durable::w1_on_sqlite(&sandbox).await?);
    }
    if wanted(&durable::W1_POSTGRES_NAMES) {
        figures.extend(durable::w1_on_postgres(&sandbox).await?);
    }
    if wanted(&durable::RUN_NAMES) {
        figures.extend(durable::run_of_2500(&sandbox).await?);
    }
    if wanted(&durable::MATCHING_NAMES) {
        figures.extend(durable::matching().await?);
    }
    if wanted(&durable::IDLE_NAMES) {
        figures.extend(durable::idle()?);
    }
    figures.retain(|figure| figure.name.contains(filter));
    anyhow::ensure!(!figures.is_empty(), "no figure has a name that contains `{filter}`");
    Ok(figures)
}
