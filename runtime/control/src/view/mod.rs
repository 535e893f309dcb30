//! What callers are shown, as it is written in JSON: the same words over HTTP and elsewhere.

mod app;
mod approval;
mod dead_letter;
mod diagnostic;
mod execution;
mod json;
mod stored;
mod time;
mod version;

pub use app::AppView;
pub use approval::ApprovalView;
pub use dead_letter::DeadLetterView;
pub use diagnostic::{Diagnostic, Diagnostics};
pub use execution::{EventRef, ExecutionView};
pub use version::VersionView;
