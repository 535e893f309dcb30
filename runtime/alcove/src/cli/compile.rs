//! `alcove compile`.

use std::path::PathBuf;

use alcove_plan::envelope::Digest;

use super::{Exit, Format, complaint::Complaint, source};
use crate::terminal::Terminal;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The app: a JSON file, or `-` for standard input.
    app: PathBuf,
    /// Where to write the plan.
    #[arg(short, long)]
    output: PathBuf,
    /// How to print diagnostics.
    #[arg(long, value_enum, default_value = "human")]
    format: Format,
}

pub(crate) fn run(args: &Args, terminal: &mut Terminal) -> Exit {
    let compiled = match source::compile_app(&args.app, args.format, terminal) {
        Ok(compiled) => compiled,
        Err(exit) => return exit,
    };
    if let Err(error) = std::fs::write(&args.output, &compiled.bytes) {
        let file = args.output.display().to_string();
        return Complaint::new("unwritable", &file, "", error.to_string()).report(args.format, terminal);
    }
    let (len, digest) = (compiled.bytes.len(), digest(&compiled.bytes));
    match args.format {
        Format::Human => {
            terminal.line(&format!("{}: {len} bytes, plan {digest}", args.output.display()));
        }
        Format::Json => {
            terminal.json(&serde_json::json!({ "plan": digest, "bytes": len, "diagnostics": [] }).to_string());
        }
    }
    Exit::Done
}

fn digest(bytes: &[u8]) -> String {
    alcove_plan::envelope::open(bytes).map_or_else(|_| Digest::of(bytes).to_string(), |plan| plan.digest.to_string())
}
