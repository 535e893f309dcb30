//! What callers are shown, as it is written in JSON: the same words over HTTP and elsewhere.

mod app;
mod approval;
mod audit;
mod call;
mod dead_letter;
mod diagnostic;
mod execution;
mod json;
mod key;
mod me;
mod member;
mod plan;
mod state;
mod stored;
mod tenant;
mod time;
mod usage;
mod version;

pub use app::AppView;
pub use approval::ApprovalView;
pub use audit::AuditView;
pub use call::CallView;
pub use dead_letter::DeadLetterView;
pub use diagnostic::{Diagnostic, Diagnostics};
pub use execution::{EventRef, ExecutionView};
pub use key::{KeyView, NewKeyView};
pub use me::{MeView, Rights};
pub use member::{GrantView, MemberView, TeamView};
pub use plan::{MissingView, PlanView};
pub use state::StateView;
pub use tenant::TenantView;
pub use usage::{ResourceUsageView, UsageView};
pub use version::VersionView;
