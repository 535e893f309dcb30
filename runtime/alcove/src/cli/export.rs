//! `alcove export`.

use std::path::PathBuf;

use alcove_execution::{Bundle, Redaction};
use anyhow::Context;

use super::{Exit, Format, complaint::Complaint, recorded, replay, source};
use crate::terminal::Terminal;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The run: the id of an execution.
    run: String,
    #[command(flatten)]
    database: recorded::Database,
    /// The file that is written; one that is there is replaced.
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// Puts tokens in the place of personal values: the same for the same value.
    #[arg(long)]
    redact: bool,
    /// How to print.
    #[arg(long, value_enum, default_value = "human")]
    format: Format,
}

pub(crate) fn run(args: &Args, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    let tokio = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    let exported = tokio.context("the async runtime cannot start")?.block_on(export(args))?;
    let written = exported.and_then(|bundle| {
        let bytes = bundle.encode();
        let complain = |error| Complaint::caused("unwritable", &source::name(&args.output), &error);
        std::fs::write(&args.output, &bytes).map_err(complain)?;
        Ok((bundle, bytes.len()))
    });
    Ok(match written {
        Ok((bundle, bytes)) => show(args, &bundle, bytes, terminal),
        Err(complaint) => complaint.report(args.format, terminal),
    })
}

async fn export(args: &Args) -> anyhow::Result<Result<Bundle, Complaint>> {
    let recording = match args.database.recording(&args.run).await {
        Ok(recording) => recording,
        Err(complaint) => return Ok(Err(complaint)),
    };
    if !args.redact {
        return Ok(Ok(Bundle::of(recording)));
    }
    let mut key = [0; 32];
    getrandom::fill(&mut key).map_err(|error| anyhow::anyhow!("this machine gives no randomness: {error}"))?;
    let redacted = replay::replayer().await?.redact(&recording, &key).await;
    Ok(redacted.map_err(|error| Complaint::caused("not-redacted", &args.run, &error)))
}

fn show(args: &Args, bundle: &Bundle, bytes: usize, terminal: &mut Terminal) -> Exit {
    let file = source::name(&args.output);
    let until = match &bundle.redaction {
        Redaction::Until(until) => Some(until),
        Redaction::None | Redaction::Whole => None,
    };
    match args.format {
        Format::Json => {
            let report = serde_json::json!({
                "file": file, "bytes": bytes, "redacted": args.redact, "comparable_until": until,
            });
            terminal.json(&report.to_string());
        }
        Format::Human => {
            terminal.line(&format!("{file}: {bytes} bytes{}", if args.redact { ", redacted" } else { "" }));
            if let Some(until) = until {
                terminal.line(&format!("  it replays up to `{}`: {}", until.place, until.reason));
            }
        }
    }
    Exit::Done
}
