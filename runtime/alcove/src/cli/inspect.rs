//! `alcove inspect`.

use std::path::PathBuf;

use alcove_compiler::explain::disassemble;
use alcove_plan::verify;

use super::{Exit, Format, complaint::Complaint, source};
use crate::terminal::Terminal;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The plan, or `-` for standard input.
    plan: PathBuf,
}

pub(crate) fn run(args: &Args, terminal: &mut Terminal) -> Exit {
    let bytes = match source::read(&args.plan) {
        Ok(bytes) => bytes,
        Err(complaint) => return complaint.report(Format::Human, terminal),
    };
    match verify::load(&bytes) {
        Ok(sealed) => {
            terminal.line(&format!("plan {} ({} bytes)", sealed.digest, bytes.len()));
            terminal.text(&disassemble(&sealed.plan, &sealed.program));
            Exit::Done
        }
        Err(error) => {
            Complaint::caused("invalid-plan", &source::name(&args.plan), &error).report(Format::Human, terminal)
        }
    }
}
