//! Runs whose stored plan cannot be used any more: after an upgrade whose catalog has lost something, or damaged.

use std::time::Duration;

use alcove_plan::{
    envelope::{open, seal},
    verify,
};
use alcove_store::{Sql, SqlValue, Statement, tables::executions::Trigger};
use serde_json::{Value, json};

use crate::{
    EngineConfig, IncomingEvent,
    testing::{Installed, Scene, databases},
};

const WAIT: Option<Duration> = Some(Duration::from_secs(30));

fn app(concurrency: &str) -> String {
    json!({
        "schema": "alcove/app@1",
        "name": "Welcome",
        "trigger": { "type": "event", "event": "user.created" },
        "actions": [{ "type": "award_xp", "params": { "user_id": "u1", "amount": 10 } }],
        "settings": { "concurrency": concurrency, "retry": { "max_attempts": 5 } },
    })
    .to_string()
}

/// Puts other bytes where the plan of every version is, with the digest that they have or had.
async fn replace(scene: &Scene, plan: Vec<u8>, digest: String) {
    let sql = Sql::fixed("UPDATE versions SET plan = ?1, digest = ?2");
    scene.write(Statement::new(sql, vec![SqlValue::Blob(plan.into()), SqlValue::text(digest)])).await;
}

/// A plan that asks for an action which the catalog does not have, as a later catalog may not have one.
fn of_another_catalog(bytes: &[u8]) -> (Vec<u8>, String) {
    let mut opened = open(bytes).unwrap();
    opened.plan.actions[0].name = "award_medal".to_owned();
    let bytes = seal(&opened.plan, &opened.program).unwrap();
    let digest = verify::load(&bytes).unwrap().digest.to_string();
    (bytes, digest)
}

async fn stored_plan(scene: &Scene) -> Vec<u8> {
    let rows = scene.write(Statement::new(Sql::fixed("SELECT plan FROM versions"), Vec::new())).await;
    let SqlValue::Blob(bytes) = &rows[0][0] else { panic!("a plan is bytes") };
    bytes.to_vec()
}

fn event(installed: &Installed) -> IncomingEvent {
    IncomingEvent {
        source: "test".to_owned(),
        id: format!("event of {}", installed.app),
        name: "user.created".to_owned(),
        timestamp: None,
        payload: json!({ "user_id": "u1" }),
    }
}

/// What the run of an event comes to whose plan was replaced while the engine ran.
async fn fails(scene: &Scene, concurrency: &str, damage: impl Fn(Vec<u8>) -> (Vec<u8>, Option<String>)) -> Value {
    let installed = scene.install("t", "app", &app(concurrency)).await;
    let (plan, digest) = damage(stored_plan(scene).await);
    let is_known = digest.is_some();
    if let Some(digest) = digest {
        replace(scene, plan.clone(), digest).await;
    }
    let engine = scene.engine().await;
    if !is_known {
        // The node has read what the app waits for, and no plan yet.
        replace(scene, plan, installed.plan.digest().to_string()).await;
    }
    let reply = engine.accept(&installed.tenant, event(&installed), WAIT).await.unwrap();
    assert_eq!(reply.settled.len(), 1, "{reply:?}");
    assert_eq!(reply.settled[0].state, "failed", "{reply:?}");
    let row = scene.row(&installed.tenant, &reply.executions[0]).await.unwrap();
    assert_eq!((row.trigger, row.dead_letter, row.attempts), (Trigger::Event, true, 0), "{row:?}");
    assert_eq!((scene.count("dead_letters").await, scene.count("notices").await), (1, 1));
    assert_eq!((scene.count("effects").await, scene.count("locks").await), (0, 0));
    engine.shut_down().await.unwrap();
    serde_json::from_str(&row.error.unwrap()).unwrap()
}

#[tokio::test]
async fn a_run_whose_plan_the_catalog_does_not_have_any_more_fails_and_says_where() {
    for concurrency in ["parallel", "queue"] {
        for database in databases().await {
            let scene = Scene::with(database, EngineConfig::default());
            let error = fails(&scene, concurrency, |bytes| {
                let (bytes, digest) = of_another_catalog(&bytes);
                (bytes, Some(digest))
            });
            let error = error.await;
            assert_eq!((error["code"].as_str(), error["path"].as_str()), (Some("E012"), Some("/actions/0")), "{error}");
            let message = error["message"].as_str().unwrap();
            assert!(message.starts_with("the plan of version 1 cannot be used: "), "{message}");
            assert!(message.contains("`award_medal`"), "{message}");
        }
    }
}

#[tokio::test]
async fn a_run_whose_plan_is_damaged_fails_and_is_kept_as_a_dead_letter() {
    for concurrency in ["parallel", "queue"] {
        for database in databases().await {
            let scene = Scene::with(database, EngineConfig::default());
            let error = fails(&scene, concurrency, |mut bytes| {
                let middle = bytes.len() / 2;
                bytes[middle] ^= 1;
                (bytes, None)
            });
            let error = error.await;
            assert_eq!((error["code"].as_str(), error["path"].as_str()), (Some("E012"), Some("")), "{error}");
            assert!(error["message"].as_str().unwrap().contains("refused"), "{error}");
        }
    }
}
