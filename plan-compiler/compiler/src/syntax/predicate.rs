//! Predicates: one language for trigger filters, connector filters, transforms, `when` and `if`.

use crate::{
    source::{Loc, Spanned},
    syntax::{Path, ValueExpr},
};

/// A condition.
#[derive(Clone, Debug, PartialEq)]
pub struct Predicate {
    /// What it says.
    pub kind: PredicateKind,
    /// Its place.
    pub loc: Loc,
}

/// The kinds of predicates.
#[derive(Clone, Debug, PartialEq)]
pub enum PredicateKind {
    /// All of them; true of none.
    And(Vec<Predicate>),
    /// Any of them; false of none.
    Or(Vec<Predicate>),
    /// Not it.
    Not(Box<Predicate>),
    /// A comparison.
    Test {
        /// The left side: a path in the scope of the place.
        field: Spanned<Path>,
        /// The operator.
        op: Spanned<Operator>,
        /// The right side.
        value: ValueExpr,
    },
}

/// The operators as they are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the language names them")]
pub enum Operator {
    Eq,
    Ne,
    Gt,
    Gte,
    Lt,
    Lte,
    In,
    Nin,
    Contains,
    StartsWith,
    EndsWith,
    Regex,
    Exists,
}
