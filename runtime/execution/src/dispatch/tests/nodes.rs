//! Several nodes on one database, and one after the other.

use std::{collections::BTreeSet, time::Duration};

use alcove_store::{Store, StoreOptions, Synchronous, tables::nodes};
use alcove_test_postgres::{Database, fresh_database};
use serde_json::json;

use super::{
    world::{config, until},
    *,
};
use crate::EngineConfig;

async fn node(url: String, name: &'static str, lease: Duration) -> World {
    let store = Store::open(&url, &StoreOptions { synchronous: Synchronous::Off }).await.unwrap();
    World::on(store, name, EngineConfig { lease, ..config() }).await
}

async fn two_nodes() -> (World, World, Database<'static>) {
    let database = fresh_database().unwrap();
    let one = node(database.url().to_owned(), "one", Duration::from_secs(10)).await;
    (one, node(database.url().to_owned(), "two", Duration::from_secs(10)).await, database)
}

#[tokio::test(flavor = "multi_thread")]
async fn two_nodes_on_one_database_run_each_run_once_and_share_the_work() {
    let (one, two, _database) = two_nodes().await;
    one.app("t/a", &gated(&json!({ "concurrency": "parallel" }))).await;
    one.app("u/a", &gated(&json!({ "concurrency": "queue" }))).await;
    let mut runs = Vec::new();
    for number in 0..20 {
        runs.push(("t", one.run("t", &number.to_string()).await));
        runs.push(("u", one.run("u", &number.to_string()).await));
    }
    // Both wait at their own gates: the sixteen runs that a tenant may have on a node leave some for the other one.
    until(async || one.gate.waiting() + two.gate.waiting() == 21).await;
    assert!(one.gate.waiting() > 0 && two.gate.waiting() > 0);
    one.gate.let_through(100);
    two.gate.let_through(100);
    for (of, run) in &runs {
        one.comes_to(of, run, "succeeded").await;
    }
    for (of, run) in &runs {
        assert_eq!(one.row(of, run).await.token, 1, "no run was started twice");
    }
    let effects = one.rows("effects").await.into_iter().map(|row| row[1].clone()).collect::<BTreeSet<_>>();
    assert_eq!(effects.len(), one.rows("effects").await.len());
    one.engine.shut_down().await.unwrap();
    two.engine.shut_down().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn runs_of_a_node_that_is_dead_are_taken_over_when_its_lease_has_ended_and_not_before() {
    let database = fresh_database().unwrap();
    let lease = Duration::from_secs(2);
    let url = database.url().to_owned();
    let (dead, runtime) = World::that_crashes(move || node(url, "dead", lease)).await;
    dead.app("t/a", &gated(&json!({ "concurrency": "queue" }))).await;
    let run = dead.run("t", "1").await;
    dead.gate.waits_for(1).await;
    let alive = node(database.url().to_owned(), "alive", lease).await;
    tokio::time::sleep(lease).await;
    assert_eq!(alive.row("t", &run).await.token, 1, "its node renews its lease");
    runtime.shutdown_background();
    until(async || alive.row("t", &run).await.token == 2).await;
    let rows = alive.node().store.query(&nodes::list(alive.node().store.dialect())).await.unwrap();
    assert_eq!(rows.len(), 1);
    alive.engine.shut_down().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_whose_lease_was_taken_over_stops_what_it_runs_and_goes_on_with_another_lease() {
    let database = fresh_database().unwrap();
    let one = node(database.url().to_owned(), "one", Duration::from_secs(1)).await;
    one.app("t/a", &gated(&json!({ "concurrency": "queue" }))).await;
    let run = one.run("t", "1").await;
    one.gate.waits_for(1).await;
    let (node, before) = (one.node(), one.node().standing.epoch());
    let mut transaction = node.store.begin().await.unwrap();
    transaction.enqueue(nodes::delete(node.store.dialect(), node.standing.node().as_str(), before));
    transaction.commit().await.unwrap();
    until(async || node.standing.epoch() > before).await;
    one.gate.let_through(9);
    until(async || one.row("t", &run).await.token == 2).await;
    let later = one.run("t", "2").await;
    until(async || one.state("t", &later).await != "queued").await;
    one.engine.shut_down().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancellation_reaches_a_run_on_another_node() {
    let (one, two, _database) = two_nodes().await;
    one.app("t/a", &gated(&json!({ "concurrency": "queue" }))).await;
    let run = one.run("t", "1").await;
    until(async || one.gate.waiting() + two.gate.waiting() == 1).await;
    let other = if one.gate.waiting() == 1 { &two } else { &one };
    other.cancel("t", &run).await;
    tokio::time::sleep(config().scan * 4).await;
    one.gate.let_through(1);
    two.gate.let_through(1);
    one.comes_to("t", &run, "cancelled").await;
    one.engine.shut_down().await.unwrap();
    two.engine.shut_down().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_after_a_crash_takes_up_at_once_what_was_running_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("alcove.db");
    let store = Store::open_file(&path).await.unwrap();
    let before = store.clone();
    let (crashed, runtime) = World::that_crashes(move || World::on(before, "node", config())).await;
    crashed.app("t/a", &gated(&json!({ "concurrency": "queue" }))).await;
    let run = crashed.run("t", "1").await;
    crashed.gate.waits_for(1).await;
    runtime.shutdown_background();
    let next = World::on(store, "node", config()).await;
    until(async || next.row("t", &run).await.token == 2).await;
    assert_eq!(next.rows("nodes").await.len(), 1);
}
