//! The app as it is written: every construct of `alcove/app@1` with its place, nothing checked against the catalog yet.
//!
//! [`parse`](crate::parse) makes it and has complained about whatever is missing or malformed: such parts are `None`
//! here, and later stages pass over them in silence.

mod action;
mod app;
mod pipeline;
mod predicate;
mod template;

pub use action::{Action, ActionKind, Approval, Condition, ForEach, Retry};
pub use app::{App, Delay, Settings, Trigger, Widget};
pub use pipeline::{JoinOn, MetricExpr, SortKey, Step, StepSource, Transform, TransformKind};
pub use predicate::{Operator, Predicate, PredicateKind};
pub use template::{Arg, FilterCall, Path, Pipe, Segment, Template, TemplatePart, ValueExpr, ValueKind};
