//! Events and requests, from the sender to the end of their runs.

use std::time::Duration;

use alcove_journal::transition::{Subject, SubjectKind};
use alcove_store::tables::tenants;
use serde_json::json;

use super::*;
use crate::{
    CommitError, Engine, EngineConfig,
    testing::{Installed, Scene, databases},
};

const WAIT: Option<Duration> = Some(Duration::from_secs(30));

fn app(concurrency: &str) -> String {
    json!({
        "schema": "alcove/app@1",
        "name": "Welcome",
        "trigger": { "type": "event", "event": "user.created" },
        "actions": [{ "type": "award_xp", "params": { "user_id": "{{event.user_id}}", "amount": 10 } }],
        "settings": { "concurrency": concurrency },
    })
    .to_string()
}

fn event(id: &str, user: &str) -> IncomingEvent {
    IncomingEvent {
        source: "test".to_owned(),
        id: id.to_owned(),
        name: "user.created".to_owned(),
        timestamp: None,
        payload: json!({ "user_id": user }),
    }
}

/// An engine with one app, on each database.
async fn scenes(concurrency: &str) -> Vec<(Scene, Installed, Engine)> {
    let mut scenes = Vec::new();
    for database in databases().await {
        let scene = Scene::with(database, EngineConfig::default());
        let installed = scene.install("t", "app", &app(concurrency)).await;
        scene.load(&installed, "users", r#"[{ "id": "u1", "name": "Ada" }]"#).await;
        let engine = scene.engine().await;
        scenes.push((scene, installed, engine));
    }
    scenes
}

#[tokio::test]
async fn a_run_whose_caller_waits_is_one_transaction_from_its_event_to_its_end() {
    for (scene, installed, engine) in scenes("parallel").await {
        let before = engine.commits();
        let reply = engine.accept(&installed.tenant, event("e", "u1"), WAIT).await.unwrap();
        assert_eq!(reply.settled[0].state, "succeeded", "{reply:?}");
        let after = engine.commits();
        assert_eq!((after.commits - before.commits, after.units - before.units), (1, 1), "{}", scene.database.name);
        assert_eq!((scene.count("events").await, scene.count("effects").await), (1, 1));
        let row = scene.row(&installed.tenant, &reply.executions[0]).await.unwrap();
        assert_eq!((row.state.as_str(), row.input), ("succeeded", None));
        engine.shut_down().await.unwrap();
    }
}

#[tokio::test]
async fn a_run_of_an_app_that_runs_one_at_a_time_goes_through_the_queue() {
    for (scene, installed, engine) in scenes("queue").await {
        let reply = engine.accept(&installed.tenant, event("e", "u1"), WAIT).await.unwrap();
        assert_eq!(reply.settled[0].state, "succeeded", "{reply:?}");
        assert_eq!((scene.count("effects").await, scene.count("locks").await), (1, 0));
        engine.shut_down().await.unwrap();
    }
}

#[tokio::test]
async fn an_event_that_comes_again_starts_nothing_and_another_of_its_name_is_refused() {
    for concurrency in ["parallel", "queue"] {
        for (scene, installed, engine) in scenes(concurrency).await {
            let accept = |event, wait| engine.accept(&installed.tenant, event, wait);
            accept(event("e", "u1"), WAIT).await.unwrap();
            for wait in [WAIT, None] {
                let again = accept(event("e", "u1"), wait).await.unwrap();
                assert!(again.duplicate && again.executions.is_empty(), "{again:?}");
                let other = accept(event("e", "u2"), wait).await;
                assert!(matches!(other, Err(AcceptError::Conflict { .. })), "{other:?}");
            }
            assert_eq!(scene.count("effects").await, 1);
            engine.shut_down().await.unwrap();
        }
    }
}

#[tokio::test]
async fn an_event_is_matched_again_after_the_apps_have_changed() {
    for (scene, installed, engine) in scenes("parallel").await {
        scene.write(tenants::bump_generation(scene.store.dialect(), &[&installed.tenant])).await;
        let reply = engine.accept(&installed.tenant, event("e", "u1"), WAIT).await.unwrap();
        assert_eq!(reply.settled[0].state, "succeeded", "{reply:?}");
        engine.shut_down().await.unwrap();
    }
}

#[tokio::test]
async fn somebody_starts_a_run_by_hand_once_for_each_request() {
    for (scene, installed, engine) in scenes("parallel").await {
        let bob = Subject { kind: SubjectKind::Person, id: "bob".to_owned() };
        let input = json!({ "user_id": "u1" });
        for _ in 0..2 {
            let run = engine.run_manually(&installed.tenant, &installed.app, &input, "r1", &bob, WAIT);
            assert_eq!(run.await.unwrap().settled[0].state, "succeeded");
        }
        assert_eq!((scene.count("executions").await, scene.count("effects").await), (1, 1));
        engine.shut_down().await.unwrap();
    }
}

#[tokio::test]
async fn what_cannot_be_an_event_is_refused_and_leaves_nothing() {
    for (scene, installed, engine) in scenes("parallel").await {
        let long = "x".repeat(513);
        let unfit = [
            IncomingEvent { source: "run:1".to_owned(), ..event("e", "u1") },
            IncomingEvent { source: long, ..event("e", "u1") },
            IncomingEvent { id: String::new(), ..event("e", "u1") },
            IncomingEvent { name: "user.creatd".to_owned(), ..event("e", "u1") },
            IncomingEvent { payload: json!([]), ..event("e", "u1") },
        ];
        for event in unfit {
            let refused = engine.accept(&installed.tenant, event, None).await;
            assert!(refused.is_err(), "{refused:?}");
        }
        let longest = IncomingEvent { source: "x".repeat(512), ..event("e", "u1") };
        engine.accept(&installed.tenant, longest, None).await.unwrap();
        assert_eq!(scene.count("events").await, 1);
        engine.shut_down().await.unwrap();
    }
}

#[tokio::test]
async fn an_engine_that_was_shut_down_accepts_nothing() {
    for (_scene, installed, engine) in scenes("parallel").await {
        engine.ready().await.unwrap();
        engine.shut_down().await.unwrap();
        engine.shut_down().await.unwrap();
        assert_eq!(engine.ready().await, Err(CommitError::Closed));
        let late = engine.accept(&installed.tenant, event("e", "u1"), None).await;
        assert!(matches!(late, Err(AcceptError::Commit(CommitError::Closed))), "{late:?}");
    }
}

#[tokio::test]
async fn members_that_the_catalog_does_not_have_are_in_the_log_of_the_run_whichever_way_it_takes() {
    for concurrency in ["parallel", "queue"] {
        for (_scene, installed, engine) in scenes(concurrency).await {
            let mut longer = event("e", "u1");
            longer.payload = json!({ "user_id": "u1", "colour": "red", "size": 3 });
            let reply = engine.accept(&installed.tenant, longer, WAIT).await.unwrap();
            assert_eq!(reply.settled[0].state, "succeeded", "{reply:?}");
            let log = engine.execution_log(&installed.tenant, &reply.executions[0]).await.unwrap();
            let lines = log.steps.iter().filter(|step| step.kind == "log");
            let lines: Vec<_> =
                lines.map(|step| (&*step.name, &*step.path, step.message.as_deref().unwrap())).collect();
            let expected = ["colour", "size"].map(|member| {
                format!("the event's payload has a member `{member}`, which the catalog does not have: it was left out")
            });
            let expected: Vec<_> = expected.iter().map(|message| ("warning", "/trigger", &**message)).collect();
            assert_eq!(lines, expected);
            engine.shut_down().await.unwrap();
        }
    }
}
