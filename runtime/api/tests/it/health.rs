use crate::world::World;

#[tokio::test]
async fn a_server_says_to_everybody_that_it_is_alive_and_ready() {
    let world = World::new().await;
    assert_eq!(world.stranger().get("/healthz").await.expect(200)["status"], "alive");
    assert_eq!(world.stranger().get("/readyz").await.expect(200)["status"], "ready");
}

#[tokio::test]
async fn a_server_whose_engine_stops_is_alive_and_not_ready() {
    let world = World::new().await;
    world.engine.shut_down().await.unwrap();
    world.stranger().get("/healthz").await.expect(200);
    world.stranger().get("/readyz").await.problem(503, "unavailable");
    let event = serde_json::json!({ "type": "user.created", "id": "e1", "payload": { "user_id": "u1" } });
    world.admin().post("/v1/events", event).await.problem(503, "unavailable");
}
