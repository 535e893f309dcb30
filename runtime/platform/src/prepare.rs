//! What is wrong with a query or an action of a plan.

use alcove_plan::types::Type;

/// A part of a plan that does not agree with the catalog.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{problem}")]
pub struct PrepareError {
    /// Where: an index into the plan's places.
    pub place: u32,
    /// What.
    pub problem: Problem,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// With a query.
    #[error(transparent)]
    Query(#[from] QueryProblem),
    /// With an action.
    #[error(transparent)]
    Action(#[from] ActionProblem),
}

/// What is wrong with a query.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum QueryProblem {
    #[error("there is no connector `{name}`")]
    UnknownConnector { name: String },
    #[error("`{connector}` has no field `{field}`")]
    UnknownField { connector: String, field: String },
    #[error("a query selects at least one field")]
    NoFields,
    #[error("the field `{field}` is not filterable with `{operator}`")]
    Operator { field: String, operator: &'static str },
    #[error("the field `{field}` of type {ty} does not compare with {operand} by `{operator}`")]
    OperandType { field: String, ty: Type, operator: &'static str, operand: String },
    #[error("the filter names hole {hole}, but there are {holes}")]
    UnknownHole { hole: u16, holes: usize },
    #[error("the filter is not one predicate in postfix form")]
    FilterShape,
    #[error("the filter has {nodes} nodes, more than {max}")]
    FilterSize { nodes: usize, max: usize },
    #[error("the field `{field}` is not sortable")]
    NotSortable { field: String },
    #[error("the limit {limit} is larger than {max}, the maximum of `{connector}`")]
    LimitTooLarge { connector: String, limit: u32, max: u32 },
}

/// What is wrong with an action.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum ActionProblem {
    #[error("there is no action `{name}`")]
    UnknownAction { name: String },
    #[error("`{action}` is bound to the script `{script}`, which does not exist")]
    UnknownScript { action: String, script: String },
    #[error("`{action}` has no parameter `{param}`")]
    UnknownParam { action: String, param: String },
    #[error("the parameter `{param}` is given twice")]
    Repeated { param: String },
    #[error("the parameter `{param}` has members, but is no object")]
    NoObject { param: String },
    #[error("the parameter `{param}` nests more than {max} deep")]
    Depth { param: String, max: usize },
    #[error("`{action}` needs the parameter `{param}`")]
    Missing { action: String, param: String },
    #[error("the parameter `{param}` takes {want}, not {got}")]
    ParamType { param: String, want: Type, got: String },
    #[error("the parameter `{param}` cannot be this constant: it {reason}")]
    Constant { param: String, reason: String },
    #[error("the parameter `{param}` names a secret and is no place for a value")]
    SecretHole { param: String },
    #[error("the parameter `{param}` of `{action}` instructs a model and is no place for a value")]
    OpenInstructions { action: String, param: String },
    #[error("the parameter `{param}` of `{action}` says what is promised about an effect and is no place for a value")]
    OpenGuarantee { action: String, param: String },
    #[error("the members of `{param}` are fields of `{connector}` and must be known in advance")]
    OpenFields { param: String, connector: String },
    #[error("`{field}` is no field of `{connector}` that may be written")]
    NotWritable { connector: String, field: String },
    #[error("`{action}` gives {want}, not {got}")]
    Outputs { action: String, want: String, got: String },
}
