//! Five thousand members, filtered and sorted, one effect each: an app against native programs.

use std::{fs, path::Path};

use alcove_store::Store;
use anyhow::{Result, ensure};

use crate::{
    figure::Figure,
    native::{Native, Rows},
    samples::{MILLISECOND, Rounds, Samples, measure_both, ratio},
    scene::{App, Sandbox, settle},
};

pub(crate) const NAMES: [&str; 9] = [
    "loop_5000_ms_p50",
    "loop_5000_native_ms_p50",
    "loop_5000_over_native",
    "loop_5000_same_rows_ms_p50",
    "loop_5000_same_rows_native_ms_p50",
    "loop_5000_same_rows_over_native",
    "loop_5000_memory_ms_p50",
    "loop_5000_memory_native_ms_p50",
    "loop_5000_memory_over_native",
];

const ROUNDS: Rounds = Rounds { warm_up: 2, measured: 15 };
const MEMBERS: u32 = 6_000;
const ITEMS: usize = 5_000;
/// 5,500 members have so many or more.
const XP_MIN: i64 = 500;
const AMOUNT: i64 = 5;

const APP: &str = r#"{
  "schema": "alcove/app@1",
  "name": "Season bonus",
  "trigger": { "type": "manual" },
  "pipeline": [
    {
      "id": "top",
      "connector": "users",
      "filter": { "field": "xp_total", "op": "gte", "value": 500 },
      "fields": ["id", "xp_total"],
      "sort": [{ "field": "xp_total", "order": "desc" }],
      "limit": 5000
    }
  ],
  "actions": [
    {
      "type": "for_each",
      "items": "{{steps.top.data}}",
      "as": "member",
      "actions": [{ "type": "award_xp", "params": { "user_id": "{{member.id}}", "amount": 5 } }]
    }
  ]
}"#;

/// What is held against what.
struct Comparison {
    /// Part of the figures' names.
    infix: &'static str,
    on_file: bool,
    rows: Rows,
    ours: &'static str,
    native: &'static str,
}

const COMPARISONS: [Comparison; 3] = [
    Comparison {
        infix: "",
        on_file: true,
        rows: Rows::UpdateAndLedger,
        ours: "5,000 members filtered and sorted, award_xp for each, in a file (WAL, synchronous FULL)",
        native: "native Rust, same driver: SELECT, then UPDATE and ledger entry for each, one transaction",
    },
    Comparison {
        infix: "_same_rows",
        on_file: true,
        rows: Rows::All,
        ours: "as loop_5000_ms_p50, again",
        native: "the same that also writes the events that a run causes",
    },
    Comparison {
        infix: "_memory",
        on_file: false,
        rows: Rows::UpdateAndLedger,
        ours: "as loop_5000_ms_p50, in memory",
        native: "as loop_5000_native_ms_p50, in memory",
    },
];

pub(crate) async fn measure(sandbox: &Sandbox) -> Result<Vec<Figure>> {
    let folder = tempfile::tempdir()?;
    let members = folder.path().join("members.db");
    let store = Store::open_file(&members).await?;
    settle(sandbox.runner(store.clone()).platform(), MEMBERS).await?;
    store.close().await;
    let mut figures = Vec::new();
    for comparison in &COMPARISONS {
        let (ours, native) = compare(comparison, sandbox, folder.path(), &members).await?;
        let infix = comparison.infix;
        let name = |rest: &str| format!("loop_5000{infix}_{rest}");
        figures.push(Figure::new(name("ms_p50"), ours.median_in(MILLISECOND), "ms", comparison.ours));
        figures.push(Figure::new(name("native_ms_p50"), native.median_in(MILLISECOND), "ms", comparison.native));
        figures.push(
            Figure::new(name("over_native"), ratio(&ours, &native), "x", "the one over the other, by turns")
                .at_most(3.0),
        );
    }
    Ok(figures)
}

/// Measures both, each on a database of its own, and sees that they did the same.
async fn compare(
    comparison: &Comparison,
    sandbox: &Sandbox,
    folder: &Path,
    members: &Path,
) -> Result<(Samples, Samples)> {
    let rows = comparison.rows;
    let file = |owner: &str| folder.join(format!("{owner}{}.db", comparison.infix));
    let (store, mut native) = if comparison.on_file {
        fs::copy(members, file("ours"))?;
        fs::copy(members, file("native"))?;
        (Store::open_file(&file("ours")).await?, Native::on_file(&file("native"), rows).await?)
    } else {
        let store = Store::open_memory().await?;
        settle(sandbox.runner(store.clone()).platform(), MEMBERS).await?;
        (store, Native::in_memory(members, rows).await?)
    };
    let app = App::load(sandbox.runner(store.clone()), APP)?;
    let samples = measure_both(
        ROUNDS,
        async |round| {
            let effects = app.run(round, None).await?.effects.len();
            ensure!(effects == ITEMS, "the run had {effects} effects");
            Ok(())
        },
        async |round| {
            let members = native.award(round, XP_MIN, AMOUNT).await?;
            ensure!(members == ITEMS, "the native program found {members} members");
            Ok(())
        },
    )
    .await?;
    if comparison.on_file {
        store.close().await;
        let (ours, theirs) = (Native::on_file(&file("ours"), rows).await?.totals().await?, native.totals().await?);
        ensure!(ours == theirs, "the run left {ours:?} behind, the native program {theirs:?}");
    }
    Ok(samples)
}
