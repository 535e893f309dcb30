//! A run that does nothing, over the floor.

use alcove_store::Store;
use anyhow::{Error, Result};

use crate::{
    figure::Figure,
    floor::Floor,
    samples::{MICROSECOND, Rounds, measure_both, ratio},
    scene::{App, Sandbox},
};

pub(crate) const NAMES: [&str; 4] = ["floor_us_p50", "empty_run_us_p50", "empty_run_us_p99", "empty_run_over_floor"];

const ROUNDS: Rounds = Rounds { warm_up: 2_000, measured: 20_000 };

/// Its only action is never performed.
const APP: &str = r#"{
  "schema": "alcove/app@1",
  "name": "Nothing to do",
  "trigger": { "type": "manual" },
  "actions": [
    {
      "type": "send_notification",
      "when": { "field": "app_id", "op": "eq", "value": "another" },
      "params": { "user_id": "user_00000", "message": "Hello" }
    }
  ]
}"#;

pub(crate) async fn measure(sandbox: &Sandbox) -> Result<Vec<Figure>> {
    let floor = Floor::new(sandbox.runtime.engine()).map_err(Error::msg)?;
    let app = App::load(sandbox.runner(Store::open_memory().await?), APP)?;
    let (empty, bare) = measure_both(
        ROUNDS,
        async |round| app.run(round, None).await.map(drop),
        async |_| floor.cycle().await.map_err(Error::msg),
    )
    .await?;
    let p99 = empty.percentile(99).as_secs_f64() / MICROSECOND.as_secs_f64();
    Ok(vec![
        Figure::new(
            "floor_us_p50",
            bare.median_in(MICROSECOND),
            "us",
            "bare Wasmtime, same engine: store, instance, call of an empty export, drop",
        ),
        Figure::new(
            "empty_run_us_p50",
            empty.median_in(MICROSECOND),
            "us",
            "a run whose only action has a false `when`, from its spec to its report",
        ),
        Figure::new("empty_run_us_p99", p99, "us", "the same, 99th percentile"),
        Figure::new("empty_run_over_floor", ratio(&empty, &bare), "x", "empty_run_us_p50 / floor_us_p50, by turns")
            .at_most(3.0),
    ])
}
