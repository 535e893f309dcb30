//! What callers are shown, as it is written in JSON: the same words over HTTP and elsewhere.

mod app;
mod approval;
mod dead_letter;
mod execution;
mod json;
mod time;
mod version;

pub use app::AppView;
pub use approval::ApprovalView;
pub use dead_letter::DeadLetterView;
pub use execution::{EventRef, ExecutionView};
pub use version::VersionView;
