//! Random histories: what is shown as used is what the ledger has.

use std::time::Duration;

use alcove_store::{Sql, SqlValue, Statement};
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};

use super::*;
use crate::testing::memory;

/// Something that happens.
#[derive(Clone, Debug)]
enum Step {
    /// Events arrive at the same time.
    Events(u32),
    /// Somebody starts runs.
    Requests(u32),
    /// Runs that send so many e-mails each, at the same time.
    Mails(Vec<u32>),
    /// Time passes, in minutes.
    Minutes(u64),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        (1_u32..40).prop_map(Step::Events),
        (1_u32..20).prop_map(Step::Requests),
        prop::collection::vec(1_u32..40, 1..5).prop_map(Step::Mails),
        (1_u64..400).prop_map(Step::Minutes),
    ]
}

/// Rows that came since the window began.
async fn since(scene: &Scene, sql: &'static str, from_us: i64) -> u64 {
    let rows = scene.store.query(&Statement::new(Sql::fixed(sql), vec![SqlValue::Int(from_us)])).await.unwrap();
    rows[0][0].as_int().unwrap().unsigned_abs()
}

async fn check(scene: &Scene, installed: &Installed, engine: &crate::Engine) {
    let usage = engine.usage(&installed.tenant).await.unwrap();
    let of = |resource| *usage.resources.iter().find(|usage| usage.resource == resource).unwrap();
    let hour = Window::Hour.start(scene.clock_us());
    let day = Window::Day.start(scene.clock_us());
    let accepted = "SELECT count(*) FROM executions WHERE state <> 'skipped' AND queued_at >= ?1";
    let mails = "SELECT count(*) FROM email_outbox WHERE created_at >= ?1";
    for (resource, ledger, limit) in [
        (Resource::Executions, since(scene, accepted, hour).await, 50),
        (Resource::Emails, since(scene, mails, day).await, 100),
    ] {
        let usage = of(resource);
        assert_eq!(usage.used, ledger, "{}", resource.name());
        assert_eq!((usage.limit, usage.reserved), (Some(limit), 0), "{}", resource.name());
        assert_eq!(usage.remaining(), Some(limit - ledger), "{}", resource.name());
    }
    assert_eq!(of(Resource::Apps).used, 1);
}

async fn play(steps: Vec<Step>) {
    let (scene, installed) = scene(memory().await, "skip").await;
    let engine = scene.idle_engine();
    let mut number = 0;
    for step in steps {
        let now = scene.clock_us();
        let mut next = |prefix: &str| {
            number += 1;
            format!("{prefix}{number}")
        };
        let at = |mut unit: Unit| {
            match &mut unit {
                Unit::Accept(accept) => accept.runs.iter_mut().for_each(|row| row.queued_at = now),
                Unit::Barrier(barrier) => {
                    if let RunRef::Direct(accept) = &mut barrier.run {
                        accept.runs.iter_mut().for_each(|row| row.queued_at = now);
                    }
                }
                Unit::Claim(_) => {}
            }
            unit
        };
        let units: Vec<Unit> = match step {
            Step::Events(count) => (0..count).map(|_| at(accepting(&installed, &next("e")))).collect(),
            Step::Requests(count) => (0..count).map(|_| at(request(&installed, &next("r")))).collect(),
            Step::Mails(counts) => counts
                .iter()
                .map(|count| at(mails(&scene, &installed, &next("m"), *count, OnQuotaExceeded::Skip)))
                .collect(),
            Step::Minutes(minutes) => {
                scene.clock.advance(Duration::from_mins(minutes));
                Vec::new()
            }
        };
        scene.together(units).await;
        check(&scene, &installed, &engine).await;
    }
}

#[test]
fn what_is_shown_as_used_is_what_the_ledger_has() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let mut runner = TestRunner::new(Config { cases: 12, failure_persistence: None, ..Config::default() });
    runner
        .run(&prop::collection::vec(step(), 1..10), |steps| {
            runtime.block_on(play(steps));
            Ok(())
        })
        .unwrap();
}
