//! Requests of runs: for whom they may go where, how they are signed, and what is kept of them.

use std::sync::Arc;

use alcove_egress::SigningKey;
use alcove_ids::{ExecutionId, TenantId};
use alcove_store::tables::{egress_log, executions::State, tenants};
use async_trait::async_trait;

use super::{
    provider::{HOST, Mood, Outsider},
    stage::Stage,
};
use crate::{Outside, SigningKeys, SigningKeysError, TenantSettings};

/// A run that calls two URLs of [`HOST`].
fn app() -> String {
    let call = |path: &str| {
        let params = format!(r#"{{ "url": "{HOST}/{path}", "body": {{ "a": "secret" }}, "idempotent": true }}"#);
        format!(r#"{{ "type": "webhook_call", "params": {params} }}"#)
    };
    let (one, two) = (call("one?token=secret"), call("two"));
    format!(
        r#"{{ "schema": "alcove/app@1", "name": "Calls", "trigger": {{ "type": "manual" }}, "actions": [{one}, {two}] }}"#
    )
}

async fn run(outside: Outside, allowed: Option<&str>) -> (Stage, ExecutionId) {
    let stage = Stage::with_outside(&app(), outside).await;
    if let Some(allowed) = allowed {
        let settings = TenantSettings { allowed_origins: vec![allowed.to_owned()], ..TenantSettings::default() };
        let dialect = stage.scene.store.dialect();
        stage.scene.write(tenants::set_settings(dialect, &stage.app.tenant, &settings.to_json())).await;
        stage.scene.tenants.forget(&stage.app.tenant);
    }
    let id = stage.accept(None).await;
    stage.carry(&id).await;
    (stage, id)
}

async fn calls(stage: &Stage, id: &ExecutionId) -> Vec<egress_log::Row> {
    let store = &stage.scene.store;
    let rows = store.query(&egress_log::of_run(store.dialect(), &stage.app.tenant, id, "", 99)).await.unwrap();
    rows.iter().map(|row| egress_log::Row::decode(row).unwrap()).collect()
}

async fn error(stage: &Stage, id: &ExecutionId) -> String {
    stage.stored(id).await.error.unwrap_or_default()
}

#[derive(Debug)]
struct Secrets(Result<&'static str, SigningKeysError>);

#[async_trait]
impl SigningKeys for Secrets {
    async fn of(&self, _: &TenantId) -> Result<Vec<SigningKey>, SigningKeysError> {
        self.0.map(|secret| vec![SigningKey::parse(secret).unwrap()])
    }
}

#[tokio::test]
async fn what_a_run_sends_is_kept_with_its_result_and_without_its_secrets() {
    let outsider = Outsider::start(Mood::Done).await;
    let (stage, id) = run(outsider.outside(), None).await;
    assert_eq!(stage.stored(&id).await.state, State::Succeeded);
    let rows = calls(&stage, &id).await;
    let targets: Vec<&str> = rows.iter().map(|row| row.target.as_str()).collect();
    assert_eq!(targets, ["https://hooks.example.com/one?token=***", "https://hooks.example.com/two"]);
    for row in &rows {
        assert_eq!(
            (row.method.as_str(), row.status, row.error.as_deref(), row.bytes_out),
            ("POST", Some(200), None, 14)
        );
        assert!(outsider.done().contains(&row.effect.to_string()), "{row:?}");
        assert!(!format!("{row:?}").contains("secret"), "{row:?}");
    }
    assert_eq!(stage.units(), 5, "the acceptance, the claim, an intent for each, the end: none for the log");
}

#[tokio::test]
async fn a_tenant_reaches_what_its_own_list_allows_and_with_an_empty_one_nothing() {
    for (allowed, inherits, reaches) in [
        (Some(HOST), false, true),
        (Some("https://*.example.com"), false, true),
        (Some("https://other.example.com"), false, false),
        (Some("https://other.example.com"), true, false),
        (None, false, false),
        (None, true, true),
    ] {
        let outsider = Outsider::start(Mood::Done).await;
        let outside = Outside { lists_inherited: inherits, ..outsider.outside() };
        let (stage, id) = run(outside, allowed).await;
        assert_eq!(outsider.done().is_empty(), !reaches, "{allowed:?}, inherits: {inherits}");
        let rows = calls(&stage, &id).await;
        if reaches {
            assert_eq!(rows.len(), 2);
            continue;
        }
        let said = error(&stage, &id).await;
        assert!(said.contains("E005") && said.contains("allow-list of the tenant"), "{said}");
        assert_eq!((rows.len(), rows[0].error.as_deref()), (1, Some("origin_not_allowed")));
    }
}

#[tokio::test]
async fn a_list_that_does_not_read_opens_nothing() {
    let outsider = Outsider::start(Mood::Done).await;
    let (stage, id) = run(outsider.outside(), Some("https://hooks.example.com/path")).await;
    assert!(outsider.done().is_empty());
    let said = error(&stage, &id).await;
    assert!(said.contains("E005") && said.contains("allow-list does not read"), "{said}");
}

#[tokio::test]
async fn without_the_secrets_that_sign_nothing_is_sent() {
    let outsider = Outsider::start(Mood::Done).await;
    let broken = Arc::new(Secrets(Err(SigningKeysError)));
    let (stage, id) = run(Outside { signing: Some(broken), ..outsider.outside() }, None).await;
    assert!(outsider.done().is_empty());
    let said = error(&stage, &id).await;
    assert!(said.contains("E007") && said.contains("signing secrets"), "{said}");

    let there = Arc::new(Secrets(Ok("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")));
    let (stage, id) = run(Outside { signing: Some(there), ..outsider.outside() }, None).await;
    assert_eq!((stage.stored(&id).await.state, outsider.done().len()), (State::Succeeded, 2));
}

#[tokio::test]
async fn what_is_kept_of_a_runs_requests_goes_with_the_run() {
    let outsider = Outsider::start(Mood::Done).await;
    let (stage, id) = run(outsider.outside(), None).await;
    assert_eq!(calls(&stage, &id).await.len(), 2);
    stage.scene.clock.advance(stage.scene.config.runs_kept + std::time::Duration::from_secs(1));
    crate::retention::prune(&stage.scene.node).await.unwrap();
    assert_eq!(calls(&stage, &id).await, []);
}
