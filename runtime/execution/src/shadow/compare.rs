//! What two versions do, side by side.

use alcove_catalog::Catalog;
use alcove_plan::{
    action::{Action, REQUEST_APPROVAL},
    plan::Plan,
    value::Value,
};

use super::{
    report::{ChangedEffect, EffectDifferences, ShadowEffect, json},
    session::{Seen, Session},
};
use crate::replay::Called;

impl Session {
    /// What the other version does otherwise.
    pub(super) fn differences(&self) -> EffectDifferences {
        let (now, then) = (&self.plan.plan, &self.recorded.plan);
        let mut left: Vec<(&Called, &Action)> = self
            .known
            .left()
            .into_iter()
            .filter_map(|call| Some((call, then.actions.get(usize::try_from(call.action).ok()?)?)))
            .filter(|(_, action)| is_effect(action))
            .collect();
        let mut differences = EffectDifferences::default();
        for seen in &self.seen {
            let Some(action) = now.actions.get(seen.action) else { continue };
            if seen.matched {
                differences.unchanged += 1;
                continue;
            }
            let effect = of_seen(now, action, seen);
            let same_place = left.iter().position(|(call, recorded)| {
                recorded.name == action.name
                    && call.indices == seen.indices
                    && is_same_place(now, action, then, recorded)
            });
            match same_place {
                Some(at) => {
                    let (call, _) = left.remove(at);
                    differences.changed.push(changed(effect, call, seen));
                }
                None => differences.added.push(effect),
            }
        }
        differences.removed = left.into_iter().map(|(call, action)| of_recorded(then, action, call)).collect();
        differences
    }
}

/// Whether an action changes anything.
fn is_effect(action: &Action) -> bool {
    let reads = Catalog::shipped().action(&action.name).is_some_and(|entry| entry.read_only);
    !reads && action.name != REQUEST_APPROVAL
}

/// By their ids, where they have any: what is put before an action moves its place, and not its id.
fn is_same_place(now: &Plan, action: &Action, then: &Plan, recorded: &Action) -> bool {
    match (&action.id, &recorded.id) {
        (Some(a), Some(b)) => a == b,
        _ => now.place(action.place) == then.place(recorded.place),
    }
}

fn changed(now: ShadowEffect, call: &Called, seen: &Seen) -> ChangedEffect {
    let none = Value::Null;
    let (then, is) = (call.params.as_ref().unwrap_or(&none), seen.params.as_ref().unwrap_or(&none));
    let mut differs: Vec<String> = [then, is]
        .into_iter()
        .filter_map(|params| if let Value::Record(record) = params { Some(record) } else { None })
        .flat_map(|record| record.members().map(|(name, _)| name.to_string()))
        .filter(|name| json(&then.member(name)) != json(&is.member(name)))
        .collect();
    differs.sort();
    differs.dedup();
    ChangedEffect { now, recorded: json(then), differs }
}

fn of_seen(plan: &Plan, action: &Action, seen: &Seen) -> ShadowEffect {
    ShadowEffect {
        path: plan.place(action.place).to_owned(),
        indices: seen.indices.clone(),
        action: action.name.clone(),
        params: seen.params.as_ref().map_or(serde_json::Value::Null, json),
    }
}

fn of_recorded(plan: &Plan, action: &Action, call: &Called) -> ShadowEffect {
    ShadowEffect {
        path: plan.place(action.place).to_owned(),
        indices: call.indices.clone(),
        action: action.name.clone(),
        params: call.params.as_ref().map_or(serde_json::Value::Null, json),
    }
}
