//! Tenants that are not served, and tenants that go.

use std::time::Duration;

use alcove_ids::TenantId;
use alcove_journal::transition::{Subject, SubjectKind};
use alcove_store::tables::{executions, tenants, timers};
use serde_json::json;

use crate::{
    EngineConfig, IncomingEvent, TenantSettings, TenantStatus,
    testing::{Scene, databases},
};

const AWARD: &str = r#"{
    "schema": "alcove/app@1", "name": "Award", "trigger": { "type": "event", "event": "user.created" },
    "actions": [{ "type": "award_xp", "params": { "user_id": "u1", "amount": 1 } }],
    "settings": { "concurrency": "parallel" }
}"#;

const NIGHTLY: &str = r#"{
    "schema": "alcove/app@1", "name": "Nightly", "trigger": { "type": "scheduled", "cron": "*/5 * * * *" },
    "actions": [{ "type": "award_xp", "params": { "user_id": "u1", "amount": 1 } }]
}"#;

fn event(id: &str) -> IncomingEvent {
    IncomingEvent {
        source: "test".to_owned(),
        id: id.to_owned(),
        name: "user.created".to_owned(),
        timestamp: None,
        payload: json!({ "user_id": "u1" }),
    }
}

async fn set_status(scene: &Scene, tenant: &TenantId, status: TenantStatus) {
    let settings = TenantSettings { status, ..TenantSettings::default() }.to_json();
    scene.write(tenants::set_settings(scene.store.dialect(), tenant, &settings)).await;
}

#[tokio::test]
async fn what_is_queued_of_a_suspended_tenant_waits_until_it_is_served_again() {
    for database in databases().await {
        let name = database.name;
        let scene = Scene::with(database, EngineConfig::default());
        let installed = scene.install("t", "app", AWARD).await;
        let engine = scene.engine().await;
        let tenant = &installed.tenant;
        set_status(&scene, tenant, TenantStatus::Suspended).await;
        engine.tenant_changed(tenant);
        let reply = engine.accept(tenant, event("e1"), None).await.unwrap();
        assert_eq!(engine.execution(tenant, &reply.executions[0]).await.unwrap().state, executions::State::Queued);
        assert!(engine.has_open_runs(tenant).await.unwrap(), "{name}");

        set_status(&scene, tenant, TenantStatus::Active).await;
        engine.tenant_changed(tenant);
        while engine.has_open_runs(tenant).await.unwrap() {
            tokio::task::yield_now().await;
        }
        engine.shut_down().await.unwrap();
    }
}

#[tokio::test]
async fn a_tenant_that_goes_leaves_no_run_and_no_app_and_another_keeps_its_own() {
    for database in databases().await {
        let name = database.name;
        let scene = Scene::with(database, EngineConfig::default());
        let (gone, stays) = (scene.install("t1", "app", AWARD).await, scene.install("t2", "app", AWARD).await);
        let engine = scene.engine().await;
        set_status(&scene, &gone.tenant, TenantStatus::Deleted).await;
        engine.tenant_changed(&gone.tenant);
        for tenant in [&gone.tenant, &stays.tenant] {
            engine.accept(tenant, event("e1"), None).await.unwrap();
        }
        engine.cancel_open(&gone.tenant, "the tenant was deleted").await.unwrap();
        assert!(!engine.has_open_runs(&gone.tenant).await.unwrap(), "{name}");
        engine.purge_tenant(&gone.tenant).await.unwrap();
        let left = engine.accept(&gone.tenant, event("e2"), None).await.unwrap();
        assert!(left.executions.is_empty(), "{name}: nothing of it is matched any more");
        assert!(engine.app(&gone.tenant, &gone.app).await.is_err(), "{name}");
        assert!(engine.app(&stays.tenant, &stays.app).await.is_ok(), "{name}");
        let reply = engine.accept(&stays.tenant, event("e2"), None).await.unwrap();
        assert_eq!(reply.executions.len(), 1, "{name}");
        engine.shut_down().await.unwrap();
    }
}

#[tokio::test]
async fn ticks_of_a_suspended_tenant_are_lost_and_the_schedule_goes_on() {
    for database in databases().await {
        let name = database.name;
        let scene = Scene::with(database, EngineConfig::default());
        let installed = scene.install("t", "app", NIGHTLY).await;
        let engine = scene.engine().await;
        let by = Subject { kind: SubjectKind::Person, id: "ada".to_owned() };
        let tenant = &installed.tenant;
        engine.pause_app(tenant, &installed.app, &by).await.unwrap();
        engine.resume_app(tenant, &installed.app, &by).await.unwrap();
        set_status(&scene, tenant, TenantStatus::Suspended).await;
        engine.tenant_changed(tenant);
        scene.clock.advance(Duration::from_mins(6));
        fired(&scene).await;
        assert_eq!((scene.count("executions").await, scene.count("timers").await), (0, 1), "{name}");

        set_status(&scene, tenant, TenantStatus::Active).await;
        engine.tenant_changed(tenant);
        scene.clock.advance(Duration::from_mins(5));
        fired(&scene).await;
        assert_eq!((scene.count("executions").await, scene.count("timers").await), (1, 1), "{name}");
        engine.shut_down().await.unwrap();
    }
}

/// Waits until no timer is due.
async fn fired(scene: &Scene) {
    loop {
        let next = scene.store.query(&timers::next_due(scene.store.dialect())).await.unwrap();
        if next[0][0].as_int().is_none_or(|due_us| due_us > scene.clock_us()) {
            return;
        }
        tokio::task::yield_now().await;
    }
}
