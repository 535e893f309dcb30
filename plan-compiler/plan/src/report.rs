//! The members of a *report* message: what a run that succeeded says about itself.
//!
//! `{"steps": {id: {"count": i, "truncated": b}}, "actions": {id: outputs | null}, "widgets": {id: data},
//! "items_processed": i}`. `actions` holds the actions at the top level that have an `id`.

/// One object for each pipeline step, by id.
pub const STEPS: &str = "steps";
/// The outputs of actions at the top level, by id.
pub const ACTIONS: &str = "actions";
/// The data of widgets, by id.
pub const WIDGETS: &str = "widgets";
/// Loop items that were done.
pub const ITEMS_PROCESSED: &str = "items_processed";
