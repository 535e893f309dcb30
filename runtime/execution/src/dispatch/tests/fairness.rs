use super::{
    world::{app, config},
    *,
};
use alcove_store::SqlValue;
use serde_json::json;

/// Of each run that was started: when it was accepted, started and ended.
async fn times(world: &World, of: &str) -> Vec<(i64, i64, i64)> {
    let sql = alcove_store::Sql::fixed(
        "SELECT queued_at, started_at, ended_at FROM executions WHERE tenant_id = ?1 AND ended_at IS NOT NULL",
    );
    let statement = alcove_store::Statement::new(sql, vec![SqlValue::text(of)]);
    let rows = world.node().store.query(&statement).await.unwrap();
    rows.iter().map(|row| (row[0].as_int().unwrap(), row[1].as_int().unwrap(), row[2].as_int().unwrap())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_queued_runs_of_a_tenant_delay_another_tenants_single_run_by_less_than_two_run_times() {
    let settings = crate::EngineConfig { runs_max: 8, runs_per_tenant_max: 8, ..config() };
    let world = std::sync::Arc::new(World::new(settings).await);
    let action = json!([{ "type": "set_state", "params": { "key": "one", "value": "{{event.key}}" } }]);
    for of in ["flood/a", "single/b"] {
        world.app(of, &app(&json!({ "concurrency": "parallel" }), &action)).await;
    }
    let flood = (0..10_000).map(|number| {
        let world = std::sync::Arc::clone(&world);
        tokio::spawn(async move { world.run("flood", &number.to_string()).await })
    });
    let flood = flood.collect::<Vec<_>>();
    for accepted in flood {
        accepted.await.unwrap();
    }
    let mut turns = Vec::new();
    for number in 0..5 {
        let single = world.run("single", &number.to_string()).await;
        world.comes_to("single", &single, "succeeded").await;
        let row = world.row("single", &single).await;
        let (accepted, ended) = (row.queued_at, row.ended_at.unwrap());
        // The others that were started meanwhile: each slot may have started one before, and one beside.
        let flood = times(&world, "flood").await;
        turns.push(flood.iter().filter(|(_, started, _)| (accepted..=ended).contains(started)).count());
    }
    let left = 10_000 - times(&world, "flood").await.len();
    assert!(left > 0, "the flood was over before the single runs were");
    // Eight slots: less than two times eight runs of the flood are started from its acceptance to its end.
    assert!(turns.iter().all(|turns| *turns < 16), "{turns:?}");
    world.engine.shut_down().await.unwrap();
}
