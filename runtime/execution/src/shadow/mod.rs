//! Shadow runs: another version of an app, on what was recorded of runs of this one.
//!
//! For `alcove shadow`. A recorded run is replayed first, to learn what it read and did; then the other version is
//! executed on the same input. Where it asks what the recorded run asked, it is answered the same; what it does is
//! written down and held against what the recorded run did.
//!
//! ```text
//!  recording ─▶ replay ─▶ known ─┐
//!  other plan, same input ──▶ guest ⇄ backend ─▶ session ─▶ compare ─▶ report
//! ```
//!
//! Architecture invariants: nothing is performed, and nothing is written. A question that the journal cannot answer is
//! listed and answered with nothing, and the run is then called incomplete: what it does after that is a guess.

mod report;

mod known;

mod compare;
mod session;

mod run;

pub use report::{
    ChangedEffect, EffectDifferences, ShadowEffect, ShadowReport, ShadowRun, ShadowStatus, ShadowSummary, Unanswered,
};
pub use run::{ShadowError, Shadowed};
