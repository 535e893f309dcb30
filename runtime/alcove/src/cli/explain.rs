//! `alcove explain`.

use std::path::PathBuf;

use alcove_catalog::Catalog;
use alcove_compiler::explain::explain;

use super::{Exit, Format, source};
use crate::terminal::Terminal;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The app: a JSON file, or `-` for standard input.
    app: PathBuf,
    /// How to print.
    #[arg(long, value_enum, default_value = "human")]
    format: Format,
}

pub(crate) fn run(args: &Args, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    let compiled = match source::compile_app(&args.app, args.format, terminal) {
        Ok(compiled) => compiled,
        Err(exit) => return Ok(exit),
    };
    let explanation = explain(&compiled.plan, &compiled.program, Catalog::shipped());
    match args.format {
        Format::Human => terminal.text(&explanation.render_human()),
        Format::Json => terminal.json(&serde_json::to_string(&explanation)?),
    }
    Ok(Exit::Done)
}
