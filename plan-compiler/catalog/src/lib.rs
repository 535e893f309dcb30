//! The catalog: which connectors, events and actions exist. Data files under `data/`, read once, and their types.
//!
//! It is the compiler's only view of the platform, and the platform's description of itself: adding a connector or an
//! action is an entry here plus its binding in `runtime/platform`; the compiler does not change.

mod action;
mod api_call;
mod catalog;
mod connector;
mod event;
mod ty;

pub mod ingest;
pub mod link;

#[cfg(test)]
mod shipped_tests;

pub use action::{Action, ActionBinding, Class, Guarantee, OutputSpec, ParamKind, ParamSpec};
pub use api_call::{ApiCall, ApiMethod, Segment};
pub use catalog::{Catalog, CatalogError, Entity};
pub use connector::{Connector, ConnectorBinding, Field};
pub use event::{Event, EventField};
pub use ty::TypeName;
