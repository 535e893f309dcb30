//! `alcove replay`.

use std::{path::Path, sync::Arc};

use alcove_catalog::Catalog;
use alcove_execution::{Bundle, ReplayReport, ReplayStatus, Replayer};
use alcove_platform::Platform;
use alcove_store::Store;
use anyhow::Context;

use super::{Exit, Format, complaint::Complaint, recorded, source};
use crate::{
    escape::shown,
    sandbox,
    terminal::{Style, Terminal},
};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The run: the id of an execution in the database, or, without `--database`, a file that `alcove export` wrote.
    run: String,
    #[command(flatten)]
    database: Option<recorded::Database>,
    /// How to print.
    #[arg(long, value_enum, default_value = "human")]
    format: Format,
}

pub(crate) fn run(args: &Args, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    let tokio = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    let replayed = tokio.context("the async runtime cannot start")?.block_on(replay(args))?;
    match replayed {
        Ok(report) => show(&report, args.format, terminal),
        Err(complaint) => Ok(complaint.report(args.format, terminal)),
    }
}

async fn replay(args: &Args) -> anyhow::Result<Result<ReplayReport, Complaint>> {
    let read = match &args.database {
        Some(database) => database.recording(&args.run).await.map(Bundle::of),
        None => from_file(Path::new(&args.run)),
    };
    let bundle = match read {
        Ok(bundle) => bundle,
        Err(complaint) => return Ok(Err(complaint)),
    };
    let replayed = replayer().await?.replay_bundle(&bundle).await;
    Ok(replayed.map_err(|error| Complaint::caused("invalid-plan", &args.run, &error)))
}

/// Replays in a sandbox of this process, over the catalog of this build and no data.
pub(crate) async fn replayer() -> anyhow::Result<Replayer> {
    let runtime = sandbox::runtime_of(1)?;
    let platform = Platform::new(Store::open_memory().await?, Catalog::shipped());
    Ok(Replayer::new(Arc::new(runtime), platform))
}

fn from_file(path: &Path) -> Result<Bundle, Complaint> {
    let bytes = source::read_data(path)?;
    Bundle::decode(&bytes).map_err(|error| Complaint::caused("invalid-bundle", &source::name(path), &error))
}

fn show(report: &ReplayReport, format: Format, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    match format {
        Format::Json => terminal.json(&serde_json::to_string(report)?),
        Format::Human => {
            let (word, style) = match report.status {
                ReplayStatus::Replayed => ("replayed", Style::Good),
                ReplayStatus::Diverged => ("diverged", Style::Bad),
            };
            let word = terminal.paint(style, word);
            let ReplayReport { execution, run, effects, reads, .. } = report;
            terminal.line(&format!("{word}: {} ({run}), {effects} effects, {reads} pages read", shown(execution)));
            for other in &report.other_build {
                let (recorded, here) = (shown(&other.recorded), shown(&other.here));
                terminal.line(&format!("  recorded with {} {recorded}, replayed with {here}", other.what));
            }
            if let Some(difference) = &report.diverged {
                terminal.line(&format!("  at `{}`", shown(&difference.place)));
                terminal.line(&format!("  the journal has {}", shown(&difference.expected)));
                terminal.line(&format!("  the run came to {}", shown(&difference.found)));
            }
            if let Some(stopped) = &report.stopped_at {
                terminal.line(&format!("  at `{}`: {}", shown(&stopped.place), shown(&stopped.reason)));
            }
        }
    }
    Ok(match report.status {
        ReplayStatus::Replayed => Exit::Done,
        ReplayStatus::Diverged => Exit::Failed,
    })
}
