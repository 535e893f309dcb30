//! What the compiler says of an app.

use serde_json::Value;
use utoipa::ToSchema;

/// What the compiler says of an app, as it writes it.
#[derive(ToSchema)]
pub struct Diagnostics {
    /// Errors, warnings and hints; no errors: the app is valid.
    pub diagnostics: Vec<Diagnostic>,
}

/// One thing that the compiler says.
#[derive(ToSchema)]
pub struct Diagnostic {
    /// `error`, `warning` or `hint`.
    pub severity: String,
    /// The stable code.
    pub code: String,
    /// Where in the app: a JSON pointer.
    pub path: String,
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1.
    pub column: u32,
    /// For a person.
    pub message: String,
    /// What to write instead.
    pub suggestion: Option<String>,
    /// The change that would mend it: a JSON patch (RFC 6902).
    #[schema(value_type = Option<Vec<Object>>)]
    pub fix: Option<Value>,
}
