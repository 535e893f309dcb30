//! `alcove validate`.

use std::path::PathBuf;

use alcove_catalog::Catalog;
use alcove_compiler::compile;

use super::{Exit, Format, source};
use crate::terminal::{Style, Terminal};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The app: a JSON file, or `-` for standard input.
    app: PathBuf,
    /// How to print diagnostics.
    #[arg(long, value_enum, default_value = "human")]
    format: Format,
}

pub(crate) fn run(args: &Args, terminal: &mut Terminal) -> Exit {
    let bytes = match source::read(&args.app) {
        Ok(bytes) => bytes,
        Err(complaint) => return complaint.report(args.format, terminal),
    };
    let compilation = compile(&bytes, Catalog::shipped());
    let exit = source::report(&compilation, &args.app, args.format, terminal);
    if exit == Exit::Done && args.format == Format::Human {
        let valid = terminal.paint(Style::Good, "valid");
        terminal.line(&format!("{valid}: {}", source::name(&args.app)));
    }
    exit
}
