//! What the command line itself has to complain about, in the shape of the compiler's diagnostics.

use serde_json::{Value, json};

use super::{Exit, Format};
use crate::{
    escape::shown,
    terminal::{Style, Terminal},
};

/// Something wrong with a file or an option that is not the app's JSON.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub(crate) struct Complaint {
    /// A stable word: `unreadable`, `invalid-plan`, `invalid-data`, `invalid-event`, `invalid-cassette`, `usage`.
    pub(crate) code: &'static str,
    /// Which file or option.
    pub(crate) file: String,
    /// Where in it: a JSON pointer.
    pub(crate) path: String,
    /// What is wrong.
    pub(crate) message: String,
}

impl Complaint {
    pub(crate) fn new(code: &'static str, file: &str, path: &str, message: impl Into<String>) -> Self {
        Self { code, file: file.to_owned(), path: path.to_owned(), message: message.into() }
    }

    /// With the whole chain of causes as its message.
    pub(crate) fn caused(code: &'static str, file: &str, error: &dyn std::error::Error) -> Self {
        let mut message = error.to_string();
        let mut cause = error.source();
        while let Some(error) = cause {
            message.push_str(": ");
            message.push_str(&error.to_string());
            cause = error.source();
        }
        Self::new(code, file, "", message)
    }

    /// Prints it and ends.
    pub(crate) fn report(&self, format: Format, terminal: &mut Terminal) -> Exit {
        match format {
            Format::Json => terminal.json(&json!({ "diagnostics": [self.to_json()] }).to_string()),
            Format::Human => {
                let word = terminal.paint(Style::Bad, "error");
                let place = if self.path.is_empty() { String::new() } else { format!(" at {}", shown(&self.path)) };
                terminal.complain(&format!(
                    "{word}[{}]: {}{place}: {}",
                    self.code,
                    shown(&self.file),
                    shown(&self.message)
                ));
            }
        }
        Exit::Invalid
    }

    fn to_json(&self) -> Value {
        json!({
            "severity": "error",
            "code": self.code,
            "file": self.file,
            "path": self.path,
            "message": self.message,
        })
    }
}
