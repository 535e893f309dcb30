//! From a sealed plan to a finished run: loads and prepares plans, and carries one run through the sandbox.
//!
//! [`Runner`] holds what all runs share; [`LoadedPlan`] what all runs of one plan share; [`RunSpec`] says what one run
//! begins with, [`RunReport`] what became of it. Between host and platform stands `backend`: it names the effects,
//! records them, and decides who performs which.
//!
//! Architecture invariants: time is an argument. The tenant of a run is in its [`RunSpec`] and from there in the scope
//! of the platform; nothing that a guest sends can change it. What a plan says about itself is held against the catalog
//! before its first run.

mod plan;
mod report;
mod spec;
mod tier;

mod runner;

mod backend;
mod cost;
mod outside;
mod record;
mod zone;

mod clock;
mod config;
mod planted;

mod tenant;

mod quota;

mod facts;
mod plans;

mod node;

mod commit;
mod transition;

mod trigger;

mod ingest;

mod dispatch;
mod outbox;
mod retention;
mod timer;

mod worker;

mod export;
mod rerun;

mod replay;
mod shadow;

mod dry_run;

mod engine;

#[cfg(test)]
mod testing;

mod approval;
mod audit;
mod dead_letter;
mod lifecycle;
mod runs;

pub use approval::{ApprovalError, Decision, Seen};
pub use audit::Denial;
pub use clock::{Clock, SimulatedClock, SystemClock};
pub use commit::{CommitCounts, CommitError};
pub use config::EngineConfig;
pub use dead_letter::DeadLetterError;
pub use dispatch::{LeaseError, Reach};
pub use dry_run::{DryRun, DryRunError};
pub use engine::{Engine, EngineParts, StartError};
pub use export::{BUNDLE_BYTES_MAX, Bundle, BundleError, RedactError, Redaction};
pub use ingest::{AcceptError, IncomingEvent, Reply, Settled, ToldRow};
pub use lifecycle::{AppChange, ChangedBy, LifecycleError, Revision, Submission, SubmittedPlan, after};
pub use outside::{Outside, SigningKeys, SigningKeysError};
pub use plan::{LoadError, LoadedPlan};
pub use plans::PlanError;
pub use planted::Planted;
pub use quota::{Exceeded, Rate, Resource, ResourceUsage, Usage as TenantUsage, Window, one_more};
pub use record::{EffectRecord, LogEntry};
pub use replay::{
    Difference, OtherBuild, Recording, RecordingError, ReplayError, ReplayReport, ReplayStatus, Replayer, Stopped,
};
pub use report::{ReportedError, RunReport, Status, Usage, level_name};
pub use runner::{Begun, Finish, Runner};
pub use runs::{RunError, Watch, Watched};
pub use shadow::{
    ChangedEffect, EffectDifferences, ShadowEffect, ShadowError, ShadowReport, ShadowRun, ShadowStatus, ShadowSummary,
    Shadowed, Unanswered,
};
pub use spec::{RunEvent, RunSpec, SpecError};
pub use tenant::{Grants, Missing, TenantSettings, TenantStatus, is_origin};
pub use tier::Tier;
pub use transition::TransitError;
pub use trigger::IndexError;
pub use worker::{
    EDITS_MAX, EditError, OmittedSteps, Step, StepLog, StepOutcome, StepValues, step_log, validate_edits,
};
