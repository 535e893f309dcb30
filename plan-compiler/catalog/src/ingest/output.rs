//! Outputs of actions that somebody else performs.

use alcove_plan::value::Value;

use super::{
    IngestError,
    typed::{Place, typed},
};
use crate::OutputSpec;

/// Reads an output of an action.
pub fn output(json: &serde_json::Value, action: &str, spec: &OutputSpec) -> Result<Value, IngestError> {
    typed(json, spec.ty, Place { owner: action, field: &spec.name, depth: 0 })
}
