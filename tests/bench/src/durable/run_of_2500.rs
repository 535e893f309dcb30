//! One run with 2,500 effects, each an entry of its journal.

use alcove_store::{Store, StoreOptions};
use anyhow::{Result, ensure};

use super::node::{self, Node, principal};
use crate::{
    figure::Figure,
    samples::{MILLISECOND, Rounds, measure as sample},
    scene::Sandbox,
};

pub(crate) const NAMES: [&str; 1] = ["loop_2500_effects_ms"];

const ROUNDS: Rounds = Rounds { warm_up: 3, measured: 15 };
const EFFECTS: u32 = 2_500;

const APP: &str = r#"{
  "schema": "alcove/app@1",
  "name": "A word to everybody",
  "trigger": { "type": "manual" },
  "pipeline": [
    { "id": "all", "connector": "users", "fields": ["id"], "sort": [{ "field": "id", "order": "asc" }], "limit": 2500 }
  ],
  "actions": [
    {
      "type": "for_each", "items": "{{steps.all.data}}", "as": "member",
      "actions": [{ "type": "send_notification", "params": { "user_id": "{{member.id}}", "message": "Good morning" } }]
    }
  ]
}"#;

pub(crate) async fn measure(sandbox: &Sandbox) -> Result<Vec<Figure>> {
    let folder = tempfile::tempdir()?;
    let url = format!("sqlite:{}", folder.path().join("node.db").display());
    let store = Store::open(&url, &StoreOptions::DURABLE).await?;
    node::members(&store, EFFECTS).await?;
    let node = Node::start(sandbox, store).await?;
    node.create("everybody", APP).await?;
    let wait = Some(std::time::Duration::from_secs(30));
    let all = sample(ROUNDS, async |_| {
        let run = node.control.run_app(&principal()?, "everybody", "", None, wait).await?;
        ensure!(run.status == "succeeded" && run.items == u64::from(EFFECTS), "{}: {} items", run.status, run.items);
        Ok(())
    })
    .await?;
    node.stop().await?;
    let what = "one run with 2,500 journalled effects, from the request to the durable end, SQLite in a file";
    Ok(vec![Figure::new("loop_2500_effects_ms", all.median_in(MILLISECOND), "ms", what).at_most(70.0)])
}
