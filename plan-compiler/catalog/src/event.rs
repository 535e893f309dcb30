//! Events: what can start a run.

use serde::Deserialize;

use crate::TypeName;

/// One type of event. All carry `id` (string), `type` (string) and `timestamp` besides their fields.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// The name that configs use, such as `user.created`.
    pub name: String,
    /// One sentence for people who choose an event.
    pub summary: String,
    /// The fields of its payload.
    pub fields: Vec<EventField>,
}

/// One field of a payload.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventField {
    /// Its name.
    pub name: String,
    /// Its type.
    #[serde(rename = "type")]
    pub ty: TypeName,
    /// Whether it is personal data.
    #[serde(default)]
    pub pii: bool,
}

impl Event {
    /// A field by its name.
    pub fn field(&self, name: &str) -> Option<&EventField> {
        self.fields.iter().find(|field| field.name == name)
    }
}
