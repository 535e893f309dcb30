//! The host's section of a plan.

use alloc::{string::String, vec::Vec};

use serde::{Deserialize, Serialize};

use crate::{
    action::Action,
    bounded::bounded,
    limits::{NODES_MAX, QUERIES_MAX, TABLE_MAX},
    query::Query,
    settings::Settings,
    trigger::Trigger,
};

/// Everything that the host must know to prepare and to govern runs. Never shown to the guest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// The app's name.
    pub name: String,
    /// The app's own version text.
    pub version: String,
    /// The version of the builtins' semantics that the plan was made for.
    pub builtins_version: u16,
    /// What starts a run.
    pub trigger: Trigger,
    /// Settings.
    pub settings: Settings,
    /// What may be read.
    #[serde(deserialize_with = "bounded::<_, _, QUERIES_MAX>")]
    pub queries: Vec<Query>,
    /// What may be changed.
    #[serde(deserialize_with = "bounded::<_, _, NODES_MAX>")]
    pub actions: Vec<Action>,
    /// Places in the config: JSON pointers (RFC 6901). The first is the root, `""`.
    #[serde(deserialize_with = "bounded::<_, _, TABLE_MAX>")]
    pub places: Vec<String>,
}

impl Plan {
    /// The JSON pointer of a place; the root for an index that is out of range.
    pub fn place(&self, index: u32) -> &str {
        usize::try_from(index).ok().and_then(|i| self.places.get(i)).map_or("", String::as_str)
    }
}
