//! Every action of the state machine, in its table.

mod approvals;
mod failures;
mod leases;

use alcove_ids::ExecutionId;
use alcove_journal::{
    entry::{Entry, Record, Started},
    transition::{Event, Subject, SubjectKind, Token},
};
use alcove_plan::envelope::Digest;
use alcove_store::{
    SqlValue,
    tables::executions::{self, State, Trigger},
};

use super::*;
use crate::{
    commit::{Accept, Answer, Barrier, Claim, End, Lease, Question, RunRef, Summary, Unit},
    testing::{Installed, Scene, databases},
};

/// An app that retries, asks people, and bears two failed runs in a row.
const APP: &str = r#"{
    "schema": "alcove/app@1",
    "name": "Awards",
    "trigger": { "type": "event", "event": "user.created" },
    "actions": [{ "type": "award_xp", "params": { "user_id": "{{event.user_id}}", "amount": 10 } }],
    "settings": {
        "notify_on_error": true,
        "auto_pause_after": 2,
        "retry": { "max_attempts": 2, "initial_delay": "10s", "jitter": false }
    }
}"#;

/// A scene with the app, and one of its runs in the queue.
async fn queued(scene: &Scene, key: &str) -> (Installed, ExecutionId) {
    let installed = scene.install("t", "app", APP).await;
    let run = enqueue(scene, &installed, key).await;
    (installed, run)
}

async fn enqueue(scene: &Scene, installed: &Installed, key: &str) -> ExecutionId {
    let row = installed.queued(key, Trigger::Event);
    let run = row.id.clone();
    let tenant = installed.tenant.clone();
    let accept = Accept { tenant, generation: None, event: None, runs: vec![row], timers: Vec::new(), with: None };
    scene.committer.submit(Unit::Accept(Box::new(accept))).await.unwrap();
    run
}

/// A worker takes the run, with the app's lock.
async fn lease(scene: &Scene, installed: &Installed, run: &ExecutionId) -> Lease {
    let (tenant, app) = (installed.tenant.clone(), installed.app.clone());
    let claim = Claim { tenant, app, execution: run.clone(), lock: true };
    match scene.committer.submit(Unit::Claim(claim)).await.unwrap() {
        Answer::Claimed(lease) => *lease,
        answer => panic!("{answer:?}"),
    }
}

/// The worker lets go of it.
async fn let_go(scene: &Scene, lease: &Lease, event: Event, question: Option<Question>) {
    let scope = alcove_platform::Scope {
        tenant: lease.row.tenant.clone(),
        app: lease.row.app.clone(),
        execution: lease.row.id.clone(),
        now: scene.node.clock.now(),
        chain_depth: 0,
    };
    let barrier = Barrier {
        run: RunRef::Leased { token: lease.token },
        scope,
        records: if lease.journal.is_empty() { vec![started(lease)] } else { Vec::new() },
        batch: None,
        then: Vec::new(),
        end: Some(End { event, summary: Summary::default(), question }),
        called: Vec::new(),
        spending: crate::quota::Spending::new(alcove_plan::settings::OnQuotaExceeded::Skip),
    };
    let answer = scene.committer.submit(Unit::Barrier(Box::new(barrier))).await.unwrap();
    assert!(matches!(answer, Answer::Done { .. }), "{answer:?}");
}

/// What a journal begins with.
fn started(lease: &Lease) -> Record {
    let plan = Digest::from_hex(&lease.row.digest).unwrap();
    let (executor, tz_version, input) = (Digest([0; 32]), "2026a".to_owned(), Vec::new());
    Record { at_us: 0, entry: Entry::Started(Started { plan, executor, builtins_version: 1, tz_version, input }) }
}

/// Something happens to a run, in a transaction of its own.
async fn happens(
    scene: &Scene,
    installed: &Installed,
    run: &ExecutionId,
    event: Event,
) -> Result<Vec<After>, TransitError> {
    let mut transaction = scene.store.begin().await.unwrap();
    transaction.for_tenant(installed.tenant.as_str());
    let after = apply_in(&mut transaction, scene, &installed.tenant, run, event).await?;
    transaction.commit().await.unwrap();
    Ok(after)
}

async fn row(scene: &Scene, installed: &Installed, run: &ExecutionId) -> executions::Row {
    scene.row(&installed.tenant, run).await.unwrap()
}

/// Whether somebody is told that the run waits in the queue.
fn wakes(after: &[After], run: &ExecutionId) -> bool {
    after.iter().any(|after| matches!(after, After::Queued { execution, .. } if execution == run))
}

/// A column of all rows of a table, as text.
async fn column(scene: &Scene, sql: &'static str) -> Vec<String> {
    let statement = alcove_store::Statement::new(alcove_store::Sql::fixed(sql), Vec::new());
    let rows = scene.store.query(&statement).await.unwrap();
    rows.into_iter()
        .map(|row| match &row[0] {
            SqlValue::Text(text) => text.to_string(),
            SqlValue::Int(n) => n.to_string(),
            other => panic!("{other:?}"),
        })
        .collect()
}

fn person(id: &str) -> Subject {
    Subject { kind: SubjectKind::Person, id: id.to_owned() }
}
