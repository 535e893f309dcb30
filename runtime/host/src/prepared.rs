//! What the host knows about a plan's handles, and the guest does not.

use alcove_plan::{
    action::Action,
    plan::Plan,
    query::{Hole, Limit},
};

/// The handles of one plan. Derived from a verified plan, shared by all its runs.
#[derive(Clone, Debug, Default)]
pub struct Prepared {
    /// One for each query of the plan, in its order.
    pub queries: Vec<PreparedQuery>,
    /// One for each action of the plan, in its order.
    pub actions: Vec<PreparedAction>,
}

/// What is checked about a query.
#[derive(Clone, Debug)]
pub struct PreparedQuery {
    /// What the guest supplies.
    pub holes: Vec<Hole>,
    /// The number of columns of a row.
    pub columns: usize,
    /// The largest number of rows; `None`: only the run's limit holds.
    pub rows_max: Option<u32>,
}

/// What is checked about an action.
#[derive(Clone, Debug)]
pub struct PreparedAction {
    /// What the guest supplies.
    pub holes: Vec<Hole>,
    /// The number of outputs.
    pub outputs: usize,
    /// The largest number of items of each loop around it, outermost first: indices are below these.
    pub loops: Vec<u32>,
    /// How many indices, counted from the outside, name the item that a failure ends; 0: it ends everything.
    pub recover_depth: u8,
    /// Whether the run gets a handle. False behind an approval that is not decided.
    pub available: bool,
    /// Which of [`RunLimits::counters`](crate::RunLimits::counters) counts its calls.
    pub counter: Option<usize>,
}

impl Prepared {
    /// Prepares the handles of a plan. `is_available` says whether an action may be performed in this run;
    /// `counter_of`, asked once for each action in the plan's order, which of the run's counters counts its calls.
    pub fn from_plan(
        plan: &Plan,
        is_available: impl Fn(&Action) -> bool,
        mut counter_of: impl FnMut(&Action) -> Option<usize>,
    ) -> Self {
        let queries = plan.queries.iter().map(|query| PreparedQuery {
            holes: query.holes.clone(),
            columns: query.fields.len(),
            rows_max: match query.limit {
                Limit::Rows(rows) | Limit::Default(rows) => Some(rows),
                Limit::All => None,
            },
        });
        let actions = plan.actions.iter().map(|action| PreparedAction {
            holes: action.holes().copied().collect(),
            outputs: action.outputs.len(),
            loops: action.loops.clone(),
            recover_depth: action.recover_depth,
            available: is_available(action),
            counter: counter_of(action),
        });
        Self { queries: queries.collect(), actions: actions.collect() }
    }
}
