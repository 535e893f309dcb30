//! Use cases and authorization: the one place through which the API, and whatever else comes from outside, must go.
//!
//! [`Control`] holds the use cases, one file for each resource. Each takes the [`Principal`] who asks, refuses who
//! lacks the [`Permission`], reads the arguments, and lets the engine do it; what comes back is a view, in the words
//! that callers see.
//!
//! Architecture invariants: nothing is done without a principal, and a permission that no line of [`ROLES`] grants is
//! denied. The tenant is the principal's; no argument names one, so that what belongs to another tenant is not there.
//! Tenants are named by an [`Operator`] alone, who is no principal and may do nothing inside of one.

mod permission;
mod principal;
mod reach;
mod roles;

mod keys;

mod error;
mod error_of;

mod control;
mod id;
mod page;
mod source;
mod view;

mod apps;
mod building_blocks;
mod explain;
mod lifecycle;
mod plans;
mod state;

mod dry_run;
mod events;
mod executions;
mod shopify;
mod watch;

mod approvals;
mod dead_letters;

mod usage;

mod audit;

mod identity;

mod operator;

pub use alcove_compiler::explain::Explanation;
pub use alcove_execution::{Exceeded, Rate, ReplayReport, Resource, Revision, StepLog, Tier, Window};
pub use alcove_ids::TenantId;
pub use alcove_plan::capability::ManifestDiff;
pub use approvals::{Edit, Ruling, Seen};
pub use apps::NewApp;
pub use building_blocks::BuildingBlocks;
pub use control::Control;
pub use dead_letters::Word;
pub use dry_run::Rehearsal;
pub use error::ControlError;
pub use events::{Accepted, NewEvent, Started};
pub use executions::ExecutionFilter;
pub use identity::{
    AGE_MAX, Caller, CallerError, Directory, NewGrant, NewKey, NewMember, NewTeam, Rotation, ScopedRole,
};
pub use keys::{Keys, KeysError};
pub use lifecycle::Target;
pub use operator::{Administration, NewOperatorKey, NewTenant, NewTenantKey, Operator, TenantChange};
pub use page::{List, Page};
pub use permission::{Permission, ROLES};
pub use principal::Principal;
pub use roles::Roles;
pub use shopify::{Shop, ShopAnswer, ShopCall, ShopFuture, Shops, ShopsError, ShopsFile};
pub use source::Source;
pub use view::{
    AppView, ApprovalView, AuditView, CallView, DeadLetterView, Diagnostic, Diagnostics, EventRef, ExecutionView,
    GrantView, KeyView, MeView, MemberView, MissingView, NewKeyView, PlanView, ResourceUsageView, Rights, StateView,
    TeamView, TenantView, UsageView, VersionView,
};
pub use watch::{ExecutionWatch, Happening, LoggedStep, StatusNow};
