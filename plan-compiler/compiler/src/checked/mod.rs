//! The app as it is meant: every name resolved against the catalog and the scope, every value typed.
//!
//! [`check`](crate::check) makes it from [`syntax`](crate::syntax); [`lower`](crate::lower) makes the plan from it.
//! What changes between the three:
//!
//! | syntax | checked | plan |
//! |---|---|---|
//! | a path by names | [`Expr`] over variables ([`VarId`]) and columns of layouts | postfix code over slots |
//! | a connector filter | the part that the connector takes, and the rest as [`Transform::Filter`] | the same |
//! | params as JSON | leaves with literal keys ([`Param`]) | the same, holes numbered |
//! | nested actions | nested [`Block`]s | one list of nodes |
//!
//! Columns of rows are still names here, because only at the end of the check it is known which columns anything uses.

mod action;
mod app;
mod expr;
mod layout;
mod pipeline;
mod ty;

pub(crate) use action::{Action, Block, Node, NodeKind, Param, ParamValue};
pub(crate) use app::{App, DelayGate, Entity, Place, Widget};
pub(crate) use expr::{Expr, VarId, input_var};
pub(crate) use layout::{Column, LayoutId, Layouts};
pub(crate) use pipeline::{Metric, Query, Step, StepSource, Transform};
pub(crate) use ty::{Base, Ty, article};
