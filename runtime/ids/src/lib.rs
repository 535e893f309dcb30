//! One type for each kind of id, so that a tenant can never be passed where an app is meant.
//!
//! Ids are text: chosen ones ([`TenantId`], [`AppId`]) or derived ones ([`ExecutionId`], [`EffectId`]). Deriving is
//! pure: the same inputs give the same id on every machine, which is what makes an effect recognisable after a crash.

mod derive;
mod id;

pub use id::{AppId, EffectId, ExecutionId, ID_BYTES_MAX, IdError, NodeId, TenantId};
