//! What Alcove costs, each figure beside the floor that it stands on. `cargo xtask bench [--format json] [FILTER]` runs
//! it optimised; README.md says how each figure is taken and what was found.

mod clock;
mod figure;
mod samples;
mod scene;

mod compiling;
mod empty_run;
mod event_run;
mod floor;
mod host_call;
mod large_loop;
mod native;

use std::{
    io::{self, Write},
    process::ExitCode,
};

use anyhow::{Context, Result};
use clap::{Parser, ValueEnum};

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
    let arguments = CommandLine::parse();
    let printed = measure(&arguments.filter).and_then(|figures| {
        let text = match arguments.format {
            Format::Human => figure::table(&figures),
            Format::Json => figure::json(&figures),
        };
        Ok(io::stdout().write_all(text.as_bytes())?)
    });
    match printed {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Where nobody reads the complaint, the exit code is left.
            let _ = writeln!(io::stderr(), "error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn measure(filter: &str) -> Result<Vec<Figure>> {
    // As many workers as the command line has.
    let tokio = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    tokio.context("the async runtime cannot start")?.block_on(measure_wanted(filter))
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
    figures.retain(|figure| figure.name.contains(filter));
    anyhow::ensure!(!figures.is_empty(), "no figure has a name that contains `{filter}`");
    Ok(figures)
}
