//! What the compiler says about a config.

mod human;
mod json;
mod nearest;

pub use human::render_human;
pub use json::to_json;
pub use nearest::{closest, did_you_mean, list, nearest, suggestion};

use crate::{codes::Code, source::Loc};

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// There is no plan.
    Error,
    /// There is a plan, but a person should look.
    Warning,
    /// Could be better.
    Hint,
}

impl Severity {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Hint => "hint",
        }
    }
}

/// One complaint.
#[derive(Clone, Debug, PartialEq)]
pub struct Diagnostic {
    /// Its stable code; it also gives the severity.
    pub code: Code,
    /// Where: see `app-config` for which place each kind of complaint has.
    pub loc: Loc,
    /// What is wrong: one sentence, lower case, no full stop.
    pub message: String,
    /// What to do, or what was probably meant.
    pub suggestion: Option<String>,
    /// A replacement that mends it.
    pub fix: Option<Fix>,
}

/// A JSON patch (RFC 6902) of one operation at the diagnostic's own pointer, or beside it.
#[derive(Clone, Debug, PartialEq)]
pub enum Fix {
    /// Replace the value at a pointer by a string.
    Replace {
        /// Where.
        pointer: String,
        /// By what.
        value: String,
    },
    /// Move a member, which renames its key.
    Rename {
        /// From where.
        from: String,
        /// To where.
        to: String,
    },
    /// Remove the value at a pointer.
    Remove {
        /// Where.
        pointer: String,
    },
}

/// A character as a message shows it.
pub(crate) fn shown(c: char) -> String {
    match c {
        '"' | '\'' => format!("`{c}`"),
        other => format!("`{}`", other.escape_debug()),
    }
}

/// The complaints of one compile, in the order in which they were found; sorted by place before anybody sees them.
#[derive(Debug, Default)]
pub struct Sink {
    diagnostics: Vec<Diagnostic>,
}

impl Sink {
    /// Adds one.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Adds one without suggestion or fix.
    pub fn report(&mut self, code: Code, loc: &Loc, message: impl Into<String>) {
        self.push(Diagnostic { code, loc: loc.clone(), message: message.into(), suggestion: None, fix: None });
    }

    /// Adds one with a suggestion.
    pub fn suggest(&mut self, code: Code, loc: &Loc, message: impl Into<String>, suggestion: impl Into<String>) {
        self.push(Diagnostic {
            code,
            loc: loc.clone(),
            message: message.into(),
            suggestion: Some(suggestion.into()),
            fix: None,
        });
    }

    /// Adds those of another sink.
    pub fn append(&mut self, mut other: Self) {
        self.diagnostics.append(&mut other.diagnostics);
    }

    /// Whether one of them is an error.
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(|diagnostic| diagnostic.code.severity() == Severity::Error)
    }

    /// All of them, by place, then in the order in which they were found. Hints are for a config that compiles.
    pub fn into_sorted(mut self) -> Vec<Diagnostic> {
        if self.has_errors() {
            self.diagnostics.retain(|diagnostic| diagnostic.code.severity() != Severity::Hint);
        }
        self.diagnostics.sort_by_key(|diagnostic| diagnostic.loc.span);
        self.diagnostics
    }
}
