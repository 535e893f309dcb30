//! Two manifests side by side: what a new version of an app may touch that the old one might not, and the other way
//! round.

use alloc::{
    collections::{BTreeMap, BTreeSet},
    format,
    string::{String, ToString},
    vec::Vec,
};

use serde::Serialize;

use super::{Manifest, Start, Use};

/// How what may be touched has changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// Not at all.
    #[default]
    Equal,
    /// Something is gone, and nothing has come.
    Narrower,
    /// Something has come, whatever is gone.
    Wider,
}

/// What has changed from one manifest to another, kind by kind.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ManifestDiff {
    /// All kinds together: wider if one is.
    pub change: Change,
    /// What starts a run.
    pub trigger: TriggerChange,
    /// Fields that the app sees, as `connector.field`.
    pub reads: SetChange,
    /// Fields that decide which rows it sees and in which order, as `connector.field`.
    pub filters: SetChange,
    /// Types of actions.
    pub actions: SetChange,
    /// Parameters that a run fills in, as `action.parameter`: the others are constant.
    pub open_params: SetChange,
    /// Constant parameters, as `action.parameter=value`.
    pub constants: SetChange,
    /// Types of actions that are performed without an approval before them.
    pub without_approval: SetChange,
    /// Events that it causes itself.
    pub events: SetChange,
    /// Origins of its URLs; `*`: also any that the tenant's allow-list has.
    pub domains: SetChange,
    /// The largest numbers of calls in a run.
    pub calls: CallsChange,
}

/// What has come and gone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SetChange {
    /// How it has changed.
    pub change: Change,
    /// What was not there before.
    pub added: Vec<String>,
    /// What is not there any more.
    pub removed: Vec<String>,
}

/// Another trigger is neither more nor less, and must be agreed to: it counts as wider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TriggerChange {
    /// How it has changed.
    pub change: Change,
    /// What it was.
    pub from: Start,
    /// What it is.
    pub to: Start,
}

/// How often actions may be called in a run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct CallsChange {
    /// How it has changed.
    pub change: Change,
    /// What it was and is, by the action, where it differs.
    pub actions: BTreeMap<String, (u64, u64)>,
}

impl ManifestDiff {
    /// What has changed from one manifest to the other.
    pub fn between(from: &Manifest, to: &Manifest) -> Self {
        let sets = |part: fn(&Manifest) -> BTreeSet<String>| SetChange::between(&part(from), &part(to));
        let mut diff = Self {
            change: Change::Equal,
            trigger: TriggerChange::between(&from.trigger, &to.trigger),
            reads: sets(reads),
            filters: sets(filters),
            actions: sets(|manifest| manifest.actions.keys().cloned().collect()),
            open_params: sets(|manifest| of_uses(manifest, |one| one.holes.iter().cloned().collect())),
            constants: sets(|manifest| of_uses(manifest, constants)),
            without_approval: sets(without_approval),
            events: sets(|manifest| manifest.events.clone()),
            domains: sets(domains),
            calls: CallsChange::between(&calls(from), &calls(to)),
        };
        let kinds = [
            diff.trigger.change,
            diff.reads.change,
            diff.filters.change,
            diff.actions.change,
            diff.open_params.change,
            diff.constants.change,
            diff.without_approval.change,
            diff.events.change,
            diff.domains.change,
            diff.calls.change,
        ];
        diff.change = kinds.into_iter().max().unwrap_or_default();
        diff
    }
}

impl Change {
    fn of(has_come: bool, is_gone: bool) -> Self {
        match (has_come, is_gone) {
            (true, _) => Self::Wider,
            (false, true) => Self::Narrower,
            (false, false) => Self::Equal,
        }
    }
}

impl SetChange {
    fn between(from: &BTreeSet<String>, to: &BTreeSet<String>) -> Self {
        let added: Vec<String> = to.difference(from).cloned().collect();
        let removed: Vec<String> = from.difference(to).cloned().collect();
        Self { change: Change::of(!added.is_empty(), !removed.is_empty()), added, removed }
    }
}

impl TriggerChange {
    fn between(from: &Start, to: &Start) -> Self {
        Self { change: Change::of(from != to, false), from: from.clone(), to: to.clone() }
    }
}

impl CallsChange {
    fn between(from: &BTreeMap<String, u64>, to: &BTreeMap<String, u64>) -> Self {
        let of = |calls: &BTreeMap<String, u64>, action: &String| calls.get(action).copied().unwrap_or(0);
        let all: BTreeSet<&String> = from.keys().chain(to.keys()).collect();
        let pairs = all.into_iter().map(|action| (action.clone(), (of(from, action), of(to, action))));
        let actions: BTreeMap<String, (u64, u64)> = pairs.filter(|(_, (before, after))| before != after).collect();
        let more = actions.values().any(|(before, after)| after > before);
        let fewer = actions.values().any(|(before, after)| after < before);
        Self { change: Change::of(more, fewer), actions }
    }
}

fn reads(manifest: &Manifest) -> BTreeSet<String> {
    let fields = manifest.reads.iter().flat_map(|(name, read)| read.fields.iter().map(move |field| (name, field)));
    fields.map(|(name, field)| format!("{name}.{field}")).collect()
}

fn filters(manifest: &Manifest) -> BTreeSet<String> {
    let fields = manifest.reads.iter().flat_map(|(name, read)| {
        read.filtered_by.iter().chain(&read.sorted_by).map(move |field| format!("{name}.{field}"))
    });
    fields.collect()
}

/// Something of each use of each action, as `action.…`.
fn of_uses(manifest: &Manifest, part: fn(&Use) -> Vec<String>) -> BTreeSet<String> {
    let uses = manifest.actions.iter().flat_map(|(name, uses)| uses.iter().map(move |one| (name, one)));
    uses.flat_map(|(name, one)| part(one).into_iter().map(move |text| format!("{name}.{text}"))).collect()
}

fn constants(one: &Use) -> Vec<String> {
    let constants = one.constants.iter().map(|(path, constant)| {
        let mut text = format!("{path}=");
        crate::value::to_json(&constant.0, &mut text);
        text
    });
    constants.collect()
}

fn without_approval(manifest: &Manifest) -> BTreeSet<String> {
    let open = manifest.actions.iter().filter(|(_, uses)| uses.iter().any(|one| !one.behind_approval));
    open.map(|(name, _)| name.clone()).collect()
}

fn domains(manifest: &Manifest) -> BTreeSet<String> {
    let any = manifest.any_allowed_domain.then(|| "*".to_string());
    manifest.domains.iter().cloned().chain(any).collect()
}

fn calls(manifest: &Manifest) -> BTreeMap<String, u64> {
    let sum = |uses: &Vec<Use>| uses.iter().fold(0_u64, |sum, one| sum.saturating_add(one.calls_max));
    manifest.actions.iter().map(|(name, uses)| (name.clone(), sum(uses))).collect()
}

#[cfg(test)]
mod tests {
    use std::{string::String, vec::Vec};

    use super::*;
    use crate::{plan::Plan, trigger::Trigger, verify::tests::sample::sample};

    fn changed(change: impl FnOnce(&mut Plan)) -> ManifestDiff {
        let (plan, _) = sample();
        let mut other = plan.clone();
        change(&mut other);
        ManifestDiff::between(&Manifest::derive(&plan), &Manifest::derive(&other))
    }

    fn words(words: &[&str]) -> Vec<String> {
        words.iter().map(|&word| word.into()).collect()
    }

    #[test]
    fn a_plan_touches_what_it_touches() {
        let diff = changed(|_| {});
        assert_eq!(diff.change, Change::Equal);
        assert_eq!((diff.reads, diff.actions), (SetChange::default(), SetChange::default()));
        assert_eq!(diff.calls, CallsChange::default());
    }

    #[test]
    fn a_field_more_is_wider_and_one_less_is_narrower() {
        let more = changed(|plan| plan.queries[0].fields.push("bio".into()));
        assert_eq!(
            (more.change, more.reads.change, more.reads.added),
            (Change::Wider, Change::Wider, words(&["users.bio"]))
        );
        let less = changed(|plan| {
            for query in &mut plan.queries {
                query.fields.retain(|field| field != "email");
            }
        });
        assert_eq!((less.change, less.reads.removed), (Change::Narrower, words(&["users.email"])));
        assert_eq!(less.actions.change, Change::Equal);
    }

    #[test]
    fn one_thing_for_another_is_wider() {
        let other = changed(|plan| plan.actions[0].name = "send_notification".into());
        assert_eq!(
            (other.actions.added, other.actions.removed),
            (words(&["send_notification"]), words(&["send_email"]))
        );
        assert_eq!((other.change, other.actions.change), (Change::Wider, Change::Wider));
    }

    #[test]
    fn an_approval_that_is_gone_is_wider_and_one_that_has_come_is_narrower() {
        let gone = changed(|plan| plan.actions.iter_mut().for_each(|action| action.behind_approval = false));
        assert_eq!((gone.change, gone.without_approval.change), (Change::Wider, Change::Wider));
        let come = changed(|plan| plan.actions.iter_mut().for_each(|action| action.behind_approval = true));
        assert_eq!((come.change, come.without_approval.change), (Change::Narrower, Change::Narrower));
    }

    #[test]
    fn a_larger_loop_is_wider_and_a_smaller_one_narrower() {
        let resized = |items: u32| {
            changed(|plan| plan.actions.iter_mut().flat_map(|action| &mut action.loops).for_each(|size| *size = items))
        };
        assert_eq!(resized(u32::MAX).calls.change, Change::Wider);
        let smaller = resized(1);
        assert_eq!((smaller.change, smaller.calls.change), (Change::Narrower, Change::Narrower));
        assert_eq!(smaller.calls.actions["award_badge"], (500_000, 1));
    }

    #[test]
    fn another_trigger_must_be_agreed_to() {
        let manual = changed(|plan| plan.trigger = Trigger::Manual);
        assert_eq!((manual.change, manual.trigger.change), (Change::Wider, Change::Wider));
        assert_eq!(manual.trigger.to, Start::Manual);
    }
}
