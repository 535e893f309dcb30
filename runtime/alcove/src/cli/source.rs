//! Reading apps and plans.

use std::{
    io::Read,
    path::{Path, PathBuf},
};

use alcove_catalog::Catalog;
use alcove_compiler::{Compilation, Compiled, compile};
use alcove_plan::envelope::{MAGIC, PLAN_BYTES_MAX};

use super::{Exit, Format, complaint::Complaint};
use crate::terminal::Terminal;

/// The largest file that is read at all: the compiler and the verifier have closer limits of their own.
const FILE_BYTES_MAX: u64 = 4 * PLAN_BYTES_MAX as u64;

/// The bytes of a file; of standard input for `-`.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, Complaint> {
    let name = name(path);
    let mut bytes = Vec::new();
    let read = if path == Path::new("-") {
        std::io::stdin().lock().take(FILE_BYTES_MAX).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(path).and_then(|file| file.take(FILE_BYTES_MAX).read_to_end(&mut bytes))
    };
    read.map(|_| bytes).map_err(|error| Complaint::new("unreadable", &name, "", error.to_string()))
}

/// How messages name a file.
pub(crate) fn name(path: &Path) -> String {
    if path == Path::new("-") { "standard input".to_owned() } else { PathBuf::from(path).display().to_string() }
}

/// Whether bytes are a plan rather than an app.
pub(crate) fn is_plan(bytes: &[u8]) -> bool {
    bytes.starts_with(&MAGIC)
}

/// Compiles an app. What the compiler has to say is printed where there is no plan, and, to a person, where there is.
pub(crate) fn compile_app(path: &Path, format: Format, terminal: &mut Terminal) -> Result<Compiled, Exit> {
    let bytes = read(path).map_err(|complaint| complaint.report(format, terminal))?;
    compile_bytes(&bytes, path, format, terminal)
}

/// As [`compile_app`], where the file is read already.
pub(crate) fn compile_bytes(
    bytes: &[u8],
    path: &Path,
    format: Format,
    terminal: &mut Terminal,
) -> Result<Compiled, Exit> {
    let mut compilation = compile(bytes, Catalog::shipped());
    let compiled = compilation.compiled.take();
    match (compiled, format) {
        (Some(compiled), Format::Json) => Ok(compiled),
        (Some(compiled), Format::Human) => {
            let drawn = compilation.render_human(&name(path), terminal.color());
            if !drawn.is_empty() {
                terminal.complain(&drawn);
            }
            Ok(compiled)
        }
        (None, format) => Err(report(&compilation, path, format, terminal)),
    }
}

/// Prints what the compiler has to say.
pub(crate) fn report(compilation: &Compilation, path: &Path, format: Format, terminal: &mut Terminal) -> Exit {
    match format {
        Format::Json => terminal.line(&compilation.to_json().to_string()),
        Format::Human => {
            let drawn = compilation.render_human(&name(path), terminal.color());
            if !drawn.is_empty() {
                terminal.line(&drawn);
            }
        }
    }
    if compilation.has_errors() { Exit::Invalid } else { Exit::Done }
}
