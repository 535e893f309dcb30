//! Runs that meet a quota of their tenant: what external effects reserve and settle, and what becomes of the run.

use std::time::Duration;

use alcove_ids::ExecutionId;
use alcove_store::tables::{counters, executions, reservations, tenants};
use serde_json::json;

use super::{
    provider::{HOST, Mood, Outsider},
    stage::Stage,
};
use crate::{
    TenantSettings, Tier,
    dispatch::Interruption,
    quota::{Counter, Resource},
    worker,
};

/// One action, and what is done if it fails.
fn app(action: &str, reaction: &str) -> String {
    let handler = json!([{ "type": "send_notification", "params": { "user_id": "u1", "message": "failed" } }]);
    let mut action: serde_json::Value = serde_json::from_str(action).unwrap();
    action["on_failure"] = handler;
    json!({
        "schema": "alcove/app@1",
        "name": "Calls",
        "trigger": { "type": "manual" },
        "actions": [action],
        "settings": { "on_quota_exceeded": reaction },
    })
    .to_string()
}

fn webhook() -> String {
    let params = json!({ "url": format!("{HOST}/hook"), "timeout": "10s", "idempotent": true });
    json!({ "type": "webhook_call", "params": params }).to_string()
}

fn model() -> String {
    json!({ "type": "ai_generate", "params": { "prompt": "a poem", "max_tokens": 100 } }).to_string()
}

/// A tenant of the free tier that has used so much already.
async fn stage(outsider: &Outsider, config: &str, used: &[(Resource, i64)]) -> (Stage, ExecutionId) {
    let stage = Stage::with_outside(config, outsider.outside()).await;
    let settings = TenantSettings { tier: Some(Tier::Free), ..TenantSettings::default() };
    let (scene, tenant) = (&stage.scene, &stage.app.tenant);
    scene.write(tenants::set_settings(scene.store.dialect(), tenant, &settings.to_json())).await;
    scene.tenants.forget(tenant);
    for (resource, used) in used {
        let row = Counter::at(tenant, *resource, scene.clock_us()).unwrap().row(*used);
        scene.write(counters::add(scene.store.dialect(), &[row])).await;
    }
    let id = stage.accept(None).await;
    (stage, id)
}

/// What is counted of a resource in its window of now, and what of it is reserved in any.
async fn counted(stage: &Stage, resource: Resource) -> (i64, i64) {
    let (scene, tenant) = (&stage.scene, &stage.app.tenant);
    let now = Counter::at(tenant, resource, scene.clock_us()).unwrap();
    let get = counters::get(scene.store.dialect(), tenant, resource.name(), now.window_start);
    let counted = scene.store.query(&get).await.unwrap();
    let sums = scene.store.query(&reservations::sums(scene.store.dialect(), tenant)).await.unwrap();
    let rows = |rows: Vec<Vec<_>>| rows.iter().map(|row| counters::Row::decode(row).unwrap()).collect::<Vec<_>>();
    let reserved = rows(sums).iter().filter(|row| row.name == resource.name()).map(|row| row.value).sum();
    (rows(counted).iter().map(|row| row.value).sum(), reserved)
}

fn quota_of(row: &executions::Row) -> serde_json::Value {
    serde_json::from_str(row.error.as_deref().unwrap_or("null")).unwrap()
}

#[tokio::test]
async fn a_webhook_is_reserved_before_it_is_sent_and_settled_with_its_result() {
    let outsider = Outsider::start(Mood::Silent).await;
    let (stage, id) = stage(&outsider, &app(&webhook(), "skip"), &[(Resource::Webhooks, 49)]).await;
    let (lease, interruption) = (stage.claim(&id).await, Interruption::default());
    tokio::select! {
        biased;
        () = outsider.has_done(1) => {}
        () = worker::run(stage.node(), lease, &interruption) => panic!("nobody has answered"),
    }
    assert_eq!(counted(&stage, Resource::Webhooks).await, (50, 1), "on its way");
    // The node is gone. Whoever takes the run up sends the same effect again, and settles what was reserved for it.
    stage.lose(&id).await;
    assert_eq!(counted(&stage, Resource::Webhooks).await, (50, 1), "left by the one before");
    outsider.set(Mood::Done);
    stage.scene.clock.advance(Duration::from_mins(5));
    assert_eq!(stage.carry(&id).await.state, executions::State::Succeeded);
    assert_eq!(counted(&stage, Resource::Webhooks).await, (50, 0), "settled once");
}

#[tokio::test]
async fn tokens_are_settled_to_what_was_used() {
    let outsider = Outsider::start(Mood::Done).await;
    let (stage, id) = stage(&outsider, &app(&model(), "skip"), &[]).await;
    assert_eq!(stage.carry(&id).await.state, executions::State::Succeeded);
    assert_eq!(counted(&stage, Resource::AiCalls).await, (1, 0));
    assert_eq!(counted(&stage, Resource::AiTokens).await, (5, 0));
}

#[tokio::test]
async fn what_was_never_sent_is_not_counted() {
    let outsider = Outsider::start(Mood::Done).await;
    let elsewhere = webhook().replace(HOST, "https://elsewhere.example.com");
    let (stage, id) = stage(&outsider, &app(&elsewhere, "skip"), &[]).await;
    assert_eq!(stage.carry(&id).await.state, executions::State::Succeeded, "its handler was heard");
    assert!(outsider.done().is_empty());
    assert_eq!(counted(&stage, Resource::Webhooks).await, (0, 0));
}

#[tokio::test]
async fn beyond_the_limit_the_action_fails_unsent_and_its_handler_is_heard() {
    for (action, full) in [
        (webhook(), (Resource::Webhooks, 50)),
        (model(), (Resource::AiCalls, 100)),
        (model(), (Resource::AiTokens, 99_999)),
    ] {
        let outsider = Outsider::start(Mood::Done).await;
        let (handled, id) = stage(&outsider, &app(&action, "skip"), &[full]).await;
        assert_eq!(handled.carry(&id).await.state, executions::State::Succeeded, "{full:?}: its handler was heard");
        assert!(handled.effects().await.iter().any(|effect| effect == "u1 failed"), "{full:?}");
        assert_eq!((outsider.done().len(), counted(&handled, full.0).await), (0, (full.1, 0)), "{full:?}");

        let mut unhandled: serde_json::Value = serde_json::from_str(&app(&action, "skip")).unwrap();
        unhandled["actions"][0].as_object_mut().unwrap().remove("on_failure");
        let (stage, id) = stage(&outsider, &unhandled.to_string(), &[full]).await;
        let row = stage.carry(&id).await;
        let error = quota_of(&row);
        assert_eq!((row.state, error["code"].as_str()), (executions::State::Failed, Some("E002")), "{full:?}");
        assert_eq!(error["limit"]["name"], full.0.name());
    }
}

#[tokio::test]
async fn an_app_that_reschedules_waits_for_the_reset_and_goes_on_where_it_was() {
    for (action, full, wait) in [
        (webhook(), (Resource::Webhooks, 50), Duration::from_hours(1)),
        (model(), (Resource::AiTokens, 99_999), Duration::from_hours(12)),
    ] {
        let outsider = Outsider::start(Mood::Done).await;
        let (stage, id) = stage(&outsider, &app(&action, "reschedule"), &[full]).await;
        let row = stage.carry(&id).await;
        let reset = stage.scene.clock_us() + i64::try_from(wait.as_micros()).unwrap();
        assert_eq!((row.state, row.reason.as_deref()), (executions::State::Waiting, Some("delay")), "{full:?}");
        let due = row.due_at.unwrap();
        assert!((reset..reset + 61_000_000).contains(&due), "{full:?}: {due} {reset}");
        assert!(outsider.done().is_empty());
        let until = Duration::from_micros(u64::try_from(due - stage.scene.clock_us()).unwrap());
        stage.scene.clock.advance(until);
        let timer =
            alcove_journal::transition::Timer { kind: alcove_journal::transition::TimerKind::Delay, due_us: due };
        stage.step(&id, alcove_journal::transition::Event::TimerFired(timer)).await;
        assert_eq!(stage.carry(&id).await.state, executions::State::Succeeded, "{full:?}");
        assert_eq!(outsider.done().len(), 1);
    }
}

#[tokio::test]
async fn mails_that_do_not_fit_wait_and_those_that_do_are_sent_once() {
    let mail = |to: &str| json!({ "type": "send_email", "params": { "to": to, "subject": "s", "body": "b" } });
    let config = json!({
        "schema": "alcove/app@1",
        "name": "Mails",
        "trigger": { "type": "manual" },
        "actions": [mail("a@example.com"), mail("b@example.com"), mail("c@example.com")],
        "settings": { "on_quota_exceeded": "reschedule" },
    });
    let outsider = Outsider::start(Mood::Done).await;
    let (stage, id) = stage(&outsider, &config.to_string(), &[(Resource::Emails, 98)]).await;
    let row = stage.carry(&id).await;
    assert_eq!(row.state, executions::State::Waiting, "{row:?}");
    assert_eq!((stage.scene.count("email_outbox").await, counted(&stage, Resource::Emails).await.0), (2, 100));
    let due = row.due_at.unwrap();
    stage.scene.clock.advance(Duration::from_micros(u64::try_from(due - stage.scene.clock_us()).unwrap()));
    let timer = alcove_journal::transition::Timer { kind: alcove_journal::transition::TimerKind::Delay, due_us: due };
    stage.step(&id, alcove_journal::transition::Event::TimerFired(timer)).await;
    assert_eq!(stage.carry(&id).await.state, executions::State::Succeeded);
    assert_eq!((stage.scene.count("email_outbox").await, counted(&stage, Resource::Emails).await.0), (3, 1));
}

#[tokio::test]
async fn an_effect_of_unknown_outcome_counts_as_used() {
    let outsider = Outsider::start(Mood::Silent).await;
    let unproven = webhook().replace("true", "false");
    let (stage, id) = stage(&outsider, &app(&unproven, "skip"), &[]).await;
    let (lease, interruption) = (stage.claim(&id).await, Interruption::default());
    tokio::select! {
        biased;
        () = outsider.has_done(1) => {}
        () = worker::run(stage.node(), lease, &interruption) => panic!("nobody has answered"),
    }
    stage.lose(&id).await;
    stage.scene.clock.advance(Duration::from_mins(5));
    let row = stage.carry(&id).await;
    assert_eq!(quota_of(&row)["code"], "E013");
    assert_eq!(counted(&stage, Resource::Webhooks).await, (1, 0));
}
