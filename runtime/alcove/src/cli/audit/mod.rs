//! `alcove audit`: the audit log of a tenant, read beside the server that writes it.

mod export;
mod head;
mod sign;
mod verify;

use anyhow::Context;
use clap::Subcommand;

use super::{Exit, Format, complaint::Complaint, recorded};
use crate::terminal::Terminal;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Say whether the log is whole: nothing changed, missing or put there. What is missing at its end shows only
    /// against a head that was taken before and kept elsewhere.
    Verify(verify::Args),
    /// Give the head of a log that is whole: what all of its notes come to. Keep it where the database's owner cannot
    /// reach it.
    Head(head::Args),
    /// Write all notes out, each as JSON on a line.
    Export(export::Args),
}

/// What a log comes to, or where it is broken: either is an answer.
type Verdict = Result<alcove_store::audit::Verified, alcove_store::audit::Break>;

pub(crate) fn run(args: &Args, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    let tokio = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    let tokio = tokio.context("the async runtime cannot start")?;
    let (format, done) = match &args.command {
        Command::Verify(args) => (args.format, tokio.block_on(verify::run(args, terminal))),
        Command::Head(args) => (args.format, tokio.block_on(head::run(args, terminal))),
        Command::Export(args) => (Format::Human, tokio.block_on(export::run(args, terminal))),
    };
    Ok(done.unwrap_or_else(|complaint| complaint.report(format, terminal)))
}

/// Walks along the log of a database's tenant.
async fn walk(
    database: &recorded::Database,
    expected: Option<blake3::Hash>,
) -> Result<(alcove_ids::TenantId, Verdict), Complaint> {
    let (store, tenant) = database.open().await?;
    let verdict = alcove_store::audit::verify(&store, &tenant, expected).await;
    store.close().await;
    let verdict = verdict.map_err(|error| Complaint::caused("unavailable", "--database", &error))?;
    Ok((tenant, verdict))
}

/// Says where a log is broken.
fn broken(
    tenant: &alcove_ids::TenantId,
    found: &alcove_store::audit::Break,
    format: Format,
    to: &mut Terminal,
) -> Exit {
    match format {
        Format::Json => {
            let (problem, message) = (found.kind(), found.to_string());
            let report = serde_json::json!({
                "tenant": tenant.as_str(), "status": "broken", "seq": found.seq(), "problem": problem,
                "message": message,
            });
            to.json(&report.to_string());
        }
        Format::Human => {
            let word = to.paint(crate::terminal::Style::Bad, "broken");
            to.line(&format!("{word}: {found}"));
        }
    }
    Exit::Failed
}
