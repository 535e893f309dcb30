//! How runs end that do not simply succeed, and what the step log says of them.

use alcove_host::CancellationToken;
use alcove_journal::entry::{Entry, Record, Started};
use alcove_plan::envelope::Digest;

use super::stage::Stage;
use crate::{StepOutcome, dispatch::Interruption, step_log, worker};

const LOOP: &str = r#"{
    "schema": "alcove/app@1", "name": "Loop", "trigger": { "type": "manual" },
    "pipeline": [{ "id": "all", "connector": "users", "limit": 5000 }],
    "settings": { "log_values": "redacted" },
    "actions": [
        { "id": "first", "type": "award_xp", "params": { "user_id": "u1", "amount": 10 } },
        { "type": "for_each", "items": "{{steps.all.data}}", "as": "user", "actions": [
            { "type": "send_notification", "params": { "user_id": "{{user.id}}", "message": "for {{user.name}}" } }
        ] },
        { "type": "send_notification", "params": { "user_id": "u1", "message": "{{actions.first.xp_total}}" } }
    ]
}"#;

#[tokio::test]
async fn a_run_whose_journal_is_anothers_fails_and_names_the_place() {
    let stage = Stage::new(LOOP).await;
    let id = stage.accept(None).await;
    assert!(!stage.carry_until(&id, 1).await);
    stage.lose(&id).await;
    let mut lease = stage.claim(&id).await;
    for record in &mut lease.journal {
        if let Entry::LocalEffects(local) = &mut record.entry {
            local.effects[0].effect.digest = Digest([7; 32]);
        }
    }
    worker::run(stage.node(), lease, &Interruption::default()).await;
    let row = stage.stored(&id).await;
    let error: serde_json::Value = serde_json::from_str(&row.error.unwrap()).unwrap();
    assert_eq!((error["code"].as_str(), error["path"].as_str()), (Some("E012"), Some("/actions/0")), "{error}");
    assert!(error["message"].as_str().unwrap().contains("diverged"), "{error}");
}

#[tokio::test]
async fn a_run_that_began_with_another_executor_is_not_executed() {
    let stage = Stage::new(LOOP).await;
    let id = stage.accept(None).await;
    assert!(!stage.carry_until(&id, 1).await);
    stage.lose(&id).await;
    let mut lease = stage.claim(&id).await;
    if let Some(Record { entry: Entry::Started(started), .. }) = lease.journal.first_mut() {
        *started = Started { executor: Digest([7; 32]), ..started.clone() };
    }
    worker::run(stage.node(), lease, &Interruption::default()).await;
    let row = stage.stored(&id).await;
    assert_eq!(row.state.as_str(), "failed");
    assert!(row.error.unwrap().contains("executor"));
    assert_eq!(stage.scene.count("notifications").await, 0);
}

#[tokio::test]
async fn a_run_that_is_cancelled_before_it_begins_does_nothing() {
    let stage = Stage::new(LOOP).await;
    let id = stage.accept(None).await;
    let lease = stage.claim(&id).await;
    let interruption = Interruption::default();
    let cancel: CancellationToken = interruption.cancel();
    cancel.cancel();
    worker::run(stage.node(), lease, &interruption).await;
    assert_eq!(stage.stored(&id).await.state.as_str(), "cancelled");
    assert_eq!(stage.scene.count("effects").await, 0);
}

#[tokio::test]
async fn the_step_log_has_each_query_call_and_iteration_and_shows_no_personal_data() {
    let stage = Stage::new(LOOP).await;
    let id = stage.accept(None).await;
    let row = stage.carry(&id).await;
    assert_eq!(row.state.as_str(), "succeeded", "{row:?}");
    let log = step_log(&stage.app.plan, &stage.journal(&id).await);
    let kinds: Vec<&str> = log.steps.iter().map(|step| step.kind).collect();
    assert_eq!(kinds, ["query", "action", "action", "action", "action", "action", "end"]);
    assert!(log.steps.iter().all(|step| step.outcome == StepOutcome::Done && step.ended_us.is_some()));
    assert_eq!((log.steps[0].name.as_str(), log.steps[0].rows), ("users", Some(3)));
    let first = serde_json::to_value(&log.steps[1]).unwrap();
    assert_eq!((first["id"].as_str(), first["path"].as_str()), (Some("first"), Some("/actions/0")));
    assert_eq!(first["params"].to_string(), r#"{"user_id":"u1","amount":10}"#);
    assert_eq!(first["outputs"]["xp_total"].to_string(), "10");
    let second = serde_json::to_value(&log.steps[3]).unwrap();
    assert_eq!(second["indices"].to_string(), "[1]");
    assert_eq!(second["params"].to_string(), r#"{"user_id":"u2","message":"[redacted]"}"#);
}

#[tokio::test]
async fn iterations_past_a_thousand_are_counted() {
    let stage = Stage::new(LOOP).await;
    let users: Vec<String> = (10..1_017).map(|n| format!(r#"{{"id": "u{n}"}}"#)).collect();
    stage.scene.load(&stage.app, "users", &format!("[{}]", users.join(","))).await;
    let id = stage.accept(None).await;
    assert_eq!(stage.carry(&id).await.state.as_str(), "succeeded");
    let log = step_log(&stage.app.plan, &stage.journal(&id).await);
    assert_eq!(
        log.steps.iter().filter(|step| step.name == "send_notification" && !step.indices.is_empty()).count(),
        1_000
    );
    assert_eq!(log.omitted.iter().map(|omitted| (omitted.done, omitted.failed)).collect::<Vec<_>>(), [(10, 0)]);
}
