//! A worker that has lost its run changes nothing any more.

use alcove_journal::{
    entry::{Entry, Log, LogLevel, Record},
    transition::{Event, Policy, Stop, Token, Wait},
};
use alcove_plan::failure::{Code, Failure};
use alcove_platform::Scope;
use alcove_store::SqlValue;
use serde_json::json;

use super::{
    world::{config, names, until},
    *,
};
use crate::{
    EngineConfig,
    commit::{Answer, Barrier, Claim, End, Lease, RunRef, Summary, Unit},
};

/// Nothing is started by itself: the test is the worker.
fn by_hand() -> EngineConfig {
    EngineConfig { runs_max: 0, ..config() }
}

async fn claim(world: &World, of: &str, execution: &alcove_ids::ExecutionId) -> Lease {
    let (tenant, app) = names(of);
    let claim = Claim { tenant, app, execution: execution.clone(), lock: true };
    match world.node().committer.submit(Unit::Claim(claim)).await.unwrap() {
        Answer::Claimed(lease) => *lease,
        other => panic!("{other:?}"),
    }
}

fn barrier(lease: &Lease, records: Vec<Record>, end: Option<Event>) -> Unit {
    let now = alcove_plan::value::Timestamp::from_micros(1).unwrap();
    let (tenant, app, execution) = (lease.row.tenant.clone(), lease.row.app.clone(), lease.row.id.clone());
    let scope = Scope { tenant, app, execution, now, chain_depth: 0 };
    let end = end.map(|event| End { event, summary: Summary::default(), question: None });
    let (run, then) = (RunRef::Leased { token: lease.token }, Vec::new());
    let spending = crate::quota::Spending::new(alcove_plan::settings::OnQuotaExceeded::Skip);
    Unit::Barrier(Box::new(Barrier { run, scope, records, batch: None, then, end, called: Vec::new(), spending }))
}

fn logged() -> Record {
    Record { at_us: 1, entry: Entry::Log(Log { level: LogLevel::Info, place: 0, message: "a line".to_owned() }) }
}

/// Everything that a worker says when it lets go of a run.
fn ends(token: Token) -> Vec<Event> {
    let failed = |code| {
        let stop = Stop { failure: Failure::new(code, "a failure"), place: 0, asked: None };
        Event::Failed { token, stop }
    };
    vec![
        Event::Finished { token, report: Vec::new() },
        failed(Code::Internal),
        failed(Code::Cancelled),
        Event::Suspended { token, wait: Wait::Delay { until_us: i64::MAX } },
        Event::Yielded { token },
    ]
}

/// All that runs leave behind.
async fn everything(world: &World) -> Vec<Vec<Vec<SqlValue>>> {
    let mut all = Vec::new();
    for table in ["executions", "journal", "locks", "timers", "app_state", "effects", "dead_letters", "notices", "apps"]
    {
        all.push(world.rows(table).await);
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn no_unit_of_a_worker_that_lost_its_lease_changes_a_row_while_another_one_has_the_run_or_nobody() {
    let world = World::new(by_hand()).await;
    world.app("t/a", &gated(&json!({ "concurrency": "queue" }))).await;
    let run = world.run("t", "1").await;
    let frozen = claim(&world, "t/a", &run).await;
    world.happens("t", &run, Event::LeaseLost { token: frozen.token }).await.unwrap();
    for is_taken in [false, true] {
        if is_taken {
            assert!(claim(&world, "t/a", &run).await.token > frozen.token);
        }
        let before = everything(&world).await;
        let mut units = vec![barrier(&frozen, vec![logged()], None), barrier(&frozen, Vec::new(), None)];
        units.extend(ends(frozen.token).into_iter().map(|end| barrier(&frozen, vec![logged()], Some(end))));
        for unit in units {
            let said = format!("{unit:?}");
            let answer = world.node().committer.submit(unit).await.unwrap();
            assert!(matches!(answer, Answer::Fenced), "{answer:?} to {said}");
        }
        assert_eq!(everything(&world).await, before);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frozen_worker_that_wakes_after_another_one_has_finished_its_run_changes_nothing() {
    let world = World::new(config()).await;
    world.app("t/a", &gated(&json!({ "concurrency": "parallel" }))).await;
    let run = world.run("t", "1").await;
    world.gate.waits_for(1).await;
    let token = Token(world.row("t", &run).await.token);
    world.happens("t", &run, Event::LeaseLost { token }).await.unwrap();
    // The external effect of the first worker has begun: its successor asks again only after the intent's deadline, or
    // says that the outcome is unknown. Whatever it says stands.
    until(async || world.row("t", &run).await.token > token.0 || world.state("t", &run).await != "queued").await;
    let successor = world.row("t", &run).await;
    assert!(successor.token > token.0);
    world.gate.let_through(2);
    until(async || world.gate.waiting() == 0).await;
    until(async || !matches!(world.state("t", &run).await, "queued" | "running")).await;
    let before = everything(&world).await;
    tokio::time::sleep(config().scan * 4).await;
    assert_eq!(everything(&world).await, before);
    assert!(world.row("t", &run).await.token > token.0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_whose_worker_is_gone_without_a_word_is_queued_again() {
    let world = World::new(by_hand()).await;
    world.app("t/a", &gated(&json!({ "concurrency": "queue" }))).await;
    let run = world.run("t", "1").await;
    let lease = claim(&world, "t/a", &run).await;
    world.comes_to("t", &run, "queued").await;
    assert_eq!(world.rows("locks").await.len(), 0);
    assert!(claim(&world, "t/a", &run).await.token > lease.token);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_loses_worker_after_worker_is_failed() {
    let world = World::new(by_hand()).await;
    world.app("t/a", &gated(&json!({ "concurrency": "queue" }))).await;
    let run = world.run("t", "1").await;
    for _ in 0..=Policy::LEASES_LOST_MAX {
        world.comes_to("t", &run, "queued").await;
        let token = claim(&world, "t/a", &run).await.token;
        // Whoever looks for such runs may be faster.
        let _ = world.happens("t", &run, Event::LeaseLost { token }).await;
    }
    world.comes_to("t", &run, "failed").await;
    let error = world.row("t", &run).await.error.unwrap();
    assert!(error.contains("workers in a row lost the run"), "{error}");
}
