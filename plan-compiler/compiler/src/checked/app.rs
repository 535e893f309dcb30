//! The app.

use std::{collections::BTreeSet, sync::Arc};

use alcove_plan::{settings::Settings, trigger::Trigger};

use super::{Block, Expr, LayoutId, Layouts, Query, Step, VarId};

/// A place in the config: a JSON pointer.
pub(crate) type Place = Arc<str>;

/// A checked app.
#[derive(Clone, Debug)]
pub(crate) struct App {
    /// Its name.
    pub(crate) name: String,
    /// Its own version text.
    pub(crate) version: String,
    /// What starts a run.
    pub(crate) trigger: Trigger,
    /// Settings, with every default filled in.
    pub(crate) settings: Settings,
    /// The members of the event, where they are known.
    pub(crate) event: Option<LayoutId>,
    /// The trigger's filter.
    pub(crate) filter: Option<Expr>,
    /// The delays.
    pub(crate) delays: Vec<DelayGate>,
    /// Rows that the event names and templates use.
    pub(crate) entities: Vec<Entity>,
    /// The pipeline.
    pub(crate) steps: Vec<Step>,
    /// The actions.
    pub(crate) actions: Block,
    /// The widgets.
    pub(crate) widgets: Vec<Widget>,
    /// The columns of all rows.
    pub(crate) layouts: Layouts,
    /// Actions whose outputs something reads, by their variables.
    pub(crate) read: BTreeSet<VarId>,
}

/// A delay's own condition.
#[derive(Clone, Debug)]
pub(crate) struct DelayGate {
    /// Its id.
    pub(crate) id: String,
    /// Its `when`.
    pub(crate) when: Option<Expr>,
}

/// One row that the event names.
#[derive(Clone, Debug)]
pub(crate) struct Entity {
    /// The variable, such as `user`.
    pub(crate) name: String,
    /// Its query.
    pub(crate) query: Query,
    /// The id that is looked up.
    pub(crate) id: Expr,
    /// Receives the row.
    pub(crate) var: VarId,
    /// The first use of it.
    pub(crate) place: Place,
}

/// A widget's data.
#[derive(Clone, Debug)]
pub(crate) struct Widget {
    /// Its id.
    pub(crate) id: String,
    /// Its data.
    pub(crate) data: Expr,
}
