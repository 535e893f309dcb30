//! What a plan does, for people: what it may touch, what is pushed down into connectors, what the sandbox does, and how
//! each action is sent.
//!
//! Everything is read off the plan itself, so that a plan without its config can be explained too.

mod disassembly;
mod expression;
mod flow;
mod form;
mod human;
mod query;

use alcove_catalog::Catalog;
use alcove_plan::{capability::Manifest, plan::Plan, program::Program};
use serde::Serialize;

pub use disassembly::disassemble;
pub use flow::ActionPlan;
pub use query::{EntityPlan, QueryPlan, StepPlan};

use expression::Names;

/// An explained plan.
#[derive(Clone, Debug, Serialize)]
pub struct Explanation {
    /// The app's name.
    pub name: String,
    /// What the plan may touch.
    pub capabilities: Manifest,
    /// The trigger's filter, as text.
    pub filter: Option<String>,
    /// Rows that the event names.
    pub entities: Vec<EntityPlan>,
    /// The pipeline.
    pub steps: Vec<StepPlan>,
    /// The actions, in the order of the config.
    pub actions: Vec<ActionPlan>,
}

/// Explains a plan that has been verified. The catalog adds guarantees and quota classes.
pub fn explain(plan: &Plan, program: &Program, catalog: &Catalog) -> Explanation {
    let names = Names::new(plan, program, catalog);
    Explanation {
        name: plan.name.clone(),
        capabilities: Manifest::derive(plan),
        filter: program.filter.map(|filter| names.text(filter)),
        entities: query::entities(plan, program, &names),
        steps: query::steps(plan, program, &names),
        actions: flow::actions(plan, program, catalog, &names),
    }
}

impl Explanation {
    /// The explanation as text for a terminal.
    pub fn render_human(&self) -> String {
        human::render(self)
    }
}
