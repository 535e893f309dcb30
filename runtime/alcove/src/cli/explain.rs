//! `alcove explain`.

use std::path::PathBuf;

use alcove_catalog::Catalog;
use alcove_compiler::explain::explain;
use alcove_plan::verify;

use super::{Exit, Format, complaint::Complaint, source};
use crate::terminal::Terminal;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The app (JSON) or the plan, or `-` for standard input.
    app: PathBuf,
    /// How to print.
    #[arg(long, value_enum, default_value = "human")]
    format: Format,
}

pub(crate) fn run(args: &Args, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    let bytes = match source::read(&args.app) {
        Ok(bytes) => bytes,
        Err(complaint) => return Ok(complaint.report(args.format, terminal)),
    };
    let explanation = if source::is_plan(&bytes) {
        match verify::load(&bytes) {
            Ok(sealed) => explain(&sealed.plan, &sealed.program, Catalog::shipped()),
            Err(error) => {
                let complaint = Complaint::caused("invalid-plan", &source::name(&args.app), &error);
                return Ok(complaint.report(args.format, terminal));
            }
        }
    } else {
        match source::compile_bytes(&bytes, &args.app, args.format, terminal) {
            Ok(compiled) => explain(&compiled.plan, &compiled.program, Catalog::shipped()),
            Err(exit) => return Ok(exit),
        }
    };
    match args.format {
        Format::Human => terminal.text(&explanation.render_human()),
        Format::Json => terminal.json(&serde_json::to_string(&explanation)?),
    }
    Ok(Exit::Done)
}
