//! `alcove audit verify`.

use blake3::Hash;
use serde_json::json;

use super::{Exit, Format, broken, recorded, walk};
use crate::{
    cli::complaint::Complaint,
    terminal::{Style, Terminal},
};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    database: recorded::Database,
    /// A head that the log had before: it must still have all notes up to there.
    #[arg(long, value_name = "HEX")]
    head: Option<String>,
    /// How to print.
    #[arg(long, value_enum, default_value = "human")]
    pub(super) format: Format,
}

pub(super) async fn run(args: &Args, terminal: &mut Terminal) -> Result<Exit, Complaint> {
    let head = args.head.as_deref().map(Hash::from_hex).transpose();
    let head = head.map_err(|error| Complaint::new("usage", "--head", "", error.to_string()))?;
    let (tenant, verdict) = walk(&args.database, head).await?;
    let verified = match verdict {
        Ok(verified) => verified,
        Err(found) => return Ok(broken(&tenant, &found, args.format, terminal)),
    };
    let (entries, hash, unchained) = (verified.head.entries, verified.head.hash.to_hex(), verified.unchained);
    match args.format {
        Format::Json => {
            let report = json!({
                "tenant": tenant.as_str(), "status": "whole", "entries": entries, "head": hash.as_str(),
                "unchained": unchained,
            });
            terminal.json(&report.to_string());
        }
        Format::Human => {
            let word = terminal.paint(Style::Good, "whole");
            terminal.line(&format!("{word}: {entries} notes, head {hash}"));
            if unchained > 0 {
                terminal
                    .line(&format!("  the first {unchained} are older than the chain, whose first hash holds them"));
            }
        }
    }
    Ok(Exit::Done)
}
