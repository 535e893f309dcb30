//! What approvers change: parameters of calls that they were shown.
//!
//! A changed parameter is a constant of a plan made for this one call, and is held against the catalog as any plan is:
//! an approver can change values, and nothing that an app could not have said itself.

use std::{collections::BTreeMap, sync::Arc};

use alcove_catalog::ParamKind;
use alcove_journal::entry::Edit;
use alcove_plan::{
    action::{Action, ParamValue},
    codec::Literal,
    value::Value,
};
use alcove_platform::{Platform, PrepareError, PreparedAction};

use crate::LoadedPlan;

/// Edits that one decision may make.
pub const EDITS_MAX: usize = 1_000;

/// Why a decision may not change what it wants to change.
#[derive(Debug, thiserror::Error)]
pub enum EditError {
    /// More than anybody reads.
    #[error("a decision changes at most {EDITS_MAX} parameters, not {given}")]
    TooMany {
        /// How many.
        given: usize,
    },
    /// Nothing that the approver was shown.
    #[error("action {action} is not behind an approval")]
    NotBehindApproval {
        /// The position among the plan's actions.
        action: u32,
    },
    /// Not an iteration of the loops around the action.
    #[error(
        "action {action} at `{path}` has no iteration {indices:?}: the loops around it have {loops:?} items at most"
    )]
    Indices {
        /// The position among the plan's actions.
        action: u32,
        /// Where it stands in the config.
        path: String,
        /// What was asked for.
        indices: Vec<u32>,
        /// Items of the loops, outermost first.
        loops: Vec<u32>,
    },
    /// The plan gives no such parameter.
    #[error("the call at `{path}` has no parameter `{param}`; only what was shown can be changed")]
    NoParam {
        /// Where it stands in the config.
        path: String,
        /// The path of the parameter.
        param: String,
    },
    /// The name of a secret.
    #[error("the parameter `{param}` of the call at `{path}` names a secret, which no approver changes")]
    Secret {
        /// Where it stands in the config.
        path: String,
        /// The path of the parameter.
        param: String,
    },
    /// A parameter that is changed twice.
    #[error("the parameter `{param}` of the call at `{path}` is changed twice")]
    Twice {
        /// Where it stands in the config.
        path: String,
        /// The path of the parameter.
        param: String,
    },
    /// The catalog refuses the value.
    #[error("the call at `{path}` refuses the change: {source}")]
    Refused {
        /// Where it stands in the config.
        path: String,
        /// Why.
        source: PrepareError,
    },
}

/// Calls that approvers have changed.
#[derive(Debug, Default)]
pub(super) struct Edits(BTreeMap<(u32, Vec<u32>), Edited>);

/// One changed call.
#[derive(Debug)]
pub(super) struct Edited {
    action: Arc<PreparedAction>,
    /// For each hole of the plan's action whether it is still one.
    kept: Vec<bool>,
}

impl Edits {
    /// What was changed about a call.
    pub(super) fn of(&self, action: u32, indices: &[u32]) -> Option<&Edited> {
        if self.0.is_empty() {
            return None;
        }
        self.0.get(&(action, indices.to_vec()))
    }
}

impl Edited {
    /// The changed action.
    pub(super) fn action(&self) -> Arc<PreparedAction> {
        Arc::clone(&self.action)
    }

    /// The values that still fill holes.
    pub(super) fn values(&self, values: Vec<Value>) -> Vec<Value> {
        values.into_iter().zip(&self.kept).filter(|(_, kept)| **kept).map(|(value, _)| value).collect()
    }
}

/// Whether a decision may make these changes to runs of a plan: each names a parameter of a call behind an approval, in
/// an iteration that there can be, and gives it a value that the catalog takes.
pub fn validate_edits(platform: &Platform, plan: &LoadedPlan, edits: &[Edit]) -> Result<(), EditError> {
    apply(platform, plan, edits).map(drop)
}

/// Makes the changed calls.
pub(super) fn apply(platform: &Platform, plan: &LoadedPlan, edits: &[Edit]) -> Result<Edits, EditError> {
    if edits.len() > EDITS_MAX {
        return Err(EditError::TooMany { given: edits.len() });
    }
    let mut of_call: BTreeMap<(u32, Vec<u32>), Vec<&Edit>> = BTreeMap::new();
    for edit in edits {
        of_call.entry((edit.action, edit.indices.clone())).or_default().push(edit);
    }
    let changed = of_call.into_iter().map(|(call, edits)| {
        let edited = apply_to_call(platform, plan, &call, &edits)?;
        Ok((call, edited))
    });
    changed.collect::<Result<_, _>>().map(Edits)
}

fn apply_to_call(
    platform: &Platform,
    plan: &LoadedPlan,
    (position, indices): &(u32, Vec<u32>),
    edits: &[&Edit],
) -> Result<Edited, EditError> {
    let at = usize::try_from(*position).unwrap_or(usize::MAX);
    let found = plan.plan.actions.get(at).filter(|action| action.behind_approval).zip(plan.actions.get(at));
    let (action, prepared) = found.ok_or(EditError::NotBehindApproval { action: *position })?;
    let path = || plan.plan.place(action.place).to_owned();
    if indices.len() != action.loops.len() || !indices.iter().zip(&action.loops).all(|(index, items)| index < items) {
        let (indices, loops) = (indices.clone(), action.loops.clone());
        return Err(EditError::Indices { action: *position, path: path(), indices, loops });
    }
    let mut changed = action.clone();
    let mut set = vec![false; changed.params.len()];
    for edit in edits {
        let param = || edit.path.join(".");
        let leaf = changed.params.iter_mut().zip(&mut set).find(|(leaf, _)| leaf.path == edit.path);
        let (leaf, set) = leaf.ok_or_else(|| EditError::NoParam { path: path(), param: param() })?;
        let spec = leaf.path.first().and_then(|name| prepared.entry().param(name));
        if spec.is_some_and(|spec| spec.kind == ParamKind::Secret) {
            return Err(EditError::Secret { path: path(), param: param() });
        }
        if std::mem::replace(set, true) {
            return Err(EditError::Twice { path: path(), param: param() });
        }
        leaf.value = ParamValue::Literal(Literal(edit.value.clone()));
    }
    let prepared = platform.prepare_action(&changed).map_err(|source| EditError::Refused { path: path(), source })?;
    Ok(Edited { action: prepared, kept: holes_kept(action, &set) })
}

/// For each hole of the action whether it was left as it is. `set`: for each parameter whether it was changed.
fn holes_kept(action: &Action, set: &[bool]) -> Vec<bool> {
    let holes = action.params.iter().zip(set).filter(|(leaf, _)| matches!(leaf.value, ParamValue::Hole(_)));
    holes.map(|(_, set)| !set).collect()
}
