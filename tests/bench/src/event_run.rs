//! One event, one condition, one effect.

use std::sync::Arc;

use alcove_execution::RunEvent;
use alcove_store::Store;
use anyhow::{Context, Result, ensure};
use serde_json::json;
use tokio::task::JoinSet;

use crate::{
    clock,
    figure::Figure,
    samples::{MICROSECOND, Rounds, measure as sample},
    scene::{App, Sandbox, event, settle, user_id},
};

pub(crate) const NAMES: [&str; 4] =
    ["event_run_us_p50", "event_run_us_p99", "event_runs_per_s", "event_run_durable_us_p50"];

const ROUNDS: Rounds = Rounds { warm_up: 500, measured: 5_000 };
const DURABLE_ROUNDS: Rounds = Rounds { warm_up: 50, measured: 500 };
const USERS: u32 = 1_000;
const TASKS: u32 = 4;
const RUNS_PER_TASK: u32 = 2_500;

const APP: &str = r#"{
  "schema": "alcove/app@1",
  "name": "Mission bonus",
  "trigger": { "type": "event", "event": "mission.completed" },
  "actions": [
    {
      "type": "condition",
      "if": { "field": "event.xp_reward", "op": "gte", "value": 50 },
      "then": [
        { "type": "award_xp", "params": { "user_id": "{{event.user_id}}", "amount": "{{event.xp_reward}}" } }
      ]
    }
  ]
}"#;

pub(crate) async fn measure(sandbox: &Sandbox) -> Result<Vec<Figure>> {
    let app = app(sandbox, Store::open_memory().await?).await?;
    let alone = sample(ROUNDS, async |round| award(&app, round).await).await?;
    let per_second = throughput(app).await?;
    let folder = tempfile::tempdir()?;
    let durable = self::app(sandbox, Store::open_file(&folder.path().join("bench.db")).await?).await?;
    let durable = sample(DURABLE_ROUNDS, async |round| award(&durable, round).await).await?;
    let p99 = alone.percentile(99).as_secs_f64() / MICROSECOND.as_secs_f64();
    Ok(vec![
        Figure::new(
            "event_run_us_p50",
            alone.median_in(MICROSECOND),
            "us",
            "event, condition, award_xp on SQLite in memory, one run after the other",
        ),
        Figure::new("event_run_us_p99", p99, "us", "the same, 99th percentile"),
        Figure::new("event_runs_per_s", per_second, "1/s", format!("the same, {TASKS} runs at a time, one writer")),
        Figure::new(
            "event_run_durable_us_p50",
            durable.median_in(MICROSECOND),
            "us",
            "the same in a file, each run durable before it ends (WAL, synchronous FULL)",
        ),
    ])
}

async fn app(sandbox: &Sandbox, store: Store) -> Result<App> {
    let runner = sandbox.runner(store);
    settle(runner.platform(), USERS).await?;
    App::load(runner, APP)
}

async fn award(app: &App, number: u32) -> Result<()> {
    let report = app.run(number, Some(completed(number)?)).await?;
    ensure!(report.effects.len() == 1, "the run had {} effects", report.effects.len());
    Ok(())
}

fn completed(number: u32) -> Result<RunEvent> {
    let user = user_id(number % USERS);
    event("mission.completed", &json!({ "mission_id": "mission_1", "user_id": user, "xp_reward": 50 }), number)
}

async fn throughput(app: App) -> Result<f64> {
    let app = Arc::new(app);
    let started = clock::now();
    let mut tasks = JoinSet::new();
    for task in 1..=TASKS {
        let app = Arc::clone(&app);
        tasks.spawn(async move {
            for run in 0..RUNS_PER_TASK {
                // Far beyond the numbers of the runs before.
                award(&app, task * 1_000_000 + run).await?;
            }
            anyhow::Ok(())
        });
    }
    while let Some(task) = tasks.join_next().await {
        task.context("a task ended early")??;
    }
    Ok(f64::from(TASKS * RUNS_PER_TASK) / started.elapsed().as_secs_f64())
}
