//! Something that an app remembers.

use alcove_store::tables::app_state::Entry;
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::{json::json, time::time};

/// Something that an app remembers from run to run.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct StateView {
    /// Its key.
    pub key: String,
    /// Its value: any JSON.
    #[schema(value_type = Value)]
    pub value: Option<Box<RawValue>>,
    /// When it was set last.
    pub updated_at: String,
}

impl From<Entry> for StateView {
    fn from(entry: Entry) -> Self {
        Self { key: entry.key, value: json(Some(entry.value)), updated_at: time(entry.updated_at) }
    }
}
