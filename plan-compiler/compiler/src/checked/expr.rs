//! Expressions.

use alcove_plan::{
    expr::{Compare, Filter, Slot},
    types::Type,
    value::Value,
};

use super::LayoutId;

/// A variable. The first few are the slots that a run begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct VarId(pub(crate) u32);

/// The variable of one of the slots that a run begins with.
pub(crate) fn input_var(slot: Slot) -> VarId {
    VarId(u32::from(slot.0))
}

/// An expression. Its depth is bounded by that of the config, which the parser bounds.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Expr {
    /// A constant.
    Literal(Value),
    /// A variable.
    Var(VarId),
    /// A column of a row.
    Column {
        /// The row.
        base: Box<Expr>,
        /// Its layout.
        layout: LayoutId,
        /// The column.
        name: String,
    },
    /// A member of an object whose members are not known.
    Member {
        /// The object.
        base: Box<Expr>,
        /// The member.
        name: String,
    },
    /// An item of a list.
    Index {
        /// The list.
        base: Box<Expr>,
        /// Its position.
        index: u32,
    },
    /// A template filter: the input, then the arguments.
    Filter {
        /// Which.
        filter: Filter,
        /// Input and arguments.
        operands: Vec<Expr>,
    },
    /// Texts joined.
    Text(Vec<Expr>),
    /// A value inside markup.
    EscapeHtml(Box<Expr>),
    /// A value inside a URL.
    EscapeUrl(Box<Expr>),
    /// A comparison.
    Compare {
        /// How.
        op: Compare,
        /// Left.
        left: Box<Expr>,
        /// Right.
        right: Box<Expr>,
    },
    /// Whether a pattern is found.
    Matches {
        /// In what.
        value: Box<Expr>,
        /// The pattern.
        pattern: String,
    },
    /// Whether it is not null.
    Exists(Box<Expr>),
    /// The opposite.
    Not(Box<Expr>),
    /// All of them.
    All(Vec<Expr>),
    /// Any of them.
    Any(Vec<Expr>),
    /// A list.
    List(Vec<Expr>),
    /// An object.
    Record(Vec<(String, Expr)>),
    /// A value as a type.
    Cast {
        /// The type.
        ty: Type,
        /// The value.
        value: Box<Expr>,
    },
}

impl Expr {
    /// The constant that it is.
    pub(crate) fn as_literal(&self) -> Option<&Value> {
        match self {
            Self::Literal(value) => Some(value),
            _ => None,
        }
    }

    /// A list, folded if all its items are constant.
    pub(crate) fn list(items: Vec<Self>) -> Self {
        let constants: Option<Vec<Value>> = items.iter().map(|item| item.as_literal().cloned()).collect();
        constants.map_or(Self::List(items), |values| Self::Literal(Value::list(values)))
    }

    /// An object, folded if all its members are constant.
    pub(crate) fn record(members: Vec<(String, Self)>) -> Self {
        let constants: Option<Vec<(String, Value)>> =
            members.iter().map(|(name, value)| Some((name.clone(), value.as_literal()?.clone()))).collect();
        constants.map_or(Self::Record(members), |members| Self::Literal(Value::object(members)))
    }
}
