//! Who operates the platform.

use serde_json::json;

/// Somebody who operates the platform, and belongs to no tenant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operator {
    id: String,
}

impl Operator {
    /// Whoever sits at the machine and has its database.
    pub fn console() -> Self {
        Self { id: "console".to_owned() }
    }

    /// Whoever has shown the key of this id.
    pub(crate) fn with_key(id: &str) -> Self {
        Self { id: id.to_owned() }
    }

    /// As the log names them.
    pub(crate) fn subject(&self) -> String {
        json!({ "kind": "operator", "id": self.id }).to_string()
    }
}
