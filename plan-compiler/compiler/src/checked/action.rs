//! Actions and flow.

use alcove_plan::{
    action::{Output, Retry},
    codec::Literal,
    query::Hole,
};

use super::{Expr, Place, VarId};

/// Things to do, one after the other.
#[derive(Clone, Debug, Default)]
pub(crate) struct Block(pub(crate) Vec<Node>);

/// One thing to do.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    /// Its place.
    pub(crate) place: Place,
    /// Done only if true.
    pub(crate) when: Option<Expr>,
    /// What.
    pub(crate) kind: NodeKind,
}

/// What is done.
#[derive(Clone, Debug)]
pub(crate) enum NodeKind {
    /// An action of the catalog.
    Call {
        /// Which.
        action: Box<Action>,
        /// What is done if it has failed.
        on_failure: Option<Block>,
    },
    /// `for_each`.
    Loop {
        /// The list.
        items: Expr,
        /// The loop variable.
        item: VarId,
        /// `loop.index`.
        index: VarId,
        /// `loop.count`.
        count: VarId,
        /// Items beyond are left out.
        items_max: Option<u32>,
        /// A failed item does not stop the loop.
        continue_on_error: bool,
        /// What is done for each item.
        body: Block,
    },
    /// `condition`.
    Branch {
        /// The condition.
        condition: Expr,
        /// Where it holds.
        then: Block,
        /// Where it does not.
        otherwise: Block,
    },
}

/// One call of an action.
#[derive(Clone, Debug)]
pub(crate) struct Action {
    /// Its id.
    pub(crate) id: Option<String>,
    /// Its type.
    pub(crate) name: String,
    /// Its parameters.
    pub(crate) params: Vec<Param>,
    /// Its outputs.
    pub(crate) outputs: Vec<Output>,
    /// Receives the outputs.
    pub(crate) var: VarId,
    /// Whether its effect commits with the journal.
    pub(crate) local: bool,
    /// The largest number of items of each loop around it, outermost first.
    pub(crate) loops: Vec<u32>,
    /// See `alcove_plan::action::Action::recover_depth`.
    pub(crate) recover_depth: u8,
    /// Whether an approval comes before it.
    pub(crate) behind_approval: bool,
    /// Its retry.
    pub(crate) retry: Option<Retry>,
    /// Its time-out.
    pub(crate) timeout_ms: Option<u32>,
}

/// One leaf of the parameters.
#[derive(Clone, Debug)]
pub(crate) struct Param {
    /// The parameter, then the keys of literal objects inside it.
    pub(crate) path: Vec<String>,
    /// Its value.
    pub(crate) value: ParamValue,
}

/// The value of a leaf.
#[derive(Clone, Debug)]
pub(crate) enum ParamValue {
    /// Constant.
    Literal(Literal),
    /// Computed.
    Hole(Hole, Expr),
}
