//! Actions and flow control.

use crate::{
    source::{Loc, Spanned},
    syntax::{Predicate, ValueExpr},
};

/// One action, or one construct of flow control.
#[derive(Clone, Debug, PartialEq)]
pub struct Action {
    /// Its place.
    pub loc: Loc,
    /// Its id.
    pub id: Option<Spanned<String>>,
    /// Done only if true.
    pub when: Option<Predicate>,
    /// What; `None` where the type is missing.
    pub kind: Option<ActionKind>,
    /// What is done if it has failed.
    pub on_failure: Option<Spanned<Vec<Action>>>,
    /// How a transient failure is tried again.
    pub retry: Option<Retry>,
    /// How long a call may take.
    pub timeout_ms: Option<Spanned<u32>>,
}

/// What an action does.
#[derive(Clone, Debug, PartialEq)]
pub enum ActionKind {
    /// A type of the catalog (`emit_event` among them), with its params in their order.
    Call {
        /// The type.
        name: Spanned<String>,
        /// The place of `params`, or of the action where there are none.
        params_loc: Loc,
        /// The parameters.
        params: Vec<(Spanned<String>, ValueExpr)>,
    },
    /// `for_each`.
    ForEach(ForEach),
    /// `condition`.
    Condition(Condition),
    /// `request_approval`.
    Approval(Approval),
}

/// `for_each`.
#[derive(Clone, Debug, PartialEq)]
pub struct ForEach {
    /// The list.
    pub items: Option<ValueExpr>,
    /// The loop variable.
    pub variable: Option<Spanned<String>>,
    /// Items beyond are left out.
    pub items_max: Option<Spanned<u32>>,
    /// A failed item does not stop the loop.
    pub continue_on_error: bool,
    /// What is done for each item.
    pub actions: Spanned<Vec<Action>>,
}

/// `condition`.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    /// The condition.
    pub condition: Option<Predicate>,
    /// What is done where it holds.
    pub then: Spanned<Vec<Action>>,
    /// What is done where it does not.
    pub otherwise: Option<Spanned<Vec<Action>>>,
}

/// `request_approval`.
#[derive(Clone, Debug, PartialEq)]
pub struct Approval {
    /// The place of `params`.
    pub params_loc: Loc,
    /// Title, message, timeout and roles as they are written; checked like a call.
    pub params: Vec<(Spanned<String>, ValueExpr)>,
}

/// `retry`.
#[derive(Clone, Debug, PartialEq)]
pub struct Retry {
    /// Its place.
    pub loc: Loc,
    /// With every default filled in and every bound checked.
    pub value: alcove_plan::action::Retry,
}
