//! How often a run may call what costs money, and what a tier lets a tenant have.

use alcove_execution::Tier;
use serde_json::{Value as Json, json};

use super::{effects, for_each, items, stop, succeeded};
use crate::scene::{Executor, Scene};

fn emails(count: usize) -> Scene {
    let send = json!({ "to": "a@example.com", "subject": "Number {{one}}", "body": "Hello" });
    let actions = for_each(&json!([{ "type": "send_email", "params": send }]));
    Scene::manual(&json!([]), &actions).event("custom.input", &items(count))
}

fn questions(count: usize) -> Scene {
    let actions = for_each(&json!([{ "type": "ai_generate", "params": { "prompt": "Number {{one}}" } }]));
    let cassette = json!({ "replies": [{ "reply": "Hello" }] });
    Scene::manual(&json!([]), &actions).event("custom.input", &items(count)).ai(cassette)
}

async fn in_the_sandbox(scene: &Scene) -> Json {
    scene.stage().await.run(Executor::Wasm).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_sends_2000_emails_and_no_more() {
    let report = in_the_sandbox(&emails(2_000)).await;
    assert_eq!((succeeded(&report), effects(&report)), (true, 2_000));
    let report = in_the_sandbox(&emails(2_001)).await;
    assert_eq!((stop(&report), effects(&report)), (("E009", "emails", 2_000), 2_000));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_asks_a_model_500_times_and_no_more() {
    let report = in_the_sandbox(&questions(500)).await;
    assert_eq!((succeeded(&report), effects(&report)), (true, 500));
    let report = in_the_sandbox(&questions(501)).await;
    assert_eq!((stop(&report), effects(&report)), (("E009", "ai_calls", 500), 500));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_free_tier_has_100_emails_and_100_questions_a_day() {
    for (make, name) in [(emails as fn(usize) -> Scene, "emails_per_day"), (questions, "ai_calls_per_day")] {
        let tier = Some(Tier::Free);
        let report = Scene { tier, ..make(100) }.run().await;
        assert_eq!((succeeded(&report), effects(&report)), (true, 100));
        let report = Scene { tier, ..make(101) }.run().await;
        assert_eq!((stop(&report), effects(&report)), (("E002", name, 100), 100));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_tier_there_is_no_quota() {
    let report = in_the_sandbox(&emails(101)).await;
    assert_eq!((succeeded(&report), effects(&report)), (true, 101));
}
