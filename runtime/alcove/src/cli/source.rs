//! Reading apps and plans.

use std::{
    io::Read,
    path::{Path, PathBuf},
};

use alcove_catalog::Catalog;
use alcove_compiler::{
    Compilation, Compiled, compile,
    diagnostic::{render_human, to_json},
    source::LineIndex,
};
use alcove_plan::envelope::MAGIC;

use super::{Exit, Format, complaint::Complaint};
use crate::terminal::Terminal;

/// The largest app or plan that is read at all: the compiler and the verifier have closer limits of their own.
const SOURCE_BYTES_MAX: u64 = 64 << 20;
/// The largest file of rows, events or answers.
const DATA_BYTES_MAX: u64 = 256 << 20;

/// The bytes of an app or a plan: of a file, or of standard input for `-`.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, Complaint> {
    read_bounded(path, SOURCE_BYTES_MAX)
}

/// The bytes of a file with data.
pub(crate) fn read_data(path: &Path) -> Result<Vec<u8>, Complaint> {
    read_bounded(path, DATA_BYTES_MAX)
}

fn read_bounded(path: &Path, bytes_max: u64) -> Result<Vec<u8>, Complaint> {
    let unreadable = |message: String| Complaint::new("unreadable", &name(path), "", message);
    let mut bytes = Vec::new();
    let read = if path == Path::new("-") {
        std::io::stdin().lock().take(bytes_max + 1).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(path).and_then(|file| file.take(bytes_max + 1).read_to_end(&mut bytes))
    };
    match read {
        Ok(len) if u64::try_from(len).is_ok_and(|len| len <= bytes_max) => Ok(bytes),
        Ok(_) => Err(unreadable(format!("it has more than {bytes_max} bytes"))),
        Err(error) => Err(unreadable(error.to_string())),
    }
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
            let drawn = drawn(&compilation, &name(path), terminal);
            if !drawn.is_empty() {
                terminal.complain(&drawn);
            }
            Ok(compiled)
        }
        (None, format) => Err(report(&compilation, path, format, terminal)),
    }
}

/// Prints what the compiler has to say.
pub(crate) fn report(compilation: &Compilation<'_>, path: &Path, format: Format, terminal: &mut Terminal) -> Exit {
    match format {
        Format::Json => {
            let diagnostics = to_json(&compilation.diagnostics, &LineIndex::new(&compilation.text));
            terminal.json(&diagnostics.to_string());
        }
        Format::Human => {
            let drawn = drawn(compilation, &name(path), terminal);
            if !drawn.is_empty() {
                terminal.line(&drawn);
            }
        }
    }
    if compilation.failed() { Exit::Invalid } else { Exit::Done }
}

/// The diagnostics over the source, for a person.
pub(crate) fn drawn(compilation: &Compilation<'_>, file: &str, terminal: &Terminal) -> String {
    render_human(&compilation.diagnostics, file, &compilation.text, terminal.color())
}
