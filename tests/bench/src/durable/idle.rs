//! What apps and runs take that do nothing: the process's own memory, with many of them and without.
//!
//! Measured in processes of their own, since one that has measured other things has memory to spare already.

use std::{env, fs, path::Path, process::Command};

use alcove_catalog::Catalog;
use alcove_compiler::compile;
use alcove_ids::{AppId, TenantId};
use alcove_store::{
    Dialect, Statement, Store, StoreOptions,
    tables::{apps, tenants, versions},
};
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use super::{
    client::{Shape, load},
    node::{self, Node},
};
use crate::{
    figure::Figure,
    scene::{Sandbox, TENANT, user_id},
};

pub(crate) const NAMES: [&str; 4] = ["idle_app_bytes", "waiting_run_bytes", "idle_node_mib", "after_load_mib"];

const APPS: u32 = 100_000;
const RUNS: u32 = 10_000;
/// Apps that are written in one statement.
const PAGE: u32 = 1_000;
const MEMBERS: u32 = 1_000;
const MIB: f64 = 1_048_576.0;

/// Says to a process of this program that it is one of those.
pub(crate) const ALONE: &str = "ALCOVE_BENCH_ALONE";
/// Where such a process finds the sandbox's machine code, as a node does from its second start on: what compiling it
/// takes is given back late, if at all.
pub(crate) const CODE: &str = "ALCOVE_BENCH_CODE";

const ASKS: &str = r#"{
  "schema": "alcove/app@1",
  "name": "Asks before it acts",
  "trigger": { "type": "event", "event": "user.login" },
  "actions": [
    { "type": "request_approval", "params": { "title": "May it?", "message": "About {{event.user_id}}" } },
    { "type": "send_notification", "params": { "user_id": "{{event.user_id}}", "message": "It may" } }
  ],
  "settings": { "concurrency": "parallel" }
}"#;

const ACTS: &str = r#"{
  "schema": "alcove/app@1",
  "name": "Acts at once",
  "trigger": { "type": "event", "event": "user.updated" },
  "actions": [{ "type": "send_notification", "params": { "user_id": "{{event.user_id}}", "message": "Seen" } }],
  "settings": { "concurrency": "parallel" }
}"#;

/// Has both measured, each in a process of its own.
pub(crate) fn measure() -> Result<Vec<Figure>> {
    let code = tempfile::tempdir()?;
    drop(Sandbox::start_with(Some(code.path().to_owned()))?);
    let (idle, after) = (alone("idle", code.path())?, alone("load", code.path())?);
    let [empty, with_apps, with_runs] = idle.as_slice() else { anyhow::bail!("a process measured something else") };
    let [after_load] = after.as_slice() else { anyhow::bail!("a process measured something else") };
    Ok(vec![
        Figure::new(
            "idle_app_bytes",
            (with_apps - empty) / f64::from(APPS),
            "B",
            "memory of one of 100,000 active apps that wait for events",
        ),
        Figure::new(
            "waiting_run_bytes",
            (with_runs - with_apps) / f64::from(RUNS),
            "B",
            "memory of one of 10,000 runs that wait for a person, what their making left behind included",
        ),
        Figure::new("idle_node_mib", with_runs / MIB, "MiB", "the whole process with all of these").at_most(512.0),
        Figure::new("after_load_mib", after_load / MIB, "MiB", "the whole process after 64,000 runs").at_most(100.0),
    ])
}

fn alone(what: &str, code: &Path) -> Result<Vec<f64>> {
    let output = Command::new(env::current_exe()?).env(ALONE, what).env(CODE, code).output()?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let bytes: Vec<Value> = serde_json::from_slice(&output.stdout)?;
    bytes.iter().map(|bytes| bytes.as_f64().context("no number")).collect()
}

/// What such a process does; gives the bytes that it had in memory, at each stage.
pub(crate) async fn perform(what: &str, sandbox: &Sandbox) -> Result<Vec<u64>> {
    let folder = tempfile::tempdir()?;
    let url = format!("sqlite:{}", folder.path().join("node.db").display());
    let store = Store::open(&url, &StoreOptions::DURABLE).await?;
    node::members(&store, MEMBERS).await?;
    if what == "load" {
        let node = Node::start(sandbox, store).await?;
        node.create("acts", ACTS).await?;
        let shape = Shape { connections: 64, warm_up: 0, measured: 1_000 };
        load(node.address, shape, 0, |number| event("user.updated", number)).await?;
        return Ok(vec![resident()?]);
    }
    let node = Node::start(sandbox, store.clone()).await?;
    let empty = resident()?;
    node.stop().await?;
    // The node is started anew over apps that are there, as they would be in practice.
    let store = Store::open(&url, &StoreOptions::DURABLE).await?;
    add_apps(&store).await?;
    store.close().await;
    let store = Store::open(&url, &StoreOptions::DURABLE).await?;
    let node = Node::start(sandbox, store).await?;
    let with_apps = resident()?;
    node.create("asks", ASKS).await?;
    let shape = Shape { connections: 50, warm_up: 0, measured: RUNS / 50 };
    load(node.address, shape, 0, |number| event("user.login", number)).await?;
    Ok(vec![empty, with_apps, resident()?])
}

fn event(name: &str, number: u32) -> String {
    let payload = match name {
        "user.updated" => json!({ "user_id": user_id(number % MEMBERS), "changed": [] }),
        _ => json!({ "user_id": user_id(number % MEMBERS) }),
    };
    json!({ "type": name, "id": format!("e{number}"), "payload": payload }).to_string()
}

/// Apps of one tenant, each with a filter of its own.
async fn add_apps(store: &Store) -> Result<()> {
    let tenant = TenantId::parse(TENANT)?;
    let author = json!({ "kind": "person", "id": "bench" }).to_string();
    for page in 0..APPS / PAGE {
        let numbers = page * PAGE..(page + 1) * PAGE;
        let rows = numbers.map(|number| app(&tenant, &author, number)).collect::<Result<Vec<_>>>()?;
        let (apps, versions): (Vec<_>, Vec<_>) = rows.into_iter().unzip();
        let mut transaction = store.begin().await?;
        transaction.enqueue(statement(apps::insert, &apps));
        transaction.enqueue(statement(versions::insert, &versions));
        transaction.enqueue(tenants::bump_generation(Dialect::Sqlite, &[&tenant]));
        transaction.commit().await?;
    }
    Ok(())
}

fn statement<R>(insert: impl Fn(Dialect, &[R]) -> Statement, rows: &[R]) -> Statement {
    insert(Dialect::Sqlite, rows)
}

fn app(tenant: &TenantId, author: &str, number: u32) -> Result<(apps::Row, versions::Row)> {
    let config = super::matching::app(number);
    let compilation = compile(config.as_bytes(), Catalog::shipped());
    let compiled = compilation.compiled.with_context(|| format!("{:?}", compilation.diagnostics))?;
    let app = AppId::parse(&format!("app_{number:06}"))?;
    let digest = alcove_plan::verify::load(&compiled.bytes)?.digest.to_string();
    let author = author.to_owned();
    let version = versions::Row {
        tenant: tenant.clone(),
        app: app.clone(),
        version: 1,
        digest,
        config,
        plan: compiled.bytes,
        manifest: "{}".to_owned(),
        author: author.clone(),
        created_at: 0,
    };
    let row = apps::Row {
        tenant: tenant.clone(),
        id: app,
        name: format!("App {number}"),
        status: apps::Status::Active,
        version: 1,
        active_version: Some(1),
        author: author.clone(),
        activator: Some(author),
        failures_in_row: 0,
        reason: None,
        created_at: 0,
        updated_at: 0,
    };
    Ok((row, version))
}

/// Bytes of this process that are in memory.
fn resident() -> Result<u64> {
    let status = fs::read_to_string("/proc/self/status").context("the memory of a process is read from /proc")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no line about it")?;
    let kib: u64 = line.trim().trim_end_matches("kB").trim().parse()?;
    Ok(kib * 1_024)
}
