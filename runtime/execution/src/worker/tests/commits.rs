//! How many commits a run takes, and what is in them.

use alcove_journal::entry::Entry;
use alcove_plan::{codec::PageReader, value::Value};

use super::stage::Stage;
use crate::{
    dispatch::Interruption,
    worker::{self, Direct},
};

/// One effect whose outputs nobody reads.
const ONE: &str = r#"{
    "schema": "alcove/app@1", "name": "One", "trigger": { "type": "manual" },
    "settings": { "concurrency": "parallel" },
    "actions": [{ "type": "send_notification", "params": { "user_id": "u1", "message": "hi" } }]
}"#;

#[tokio::test]
async fn a_run_with_one_effect_takes_one_commit_after_its_claim() {
    let stage = Stage::new(ONE).await;
    let id = stage.accept(None).await;
    let before = stage.units();
    let row = stage.carry(&id).await;
    assert_eq!(row.state.as_str(), "succeeded", "{row:?}");
    assert_eq!(stage.units() - before, 2, "the claim and the end");
    assert_eq!(stage.kinds(&id).await, ["started", "local effects", "finished"]);
    assert_eq!(stage.effects().await[0], "u1 hi");
    let usage: serde_json::Value = serde_json::from_str(&row.usage.unwrap()).unwrap();
    assert_eq!((usage["effects"].as_u64(), usage["fuel"].as_u64() > Some(0)), (Some(1), true));
}

#[tokio::test]
async fn a_run_that_its_caller_waits_for_takes_one_commit_with_its_acceptance() {
    let stage = Stage::new(ONE).await;
    let row = stage.row("manual:1", None);
    let id = row.id.clone();
    let accept = Box::new(stage.acceptance(row));
    let plan = stage.app.plan.clone();
    let direct = worker::run_direct(stage.node(), accept, plan, &Interruption::default()).await.unwrap();
    assert!(matches!(direct, Direct::Over), "{direct:?}");
    assert_eq!(stage.units(), 1);
    assert_eq!(stage.stored(&id).await.state.as_str(), "succeeded");
    assert_eq!(stage.kinds(&id).await, ["started", "local effects", "finished"]);
}

/// Outputs that a later call reads, and a handler.
const READ: &str = r#"{
    "schema": "alcove/app@1", "name": "Read", "trigger": { "type": "manual" },
    "actions": [
        { "type": "send_notification", "params": { "user_id": "u1", "message": "first" } },
        { "id": "bonus", "type": "award_xp", "params": { "user_id": "u1", "amount": 10 } },
        { "type": "send_notification", "params": { "user_id": "u1", "message": "{{actions.bonus.xp_total}} XP" } }
    ]
}"#;

#[tokio::test]
async fn an_output_that_is_read_is_a_barrier_and_what_came_before_it_is_in_the_same_commit() {
    let stage = Stage::new(READ).await;
    let id = stage.accept(None).await;
    let before = stage.units();
    assert_eq!(stage.carry(&id).await.state.as_str(), "succeeded");
    assert_eq!(stage.units() - before, 3);
    assert_eq!(stage.kinds(&id).await, ["started", "local effects", "local effects", "finished"]);
    assert_eq!(stage.effects().await[..2], ["u1 10 XP", "u1 first"]);
}

/// A local effect that fails, unhandled, after one that does not.
const FAILS: &str = r#"{
    "schema": "alcove/app@1", "name": "Fails", "trigger": { "type": "manual" },
    "actions": [
        { "type": "send_notification", "params": { "user_id": "u1", "message": "first" } },
        { "type": "send_notification", "params": { "user_id": "nobody", "message": "second" } }
    ]
}"#;

#[tokio::test]
async fn a_run_that_was_misled_is_executed_again_and_fails_where_the_effect_failed() {
    let stage = Stage::new(FAILS).await;
    let id = stage.accept(None).await;
    let before = stage.units();
    let row = stage.carry(&id).await;
    assert_eq!(row.state.as_str(), "failed", "{row:?}");
    let error: serde_json::Value = serde_json::from_str(&row.error.unwrap()).unwrap();
    assert_eq!((error["code"].as_str(), error["path"].as_str()), (Some("E005"), Some("/actions/1")));
    assert_eq!(stage.units() - before, 3, "the claim, the commit that misled, the end");
    assert_eq!(stage.kinds(&id).await, ["started", "local effects", "finished"]);
    assert_eq!(stage.effects().await[0], "u1 first");
}

/// More rows than one page holds.
const MANY: &str = r#"{
    "schema": "alcove/app@1", "name": "Many", "trigger": { "type": "manual" },
    "pipeline": [{ "id": "all", "connector": "users", "limit": 5000 }],
    "actions": [
        { "type": "for_each", "items": "{{steps.all.data}}", "as": "user", "actions": [
            { "type": "send_notification", "params": { "user_id": "{{user.id}}", "message": "hi" } }
        ] }
    ]
}"#;

#[tokio::test]
async fn a_loop_commits_by_full_batches_and_every_page_is_an_entry() {
    let stage = Stage::new(MANY).await;
    let users: Vec<String> = (10..2_507).map(|n| format!(r#"{{"id": "u{n}"}}"#)).collect();
    stage.scene.load(&stage.app, "users", &format!("[{}]", users.join(","))).await;
    let id = stage.accept(None).await;
    let before = stage.units();
    assert_eq!(stage.carry(&id).await.state.as_str(), "succeeded");
    assert_eq!(stage.units() - before, 4, "the claim, two full batches, the end");
    let mut rows = 0;
    for record in stage.journal(&id).await {
        if let Entry::QueryPage(page) = record.entry {
            rows += PageReader::new(&page.answer.unwrap(), 1).unwrap().rows_left();
        }
    }
    assert_eq!(rows, 2_500);
    assert_eq!(stage.scene.count("notifications").await, 2_500);
}

/// An event's members, for templates.
const INPUT: &str = r#"{
    "schema": "alcove/app@1", "name": "Input", "trigger": { "type": "manual" },
    "actions": [{ "type": "send_notification", "params": { "user_id": "u1", "message": "{{event.word}}" } }]
}"#;

#[tokio::test]
async fn a_run_begins_with_what_it_was_accepted_with() {
    let stage = Stage::new(INPUT).await;
    let id = stage.accept(Some(Value::object([("word", Value::from("hello"))]))).await;
    assert_eq!(stage.carry(&id).await.state.as_str(), "succeeded");
    assert_eq!(stage.effects().await[0], "u1 hello");
}
