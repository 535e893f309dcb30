//! What operators do: tenants, what is agreed with them, and the keys of their first admins.
//!
//! [`Administration`] needs a database and no engine, so that a platform can be set up before a server runs. What
//! takes a running engine, because runs end by it, is [`Control`](crate::Control)'s.
//!
//! Architecture invariants: nothing here takes a [`Principal`](crate::Principal), and no use case of a tenant takes an
//! [`Operator`]: neither can be taken for the other. Whatever an operator does to a tenant is in that tenant's log.

mod who;

mod administration;
mod keys;
mod settings;

mod govern;

pub use administration::{Administration, NewTenant};
pub use keys::{NewOperatorKey, NewTenantKey};
pub use settings::TenantChange;
pub use who::Operator;
