//! Export: a run in one file, which replays anywhere.
//!
//! For `alcove export` and `alcove replay`. A [`Bundle`] holds a plan and a journal, and through the journal's first
//! entry the input and everything that the run is pinned to; `bundle.md` beside this crate's manifest has its bytes.
//!
//! Architecture invariants: the bytes of a bundle are hostile until they are decoded, and the plan in it until it is
//! loaded. What a redacted bundle keeps of a personal value is that it is the same one wherever it stands.

mod bundle;
mod redact;

pub use bundle::{BUNDLE_BYTES_MAX, Bundle, BundleError, Redaction};
pub use redact::RedactError;
