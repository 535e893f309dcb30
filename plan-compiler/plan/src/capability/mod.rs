//! The capability manifest: what a plan may touch, for people who must agree to it and for comparing two versions.
//!
//! It is derived from the host's section alone, which is what handles are prepared from: a guest can do no more than it
//! says. It is never part of a plan, so there is nothing to believe. Order does not depend on anything but content.

mod constant;
mod diff;
mod origin;

#[cfg(test)]
mod tests;

use alloc::{
    collections::{BTreeMap, BTreeSet},
    string::{String, ToString},
    vec::Vec,
};

use serde::Serialize;

pub use constant::Constant;
pub use diff::{CallsChange, Change, ManifestDiff, SetChange, TriggerChange};

use crate::{
    action::{Action, EMIT_EVENT, Param, ParamValue, REQUEST_APPROVAL},
    plan::Plan,
    query::{FilterNode, Query},
    trigger::Trigger,
};

/// What a plan may touch.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Manifest {
    /// What starts a run.
    pub trigger: Start,
    /// What is read, by connector.
    pub reads: BTreeMap<String, Read>,
    /// What is changed, by type of action; each use in the order of the plan.
    pub actions: BTreeMap<String, Vec<Use>>,
    /// Events that it causes itself. Those that its actions imply are known to the catalog.
    pub events: BTreeSet<String>,
    /// Origins (`https://example.com`) of constant URLs; a URL of which the origin is in doubt stands here whole.
    pub domains: BTreeSet<String>,
    /// Whether some URL is known at run time only: any origin then that the tenant's allow-list has.
    pub any_allowed_domain: bool,
    /// How many approvals it asks for.
    pub approvals: usize,
}

/// What starts a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Start {
    /// A person, or a call of the API.
    Manual,
    /// Each event of a type.
    Event {
        /// The type.
        event: String,
    },
    /// The clock.
    Scheduled {
        /// Five fields.
        cron: String,
        /// IANA name.
        timezone: String,
    },
    /// Some time after each event of a type.
    Delayed {
        /// The type.
        event: String,
        /// Milliseconds after the event, by the delay's id.
        after_ms: BTreeMap<String, u64>,
    },
}

/// What is read of one connector.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Read {
    /// Fields that the app sees.
    pub fields: BTreeSet<String>,
    /// Fields that decide which rows it sees.
    pub filtered_by: BTreeSet<String>,
    /// Fields that decide their order.
    pub sorted_by: BTreeSet<String>,
}

/// One use of a type of action.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Use {
    /// Where it stands in the config: a JSON pointer.
    pub place: String,
    /// The largest number of calls in a run that its loops allow.
    pub calls_max: u64,
    /// Whether it waits for an approval.
    pub behind_approval: bool,
    /// Constant parameters, by path. Keys inside objects are joined by dots; a key that is not plain is quoted.
    pub constants: BTreeMap<String, Constant>,
    /// The paths of the parameters that a run fills in.
    pub holes: BTreeSet<String>,
}

impl Manifest {
    /// What `plan` may touch.
    pub fn derive(plan: &Plan) -> Self {
        let mut manifest = Self {
            trigger: Start::of(&plan.trigger),
            reads: BTreeMap::new(),
            actions: BTreeMap::new(),
            events: BTreeSet::new(),
            domains: BTreeSet::new(),
            any_allowed_domain: false,
            approvals: 0,
        };
        plan.queries.iter().for_each(|query| manifest.add_query(query));
        plan.actions.iter().for_each(|action| manifest.add_action(action, plan));
        manifest
    }

    fn add_query(&mut self, query: &Query) {
        let read = self.reads.entry(query.connector.clone()).or_default();
        read.fields.extend(query.fields.iter().cloned());
        read.sorted_by.extend(query.sort.iter().map(|key| key.field.clone()));
        read.filtered_by.extend(query.filter.iter().filter_map(|node| match node {
            FilterNode::Test { field, .. } | FilterNode::Exists { field } => Some(field.clone()),
            FilterNode::And(_) | FilterNode::Or(_) | FilterNode::Not => None,
        }));
    }

    fn add_action(&mut self, action: &Action, plan: &Plan) {
        self.approvals += usize::from(action.name == REQUEST_APPROVAL);
        let mut constants = BTreeMap::new();
        let mut holes = BTreeSet::new();
        for param in &action.params {
            match &param.value {
                ParamValue::Literal(literal) => {
                    constants.insert(path_text(&param.path), Constant(literal.0.clone()));
                }
                ParamValue::Hole(_) => {
                    holes.insert(path_text(&param.path));
                }
            }
            self.add_reach(action, param);
        }
        let of_type = self.actions.entry(action.name.clone()).or_default();
        of_type.push(Use {
            place: plan.place(action.place).to_string(),
            calls_max: action.loops.iter().fold(1, |calls, items| calls.saturating_mul(u64::from(*items))),
            behind_approval: action.behind_approval,
            constants,
            holes,
        });
    }

    /// Events and domains that a parameter reaches.
    fn add_reach(&mut self, action: &Action, param: &Param) {
        let [name] = param.path.as_slice() else { return };
        let text = match &param.value {
            ParamValue::Literal(literal) => literal.0.as_str(),
            ParamValue::Hole(_) => None,
        };
        if name == "event" && action.name == EMIT_EVENT {
            self.events.extend(text.map(ToString::to_string));
        }
        if name == "url" {
            match text {
                Some(url) => self.domains.extend([origin::of(url)]),
                None => self.any_allowed_domain = true,
            }
        }
    }
}

impl Start {
    fn of(trigger: &Trigger) -> Self {
        match trigger {
            Trigger::Manual => Self::Manual,
            Trigger::Event { event } => Self::Event { event: event.clone() },
            Trigger::Scheduled { cron, timezone } => Self::Scheduled { cron: cron.clone(), timezone: timezone.clone() },
            Trigger::Delayed { event, delays } => Self::Delayed {
                event: event.clone(),
                after_ms: delays.iter().map(|delay| (delay.id.clone(), delay.after_ms)).collect(),
            },
        }
    }
}

/// A path as one text, in which no two paths are the same.
fn path_text(path: &[String]) -> String {
    let mut out = String::new();
    for (i, key) in path.iter().enumerate() {
        if i > 0 {
            out.push('.');
        }
        let is_plain = !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
        if is_plain { out.push_str(key) } else { crate::value::to_json(&key.as_str().into(), &mut out) }
    }
    out
}
