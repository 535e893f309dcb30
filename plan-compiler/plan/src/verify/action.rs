//! Actions by themselves: parameters, outputs, place. `flow` checks what they say about the flow.

use alloc::{
    collections::BTreeSet,
    string::{String, ToString},
    vec::Vec,
};

use super::{At, Fault, VerifyError, limits, tables};
use crate::{
    action::{Action, CUSTOM_EVENT_PREFIX, EMIT_EVENT, Param, ParamValue},
    limits::{FIELDS_MAX, LOOP_DEPTH_MAX, PARAM_PATH_MAX},
    plan::Plan,
};

/// Checks all actions of the host's section.
pub(super) fn check(plan: &Plan) -> Result<(), VerifyError> {
    let mut places = BTreeSet::new();
    for (i, action) in plan.actions.iter().enumerate() {
        one(action, At::Action(i))?;
        tables::index("place", action.place, plan.places.len(), At::Action(i))?;
        let place = plan.place(action.place);
        if !places.insert(place) {
            return Err(Fault::SharedPlace(place.to_string()).at(At::Action(i)));
        }
    }
    Ok(())
}

fn one(action: &Action, at: At) -> Result<(), VerifyError> {
    tables::name("type of the action", &action.name, at)?;
    action.id.as_deref().map_or(Ok(()), |id| tables::name("id", id, at))?;
    params(&action.params, at)?;
    tables::at_most("outputs", action.outputs.len(), FIELDS_MAX, at)?;
    let mut names = BTreeSet::new();
    for output in &action.outputs {
        tables::name("name of an output", &output.name, at)?;
        tables::once(&mut names, "output", &output.name, at)?;
    }
    tables::at_most("loops", action.loops.len(), LOOP_DEPTH_MAX, at)?;
    action.timeout_ms.map_or(Ok(()), |timeout_ms| limits::timeout(timeout_ms, at))?;
    action.retry.as_ref().map_or(Ok(()), |retry| limits::retry(retry, at))?;
    if action.name == EMIT_EVENT && !emits_own_event(action) {
        return Err(Fault::OpenEvent.at(at));
    }
    Ok(())
}

/// Paths are a set without prefixes: otherwise what is shown and what is performed could differ.
fn params(params: &[Param], at: At) -> Result<(), VerifyError> {
    tables::at_most("parameters", params.len(), FIELDS_MAX, at)?;
    for param in params {
        if param.path.is_empty() {
            return Err(Fault::Empty("name of a parameter").at(at));
        }
        tables::at_most("keys in the path of a parameter", param.path.len(), PARAM_PATH_MAX, at)?;
        param.path.iter().try_for_each(|key| tables::text(key, at))?;
        if let ParamValue::Literal(literal) = &param.value {
            tables::value(&literal.0, at)?;
        }
    }
    // In order, a path is followed by itself or by one that it begins, if there are any.
    let mut sorted: Vec<&[String]> = params.iter().map(|param| param.path.as_slice()).collect();
    sorted.sort_unstable();
    let overlapping = sorted.iter().zip(sorted.iter().skip(1)).find(|(path, next)| next.starts_with(path));
    overlapping.map_or(Ok(()), |(path, _)| Err(Fault::ParamOverlaps(path.join(".")).at(at)))
}

fn emits_own_event(action: &Action) -> bool {
    action.params.iter().any(|param| match (param.path.as_slice(), &param.value) {
        ([name], ParamValue::Literal(literal)) => {
            name == "event" && literal.0.as_str().is_some_and(|event| event.starts_with(CUSTOM_EVENT_PREFIX))
        }
        _ => false,
    })
}
