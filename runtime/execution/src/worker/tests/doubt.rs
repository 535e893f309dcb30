//! External effects: sent after their intent, and judged by what their binding promises where nobody knows what became
//! of them.

use std::time::Duration;

use alcove_ids::ExecutionId;
use alcove_journal::entry::Entry;

use super::{
    provider::{HOST, Mood, Outsider},
    stage::Stage,
};

/// A call of each kind, and a local effect after it.
fn app(action: &str) -> String {
    format!(
        r#"{{
            "schema": "alcove/app@1", "name": "Calls", "trigger": {{ "type": "manual" }},
            "actions": [
                {{ "type": "send_notification", "params": {{ "user_id": "u1", "message": "before" }} }},
                {action},
                {{ "type": "send_notification", "params": {{ "user_id": "u1", "message": "after" }} }}
            ]
        }}"#
    )
}

fn webhook(idempotent: bool) -> String {
    let params = format!(r#"{{ "url": "{HOST}/hook", "timeout": "10s", "idempotent": {idempotent} }}"#);
    app(&format!(r#"{{ "type": "webhook_call", "params": {params} }}"#))
}

fn model() -> String {
    app(r#"{ "type": "ai_generate", "params": { "prompt": "a poem" } }"#)
}

async fn stage(outsider: &Outsider, config: &str) -> (Stage, ExecutionId) {
    let stage = Stage::with_outside(config, outsider.outside()).await;
    let id = stage.accept(None).await;
    (stage, id)
}

/// The worker is struck down while the effect is on its way, and the run is taken up after the effect's deadline.
async fn strike(stage: &Stage, id: &ExecutionId, outsider: &Outsider) {
    let lease = stage.claim(id).await;
    let interruption = crate::dispatch::Interruption::default();
    tokio::select! {
        biased;
        () = outsider.has_done(1) => {}
        () = crate::worker::run(stage.node(), lease, &interruption) => panic!("the provider has not answered"),
    }
    assert_eq!(stage.kinds(id).await, ["started", "local effects", "intent"]);
    stage.lose(id).await;
    outsider.set(Mood::Done);
    stage.scene.clock.advance(Duration::from_mins(5));
}

async fn error_code(stage: &Stage, id: &ExecutionId) -> String {
    let error: serde_json::Value = serde_json::from_str(&stage.stored(id).await.error.unwrap()).unwrap();
    error["code"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn an_effect_is_sent_after_its_intent_and_its_result_is_recorded_with_what_follows() {
    let outsider = Outsider::start(Mood::Done).await;
    let (stage, id) = stage(&outsider, &webhook(true)).await;
    let before = stage.units();
    let row = stage.carry(&id).await;
    assert_eq!(row.state.as_str(), "succeeded", "{row:?}");
    assert_eq!(stage.units() - before, 3, "the claim, the intent with what came before it, the end");
    let kinds = ["started", "local effects", "intent", "result", "local effects", "finished"];
    assert_eq!(stage.kinds(&id).await, kinds);
    let sent = outsider.done();
    assert!(sent.len() == 1 && sent[0].starts_with("eff_"), "{sent:?}");
}

#[tokio::test]
async fn in_doubt_an_effect_with_a_key_is_sent_again_with_the_same_key() {
    let outsider = Outsider::start(Mood::Silent).await;
    let (stage, id) = stage(&outsider, &webhook(true)).await;
    strike(&stage, &id, &outsider).await;
    assert_eq!(stage.carry(&id).await.state.as_str(), "succeeded");
    let sent = outsider.done();
    assert_eq!((sent.len(), sent[0] == sent[1]), (2, true), "{sent:?}");
}

#[tokio::test]
async fn in_doubt_an_effect_whose_key_is_forgotten_is_unknown() {
    let outsider = Outsider::start(Mood::Silent).await;
    let (stage, id) = stage(&outsider, &webhook(true)).await;
    strike(&stage, &id, &outsider).await;
    stage.scene.clock.advance(Duration::from_hours(24));
    assert_eq!(stage.carry(&id).await.state.as_str(), "failed");
    assert_eq!(error_code(&stage, &id).await, "E013");
    assert_eq!(outsider.done().len(), 1);
}

#[tokio::test]
async fn in_doubt_an_effect_that_promises_nothing_is_unknown_and_never_sent_again() {
    let outsider = Outsider::start(Mood::Silent).await;
    let (stage, id) = stage(&outsider, &webhook(false)).await;
    strike(&stage, &id, &outsider).await;
    let row = stage.carry(&id).await;
    assert_eq!((row.state.as_str(), row.dead_letter), ("failed", true));
    assert_eq!(error_code(&stage, &id).await, "E013");
    assert_eq!(outsider.done().len(), 1);
    assert_eq!(stage.effects().await[0], "u1 before", "what came before stays, what comes after is not done");
    assert_eq!(stage.scene.count("notifications").await, 1);
}

#[tokio::test]
async fn in_doubt_an_effect_that_changes_nothing_when_repeated_is_sent_again() {
    let outsider = Outsider::start(Mood::Silent).await;
    let (stage, id) = stage(&outsider, &model()).await;
    strike(&stage, &id, &outsider).await;
    let row = stage.carry(&id).await;
    assert_eq!(row.state.as_str(), "succeeded", "{row:?}");
    assert_eq!(outsider.done().len(), 2);
    let usage: serde_json::Value = serde_json::from_str(&row.usage.unwrap()).unwrap();
    assert_eq!(usage["ai_tokens_in"].as_u64(), Some(3));
}

#[tokio::test]
async fn before_the_deadline_of_a_predecessor_nothing_is_done_and_the_run_waits() {
    let outsider = Outsider::start(Mood::Silent).await;
    let (stage, id) = stage(&outsider, &webhook(true)).await;
    let lease = stage.claim(&id).await;
    let interruption = crate::dispatch::Interruption::default();
    tokio::select! {
        biased;
        () = outsider.has_done(1) => {}
        () = crate::worker::run(stage.node(), lease, &interruption) => panic!("the provider has not answered"),
    }
    stage.lose(&id).await;
    let row = stage.carry(&id).await;
    assert_eq!(row.state.as_str(), "waiting", "{row:?}");
    assert_eq!(outsider.done().len(), 1);
    let deadline = stage.journal(&id).await.into_iter().find_map(|record| match record.entry {
        Entry::Intent(intent) => Some(intent.deadline_us),
        _ => None,
    });
    assert_eq!(row.due_at, deadline);
}

#[tokio::test]
async fn what_fails_for_a_while_is_tried_again_by_the_actions_own_retry() {
    let outsider = Outsider::start(Mood::Busy).await;
    let retry = r#""retry": { "max_attempts": 3, "initial_delay": "1h", "max_delay": "2h", "jitter": false }"#;
    let call =
        format!(r#"{{ "type": "webhook_call", "params": {{ "url": "{HOST}/hook", "idempotent": true }}, {retry} }}"#);
    let (stage, id) = stage(&outsider, &app(&call)).await;
    let row = stage.carry(&id).await;
    assert_eq!(row.state.as_str(), "waiting", "{row:?}");
    let due_us = row.due_at.unwrap();
    assert_eq!(due_us - stage.scene.clock_us(), 3_600_000_000);
    assert_eq!(stage.kinds(&id).await, ["started", "local effects", "intent", "retry", "suspended"]);
    stage.scene.clock.advance(Duration::from_hours(1));
    outsider.set(Mood::Done);
    let timer = alcove_journal::transition::Timer { kind: alcove_journal::transition::TimerKind::Retry, due_us };
    stage.step(&id, alcove_journal::transition::Event::TimerFired(timer)).await;
    assert_eq!(stage.carry(&id).await.state.as_str(), "succeeded");
    assert_eq!(outsider.done().len(), 1);
}

#[tokio::test]
async fn a_call_that_is_on_its_way_when_its_run_is_cancelled_is_recorded() {
    let outsider = Outsider::start(Mood::Silent).await;
    let (stage, id) = stage(&outsider, &webhook(false)).await;
    let lease = stage.claim(&id).await;
    let interruption = crate::dispatch::Interruption::default();
    let worker = crate::worker::run(stage.node(), lease, &interruption);
    let cancel = async {
        outsider.has_done(1).await;
        interruption.cancel().cancel();
    };
    tokio::join!(worker, cancel);
    // It did not answer in time, and promises nothing.
    assert_eq!(stage.stored(&id).await.state.as_str(), "failed");
    assert_eq!(error_code(&stage, &id).await, "E013");
    assert_eq!(stage.kinds(&id).await, ["started", "local effects", "intent", "result", "finished"]);
}
