//! What was agreed with a tenant: its tier, what it may reach, whether it is served at all.
//!
//! For every part of the engine that treats tenants differently, through `node.tenants`, and for `alcove-control`,
//! whose operator changes it. A part that needs a setting of its own adds a member to [`TenantSettings`], with a
//! default that is right for tenants which have never heard of it.
//!
//! Architecture invariant: settings are read from the row of the tenant and nowhere else. What one node changes, it
//! knows at once, and every other node two seconds later.

mod grants;
mod settings;
mod tenants;

mod govern;

#[cfg(test)]
mod tests;

pub use grants::{Grants, Missing};
pub use settings::{TenantSettings, TenantStatus, is_origin};
pub(crate) use tenants::Tenants;
