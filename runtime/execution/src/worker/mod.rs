//! Workers: carry one run each, from its lease to where they let go of it.
//!
//! For `dispatch` and `ingest`. A run is executed from its beginning each time, against its journal: [`backend`]
//! answers what the journal knows, performs what it does not, and says what must become durable before the guest goes
//! on. What a guest is told before it is durable is a guess; where it was wrong, the guest is dropped and the run
//! executed again.
//!
//! ```text
//!  lease ─▶ start ─▶ course ─▶ guest ⇄ backend ─▶ session: reads · effects · external ─▶ hold ─▶ committer
//!                      ▲                                                                  │
//!                      └── misled: again, against the journal ──────────────┐             │
//!                                                             end ◀─────────┴─────────────┘
//! ```
//!
//! Architecture invariants: an external effect is sent after its intent is durable, and what became of it is recorded
//! even if the guest is gone. Nothing is written after a commit was refused for the lease. What the guest says of its
//! own state counts for nothing: what it has done is in the journal.

mod halt;
mod hold;

mod answers;
mod called;
mod calling;
mod calls;
mod edits;
mod shown;

mod session;

mod effects;
mod external;
mod reads;
mod reserved;

mod backend;

mod approval;
mod preview;

mod course;
mod end;
mod load;
mod start;
mod summary;

mod steplog;

#[cfg(test)]
mod tests;

pub(crate) use calls::Calls;
pub use edits::{EDITS_MAX, EditError, validate_edits};
pub(crate) use halt::{defect, stopped};
pub(crate) use hold::Refusal;
pub use steplog::{OmittedSteps, Step, StepLog, StepOutcome, StepValues, step_log};
pub(crate) use steplog::{StepChange, step_changes};

use std::{sync::Arc, time::Duration};

use alcove_journal::transition::{Event, Stop, Token};
use alcove_plan::{failure::Failure, settings::OnQuotaExceeded};
use alcove_store::tables::executions;
use tokio::time::Instant;

use self::{
    course::{Course, Left},
    hold::{Hold, SharedHold},
    load::Refused,
    summary::Usage,
};
use crate::{
    LoadedPlan,
    commit::{Accept, End, Lease, Summary},
    dispatch::Interruption,
    node::Node,
    transition::failure_to_json,
};

/// How long a run that nobody has accepted may go on without a commit.
const UNACCEPTED_MAX: Duration = Duration::from_millis(50);

/// Carries a run that was claimed until it ends, waits, or is lost.
pub(crate) async fn run(node: &Arc<Node>, lease: Lease, interruption: &Interruption) {
    let Lease { token, row, journal, .. } = lease;
    let Some(loaded) = load::load(node, &row, &interruption.cancel()).await else { return };
    let began = loaded.and_then(|plan| {
        let (opening, scope) = start::start(node, &plan, &row, &journal)?;
        Ok((plan, opening, scope))
    });
    let (plan, opening, scope) = match began {
        Ok(began) => began,
        Err(refused) => return refuse(node, &row, token, refused).await,
    };
    let reaction = plan.plan().settings.on_quota_exceeded;
    let course = Course {
        node: Arc::clone(node),
        plan,
        hold: Hold::leased(node.committer.clone(), scope.clone(), token, reaction),
        scope,
        opening,
        interruption: interruption.clone(),
        cancel: interruption.cancel(),
        usage: Usage::stored(row.usage.as_deref()),
        began: Instant::now(),
    };
    if let Left::Lost = course.carry(journal).await {
        tracing::info!(execution = %row.id, "a worker has let go of a run without a word: it is not its own any more");
    }
}

/// What became of a run that was not accepted before it was run.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "one at a time, on the way from one function to the next")]
pub(crate) enum Direct {
    /// It is over, or waits; both it and its acceptance are durable.
    Over,
    /// It was not accepted, and has left nothing behind.
    Refused(Refusal),
    /// It was accepted, and this node has lost it.
    Lost,
}

/// Runs what a caller waits for, and accepts it with its first commit: at its end, or before its first effect that is
/// looked at. If it takes longer, the acceptance is committed by itself. The first of the acceptance's runs is meant.
pub(crate) async fn run_direct(
    node: &Arc<Node>,
    accept: Box<Accept>,
    plan: Arc<LoadedPlan>,
    interruption: &Interruption,
) -> Result<Direct, Failure> {
    let row = accept.runs.first().cloned().ok_or_else(|| defect("an acceptance without a run was to be run"))?;
    let (opening, scope) = start::start(node, &plan, &row, &[])?;
    let reaction = plan.plan().settings.on_quota_exceeded;
    let hold = Hold::direct(node.committer.clone(), scope.clone(), accept, opening.clone(), reaction);
    let cancel = interruption.cancel().child_token();
    let course = Course {
        node: Arc::clone(node),
        plan,
        scope,
        hold: Arc::clone(&hold),
        opening,
        interruption: interruption.clone(),
        cancel: cancel.clone(),
        usage: Usage::default(),
        began: Instant::now(),
    };
    let late = async {
        tokio::time::sleep(UNACCEPTED_MAX).await;
        if !accept_alone(&hold).await {
            cancel.cancel();
        }
        std::future::pending::<Left>().await
    };
    let left = tokio::select! {
        left = course.carry(Vec::new()) => left,
        left = late => left,
    };
    Ok(match left {
        Left::Over => Direct::Over,
        Left::Lost => Direct::Lost,
        Left::Refused => match hold.lock().await.take_refusal() {
            Some(refusal) => Direct::Refused(refusal),
            None => Direct::Lost,
        },
    })
}

/// Commits the acceptance of a run, and its start, if that has not happened. Gives whether there is such a run.
async fn accept_alone(hold: &SharedHold) -> bool {
    let mut hold = hold.lock().await;
    hold.is_accepted() || hold.commit(hold::Durable::default()).await.is_ok()
}

/// Fails a run that cannot begin.
async fn refuse(node: &Node, row: &executions::Row, token: Token, Refused { failure, path }: Refused) {
    let scope = start::scope(row, node.clock.now());
    let hold = Hold::leased(node.committer.clone(), scope, token, OnQuotaExceeded::Skip);
    let summary = Summary { error: Some(failure_to_json(&failure, &path)), ..Summary::default() };
    let event = Event::Failed { token, stop: Stop { failure, place: 0, asked: None } };
    let end = Some(End { event, summary, question: None });
    if let Err(halt) = hold.lock().await.commit(hold::Durable { end, ..hold::Durable::default() }).await {
        tracing::error!(execution = %row.id, ?halt, "a run cannot begin, and cannot be failed");
    }
}
