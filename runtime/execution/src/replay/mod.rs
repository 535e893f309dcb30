//! Replay: executes a run again, answered by its journal alone, and says whether it is the run that wrote it.
//!
//! For `alcove replay`, the API, and whoever else wants to know that what happened can be explained: exported
//! bundles are made with it, and a shadow run begins with it. Nothing is performed and nothing is written: there is no
//! committer here, no egress and no clock.
//!
//! ```text
//!  recording (plan, journal) ─▶ play ─▶ guest ⇄ backend ─▶ session: cursor · lines ─▶ conclude ─▶ report
//! ```
//!
//! Architecture invariants: whatever the guest asks is answered from the journal or stops it. The first difference is
//! the one that is reported; what a run does after it says nothing.

mod difference;
mod lines;
mod report;

mod transcript;

mod conclude;
mod session;

mod play;
mod recording;

pub use difference::{Difference, Stopped};
pub(crate) use play::{Played, Script};
pub use play::{ReplayError, Replayer};
pub(crate) use recording::JOURNAL_BYTES_MAX;
pub use recording::{Recording, RecordingError};
pub use report::{OtherBuild, ReplayReport, ReplayStatus};
pub(crate) use session::{Comparison, NO_DIGEST};
pub(crate) use transcript::{Called, Transcript};
