//! W1: an event comes in over HTTP, a filter lets it through, one run in its own instance has one effect, all of it is
//! durable, and then the caller hears of it.

use std::net::SocketAddr;

use alcove_store::{Store, StoreOptions};
use alcove_test_postgres::{Durability, Server as Postgres};
use anyhow::{Result, ensure};
use serde_json::json;

use super::{
    client::{Load, Shape, load},
    floor::Floor,
    node::{self, Node},
};
use crate::{
    figure::Figure,
    samples::{MILLISECOND, Samples},
    scene::{Sandbox, user_id},
};

pub(crate) const SQLITE_NAMES: [&str; 6] = [
    "w1_over_floor_sqlite",
    "w1_per_s_sqlite",
    "w1_floor_per_s_sqlite",
    "w1_per_s_c64_sqlite",
    "w1_p50_ms_c1",
    "w1_p99_ms_c1",
];

pub(crate) const POSTGRES_NAMES: [&str; 6] = [
    "w1_over_floor_postgres",
    "w1_per_s_postgres",
    "w1_floor_per_s_postgres",
    "w1_per_s_c64_postgres",
    "w1_p50_ms_c1_postgres",
    "w1_p99_ms_c1_postgres",
];

const APP: &str = r#"{
  "schema": "alcove/app@1",
  "name": "Welcome back",
  "trigger": {
    "type": "event", "event": "user.login",
    "filter": { "field": "event.user_id", "op": "starts_with", "value": "user_" }
  },
  "actions": [
    { "type": "send_notification", "params": { "user_id": "{{event.user_id}}", "message": "Welcome back" } }
  ],
  "settings": { "concurrency": "parallel" }
}"#;

const MEMBERS: u32 = 1_000;
const ONE: Shape = Shape { connections: 1, warm_up: 500, measured: 3_000 };
const MANY: Shape = Shape { connections: 32, warm_up: 100, measured: 700 };
const MOST: Shape = Shape { connections: 64, warm_up: 50, measured: 400 };
/// Rounds of the comparison, by turns.
const ROUNDS: u32 = 3;

pub(crate) async fn on_sqlite(sandbox: &Sandbox) -> Result<Vec<Figure>> {
    let folder = tempfile::tempdir()?;
    let url = format!("sqlite:{}", folder.path().join("node.db").display());
    let floor = Floor::sqlite(&folder.path().join("floor.db")).await?;
    on(sandbox, &url, floor, "sqlite").await
}

pub(crate) async fn on_postgres(sandbox: &Sandbox) -> Result<Vec<Figure>> {
    let postgres = Postgres::start(Durability::Disk)?;
    let (database, below) = (postgres.fresh_database()?, postgres.fresh_database()?);
    on(sandbox, database.url(), Floor::postgres(below.url()).await?, "postgres").await
}

async fn on(sandbox: &Sandbox, url: &str, floor: Floor, backend: &str) -> Result<Vec<Figure>> {
    let store = Store::open(url, &StoreOptions::DURABLE).await?;
    node::members(&store, MEMBERS).await?;
    let node = Node::start(sandbox, store).await?;
    node.create("welcome", APP).await?;
    let mut numbers = Numbers::default();
    let one = numbers.load(node.address, ONE).await?;
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        ours.push(numbers.load(node.address, MANY).await?.per_second);
        theirs.push(numbers.load(floor.address, MANY).await?.per_second);
    }
    let most = numbers.load(node.address, MOST).await?;
    ensure!(node.runs("succeeded").await? == 200, "the runs did not succeed");
    node.stop().await?;
    let (ours, theirs) = (median(ours), median(theirs));
    let suffix = if backend == "sqlite" { String::new() } else { format!("_{backend}") };
    Ok(vec![
        Figure::new(
            format!("w1_over_floor_{backend}"),
            ours / theirs,
            "x",
            "W1 beside a handler that commits one row a request in groups, 32 connections, by turns",
        )
        .at_least(0.25),
        per_second(format!("w1_per_s_{backend}"), ours, backend),
        Figure::new(format!("w1_floor_per_s_{backend}"), theirs, "1/s", "the floor, 32 connections"),
        Figure::new(format!("w1_per_s_c64_{backend}"), most.per_second, "1/s", "W1, 64 connections"),
        latency(format!("w1_p50_ms_c1{suffix}"), milliseconds(&one.latencies, 50), backend),
        Figure::new(
            format!("w1_p99_ms_c1{suffix}"),
            milliseconds(&one.latencies, 99),
            "ms",
            "the same, 99th percentile",
        ),
    ])
}

fn per_second(name: String, value: f64, backend: &str) -> Figure {
    let figure = Figure::new(name, value, "1/s", "event over HTTP to durable effect, 32 connections");
    if backend == "sqlite" { figure.at_least(10_000.0) } else { figure }
}

fn latency(name: String, value: f64, backend: &str) -> Figure {
    let figure = Figure::new(name, value, "ms", "W1, one connection");
    if backend == "sqlite" { figure.at_most(0.5) } else { figure }
}

/// Events of numbers that no load has used before.
#[derive(Default)]
struct Numbers(u32);

impl Numbers {
    async fn load(&mut self, address: SocketAddr, shape: Shape) -> Result<Load> {
        let first = self.0;
        self.0 += shape.connections * (shape.warm_up + shape.measured);
        load(address, shape, first, |number| {
            let payload = json!({ "user_id": user_id(number % MEMBERS) });
            json!({ "type": "user.login", "id": format!("login_{number}"), "payload": payload }).to_string()
        })
        .await
    }
}

fn milliseconds(samples: &Samples, percent: usize) -> f64 {
    samples.percentile(percent).as_secs_f64() / MILLISECOND.as_secs_f64()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}
