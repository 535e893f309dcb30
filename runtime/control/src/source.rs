//! What apps are made from.

use alcove_catalog::Catalog;
use alcove_compiler::{Compilation, compile, diagnostic::to_json, source::LineIndex};
use alcove_execution::Submission;
use serde_json::Value;

use crate::ControlError;

/// An app, in one of the forms in which it may come.
#[derive(Clone, Copy, Debug)]
pub enum Source<'b> {
    /// Its JSON, as it was written.
    Config(&'b [u8]),
    /// A sealed plan, which may come from anyone: it is verified, and what it may touch is derived anew.
    Plan(&'b [u8]),
    /// The digest of a plan that was submitted before, in hex.
    Submitted(&'b str),
}

/// What is stored of a config. Its errors are all there at once.
pub(crate) fn compiled(config: &[u8]) -> Result<Submission, ControlError> {
    let compilation = compile(config, Catalog::shipped());
    match &compilation.compiled {
        Some(compiled) => {
            let config = Some(compilation.text.to_string());
            Ok(Submission { config, plan: compiled.bytes.clone() })
        }
        None => Err(ControlError::InvalidApp { diagnostics: list(&compilation) }),
    }
}

/// `{"diagnostics": […]}` of a config: errors, warnings and hints.
pub(crate) fn diagnostics(config: &[u8]) -> Value {
    let compilation = compile(config, Catalog::shipped());
    to_json(&compilation.diagnostics, &LineIndex::new(&compilation.text))
}

fn list(compilation: &Compilation<'_>) -> Value {
    let mut all = to_json(&compilation.diagnostics, &LineIndex::new(&compilation.text));
    all.get_mut("diagnostics").map(Value::take).unwrap_or_default()
}
