//! What of a run's values people may read in its log: as the app's `log_values` allows.

use alcove_catalog::{Action as Entry, Catalog, ParamKind};
use alcove_plan::{
    action::{Param, ParamValue},
    settings::LogValues,
    types::{Kind, Type},
    value::Value,
};
use alcove_platform::EffectCall;

use crate::LoadedPlan;

/// What stands for a value that may be personal data.
const REDACTED: &str = "[redacted]";

/// The parameters of a call, as they may be shown; null: not at all.
pub(super) fn params(plan: &LoadedPlan, place: u32, call: &EffectCall, params: &Value) -> Value {
    match plan.plan.settings.log_values {
        LogValues::Full => params.clone(),
        LogValues::None => Value::Null,
        LogValues::Redacted => {
            let action = usize::try_from(place).ok().and_then(|at| plan.plan.actions.get(at));
            let leaves = action.map_or(&[][..], |action| &action.params);
            redact(call.action.entry(), leaves, &mut Vec::new(), params)
        }
    }
}

/// The outputs of a call as an object, as they may be shown; null: not at all.
pub(super) fn outputs(log_values: LogValues, entry: &Entry, outputs: &[Value]) -> Value {
    match log_values {
        LogValues::None => Value::Null,
        LogValues::Full => {
            let members = entry.outputs.iter().zip(outputs);
            Value::object(members.map(|(output, value)| (output.name.as_str(), value.clone())))
        }
        LogValues::Redacted => {
            let members = entry.outputs.iter().zip(outputs).map(|(output, value)| {
                let name = output.name.as_str();
                let harmless = tells_little(output.ty.ty) || name == "id" || name.ends_with("_id");
                (name, if harmless { value.clone() } else { redacted(value) })
            });
            Value::object(members)
        }
    }
}

/// Goes down to the leaves that the plan builds the parameters from.
fn redact(entry: &Entry, leaves: &[Param], path: &mut Vec<String>, value: &Value) -> Value {
    if let Some(leaf) = leaves.iter().find(|leaf| leaf.path == *path) {
        return if is_harmless(entry, leaf) { value.clone() } else { redacted(value) };
    }
    match value {
        Value::Record(record) => {
            let mut members = Vec::new();
            for (name, value) in record.members() {
                path.push(name.to_string());
                members.push((name.clone(), redact(entry, leaves, path, value)));
                path.pop();
            }
            Value::object(members)
        }
        // What the plan does not say where it comes from may be anything.
        value => redacted(value),
    }
}

/// Whether no personal data can be in a parameter: the author wrote it, it names a row or decides what happens, or it
/// is written to a field of which the catalog says so.
fn is_harmless(entry: &Entry, leaf: &Param) -> bool {
    let ParamValue::Hole(hole) = &leaf.value else { return true };
    let Some(spec) = leaf.path.first().and_then(|name| entry.param(name)) else { return false };
    if let Some(connector) = &spec.writes {
        let field = leaf.path.get(1).map(String::as_str).unwrap_or_default();
        let field = Catalog::shipped().connector(connector).and_then(|connector| connector.field(field));
        return field.is_some_and(|field| !field.pii);
    }
    matches!(spec.kind, ParamKind::Id | ParamKind::Plain) || tells_little(hole.ty)
}

/// Whether values of the type tell nothing about anybody by themselves.
fn tells_little(ty: Type) -> bool {
    matches!(ty, Type::One(Kind::Int | Kind::Num | Kind::Bool | Kind::Time))
}

fn redacted(value: &Value) -> Value {
    if value.is_null() { Value::Null } else { Value::str(REDACTED) }
}
