//! What several people do with runs at the same moment.

use std::sync::Arc;

use alcove_journal::transition::{Subject, SubjectKind};
use alcove_store::{Sql, Statement};
use serde_json::json;

use crate::{
    EngineConfig, IncomingEvent,
    testing::{Scene, databases},
};

const FAILING: &str = r#"{
    "schema": "alcove/app@1", "name": "Failing", "trigger": { "type": "event", "event": "user.created" },
    "actions": [{ "type": "award_xp", "params": { "user_id": "nobody", "amount": 1 } }],
    "settings": { "concurrency": "parallel", "auto_pause_after": 1000 }
}"#;

/// Runs that fail at once.
const RUNS: usize = 8;

async fn numbers_of_audit(scene: &Scene) -> Vec<i64> {
    let sql = Sql::fixed("SELECT seq FROM audit ORDER BY seq");
    let rows = scene.store.query(&Statement::new(sql, Vec::new())).await.unwrap();
    rows.iter().map(|row| row[0].as_int().unwrap()).collect()
}

#[tokio::test]
async fn everybody_who_acts_at_once_is_heard_and_written_down() {
    for database in databases().await {
        let scene = Scene::with(database, EngineConfig::default());
        let installed = scene.install("t", "app", FAILING).await;
        let engine = Arc::new(scene.engine().await);
        let mut failed = Vec::new();
        for number in 0..RUNS {
            let event = IncomingEvent {
                source: "test".to_owned(),
                id: number.to_string(),
                name: "user.created".to_owned(),
                timestamp: None,
                payload: json!({ "user_id": "u1" }),
            };
            let reply =
                engine.accept(&installed.tenant, event, Some(std::time::Duration::from_secs(30))).await.unwrap();
            assert_eq!(reply.settled[0].state, "failed", "{reply:?}");
            failed.extend(reply.executions);
        }
        let mut acting = tokio::task::JoinSet::new();
        for (number, run) in failed.into_iter().enumerate() {
            let (engine, installed) = (Arc::clone(&engine), installed.clone());
            acting.spawn(async move {
                let by = Subject { kind: SubjectKind::Person, id: format!("person{number}") };
                let tenant = &installed.tenant;
                match number % 2 {
                    0 => engine.retry(tenant, &run, &by, None).await.map(drop).map_err(|error| error.to_string()),
                    _ => engine.discard(tenant, &run, &by).await.map(drop).map_err(|error| error.to_string()),
                }?;
                let activated = engine.activate_app(tenant, &installed.app, None, &by).await;
                activated.map(drop).map_err(|error| error.to_string())
            });
        }
        let done = acting.join_all().await;
        assert_eq!(done, vec![Ok(()); RUNS], "{}", scene.database.name);
        let expected: Vec<i64> = (0..).take(2 * RUNS).collect();
        assert_eq!(numbers_of_audit(&scene).await, expected, "{}", scene.database.name);
        engine.shut_down().await.unwrap();
    }
}
