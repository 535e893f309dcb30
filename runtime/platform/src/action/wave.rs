//! Which calls of many runs are performed together.
//!
//! Within a run effects happen in its order; between runs any order is right. So each run is cut into stretches of one
//! script; wave k takes the k-th stretch of every run, and the stretches of one wave that share a script are one group.

use std::sync::Arc;

use alcove_plan::{
    codec::Outcome,
    failure::{Code, Failure},
};
use alcove_store::SqlValue;

use super::{PreparedAction, perform::EffectCall, prepare::Performer, run::Run, verdict::Blocked};

/// Calls of one script, of any number of runs, in the order of the runs and of their calls.
#[derive(Debug)]
pub(super) struct Group {
    /// Whose script; the actions of the calls may differ in what is constant.
    pub(super) action: Arc<PreparedAction>,
    pub(super) members: Vec<Member>,
}

/// One call of a group.
#[derive(Debug)]
pub(super) struct Member {
    /// The position of its run.
    pub(super) run: usize,
    /// Its position among the run's calls.
    pub(super) at: usize,
    /// Its row, or why it has none.
    pub(super) row: Result<Vec<SqlValue>, Failure>,
    /// What becomes of it instead, if a quota withholds it.
    pub(super) withheld: Option<Outcome>,
}

/// The calls in groups, each after all that it has to follow.
pub(super) fn groups(runs: &[Run<'_>]) -> Vec<Group> {
    let segments: Vec<Vec<&[usize]>> = runs.iter().map(Run::segments).collect();
    let waves = segments.iter().map(Vec::len).max().unwrap_or(0);
    let mut groups: Vec<Group> = Vec::new();
    for wave in 0..waves {
        let mut of_wave: Vec<Group> = Vec::new();
        for (run_at, (run, segments)) in runs.iter().zip(&segments).enumerate() {
            let calls = segments.get(wave).into_iter().flat_map(|segment| segment.iter());
            for (at, call) in calls.filter_map(|at| Some((*at, run.calls.get(*at)?))) {
                let row = call.action.row(run.scope, &call.effect_id, &call.values);
                let withheld = run.allowance.withheld.get(&at).cloned();
                add(&mut of_wave, call, Member { run: run_at, at, row, withheld });
            }
        }
        groups.append(&mut of_wave);
    }
    groups
}

fn add(groups: &mut Vec<Group>, call: &EffectCall, member: Member) {
    match groups.iter_mut().find(|group| group.action.shares_script_with(&call.action)) {
        Some(group) => group.members.push(member),
        None => groups.push(Group { action: Arc::clone(&call.action), members: vec![member] }),
    }
}

impl Member {
    /// What becomes of the call without a look at the database; `None`: that is for the database to say.
    pub(super) fn foregone(&self, call: &EffectCall, blocked: &Blocked) -> Option<Outcome> {
        if blocked.holds(call) {
            return Some(Outcome::NotPerformed);
        }
        if let Some(withheld) = &self.withheld {
            return Some(withheld.clone());
        }
        match (&self.row, call.action.performer()) {
            (Err(failure), _) => Some(Outcome::Failed(failure.clone())),
            (Ok(_), Performer::Tables) => None,
            (Ok(_), Performer::Approval) => Some(Outcome::Suspended),
            (Ok(_), Performer::Ai | Performer::Http | Performer::Api) => {
                let message = format!("`{}` is not performed on the platform's tables", call.action.name());
                Some(Outcome::Failed(Failure::new(Code::Internal, message)))
            }
        }
    }
}
