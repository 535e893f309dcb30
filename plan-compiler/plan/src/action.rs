//! Actions: what a plan changes, with holes for values.

use alloc::{string::String, vec::Vec};

use serde::{Deserialize, Serialize};

use crate::{
    bounded::bounded,
    codec::Literal,
    limits::{FIELDS_MAX, LOOP_DEPTH_MAX, PARAM_PATH_MAX},
    query::Hole,
    types::Type,
    value::Value,
};

/// The action that pauses a run until people have decided.
pub const REQUEST_APPROVAL: &str = "request_approval";
/// The action that causes an event. Its `event` is a constant, so that a plan says what it causes.
pub const EMIT_EVENT: &str = "emit_event";
/// What the names of events that apps cause begin with.
pub const CUSTOM_EVENT_PREFIX: &str = "custom.";

/// One prepared effect. The host turns it into a handle; the guest fills its holes and nothing else.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Action {
    /// The `id` of the config, if it has one.
    pub id: Option<String>,
    /// The type, by its name in the catalog; `emit_event` and `request_approval` too.
    pub name: String,
    /// Where it stands in the config: an index into the plan's places. Effect ids derive from it, so no two actions
    /// share a place.
    pub place: u32,
    /// Its parameters, leaf by leaf, in the order of the catalog.
    #[serde(deserialize_with = "bounded::<_, _, FIELDS_MAX>")]
    pub params: Vec<Param>,
    /// What it gives back, in the order of the catalog.
    #[serde(deserialize_with = "bounded::<_, _, FIELDS_MAX>")]
    pub outputs: Vec<Output>,
    /// The largest number of items of each loop around it, outermost first: the loop's own `items_max`, or the limit
    /// of the language, or less.
    #[serde(deserialize_with = "bounded::<_, _, LOOP_DEPTH_MAX>")]
    pub loops: Vec<u32>,
    /// How many of these loops, counted from the outside, end with the innermost one that continues on error; 0 if
    /// there is none. A failure takes with it the later calls of a batch whose first so many indices are the same.
    pub recover_depth: u8,
    /// Whether an approval in the same block, or in one around it, comes before it.
    pub behind_approval: bool,
    /// The config's own retry.
    pub retry: Option<Retry>,
    /// The config's own time-out.
    pub timeout_ms: Option<u32>,
}

/// One leaf of the parameters. Literal keys of nested objects are part of the path, so a guest cannot choose them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Param {
    /// The parameter's name, then the keys of literal objects inside it. No path is another, or the beginning of
    /// another.
    #[serde(deserialize_with = "bounded::<_, _, PARAM_PATH_MAX>")]
    pub path: Vec<String>,
    /// Its value.
    pub value: ParamValue,
}

/// The value of a parameter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ParamValue {
    /// Fixed by the plan.
    Literal(Literal),
    /// Supplied by the guest. Holes are numbered in the order of the parameters.
    Hole(Hole),
}

/// One output.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Output {
    /// Its name.
    pub name: String,
    /// Its type. Any output may also be null.
    pub ty: Type,
}

/// How often a transient failure is tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retry {
    /// Attempts altogether, 1 to 10.
    pub attempts_max: u8,
    /// The first pause.
    pub initial_delay_ms: u64,
    /// The longest pause.
    pub delay_max_ms: u64,
    /// By how much a pause grows, in hundredths.
    pub factor_percent: u32,
    /// Whether pauses are spread at random.
    pub jitter: bool,
}

impl Action {
    /// The holes in the order in which the guest fills them.
    pub fn holes(&self) -> impl Iterator<Item = &Hole> {
        self.params.iter().filter_map(|param| match &param.value {
            ParamValue::Hole(hole) => Some(hole),
            ParamValue::Literal(_) => None,
        })
    }

    /// The value that the plan fixes for a parameter as a whole.
    pub fn constant(&self, param: &str) -> Option<&Value> {
        self.params.iter().find_map(|leaf| match (leaf.path.as_slice(), &leaf.value) {
            ([name], ParamValue::Literal(Literal(value))) if name == param => Some(value),
            _ => None,
        })
    }
}
