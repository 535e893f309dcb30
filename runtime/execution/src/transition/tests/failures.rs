use std::time::Duration;

use alcove_journal::transition::{Stop, Timer, TimerKind};
use alcove_plan::failure::{Code, Failure};

use super::*;

async fn fail(scene: &Scene, installed: &Installed, run: &ExecutionId, code: Code) {
    let lease = lease(scene, installed, run).await;
    let stop = Stop { failure: Failure::new(code, "it went wrong"), place: 0, asked: None };
    let_go(scene, &lease, Event::Failed { token: lease.token, stop }, None).await;
}

#[tokio::test]
async fn a_transient_failure_is_tried_again_by_a_timer() {
    for database in databases().await {
        let scene = Scene::new(database).await;
        let (installed, run) = queued(&scene, "e").await;
        fail(&scene, &installed, &run, Code::External).await;
        let due_us = scene.clock_us() + 10_000_000;
        let waiting = row(&scene, &installed, &run).await;
        assert_eq!((waiting.state, waiting.due_at, waiting.attempts), (State::Waiting, Some(due_us), 1));
        assert_eq!(scene.count("locks").await, 0);
        assert_eq!(column(&scene, "SELECT payload FROM timers").await, [r#"{"for":"retry"}"#]);

        scene.clock.advance(Duration::from_secs(10));
        let timer = Timer { kind: TimerKind::Retry, due_us };
        let after = happens(&scene, &installed, &run, Event::TimerFired(timer)).await.unwrap();
        assert!(wakes(&after, &run), "{after:?}");

        fail(&scene, &installed, &run, Code::External).await;
        let failed = row(&scene, &installed, &run).await;
        assert_eq!((failed.state, failed.ended_at), (State::Failed, Some(scene.clock_us())));
        assert!(failed.dead_letter);
    }
}

#[tokio::test]
async fn a_failed_run_is_counted_told_of_and_kept_as_a_dead_letter() {
    for database in databases().await {
        let scene = Scene::new(database).await;
        let (installed, first) = queued(&scene, "e").await;
        fail(&scene, &installed, &first, Code::Action).await;
        assert_eq!(column(&scene, "SELECT failures_in_row FROM apps").await, ["1"]);
        assert_eq!(column(&scene, "SELECT status FROM dead_letters").await, ["open"]);
        assert_eq!(column(&scene, "SELECT kind FROM notices").await, ["run_failed"]);
        let error = column(&scene, "SELECT error FROM dead_letters").await;
        assert_eq!(error, [r#"{"code":"E005","path":"","message":"it went wrong"}"#]);

        let second = enqueue(&scene, &installed, "f").await;
        fail(&scene, &installed, &second, Code::Action).await;
        assert_eq!(column(&scene, "SELECT status FROM apps").await, ["error"]);
        assert_eq!(column(&scene, "SELECT generation FROM tenants").await, ["1"]);
        assert_eq!(column(&scene, "SELECT what FROM audit").await, ["app.paused"]);
        assert_eq!(column(&scene, "SELECT subject FROM audit").await, [r#"{"kind":"engine"}"#]);
    }
}

#[tokio::test]
async fn a_run_that_succeeds_clears_the_record_of_its_app() {
    for database in databases().await {
        let scene = Scene::new(database).await;
        let (installed, first) = queued(&scene, "e").await;
        fail(&scene, &installed, &first, Code::Action).await;
        let second = enqueue(&scene, &installed, "f").await;
        let lease = lease(&scene, &installed, &second).await;
        let_go(&scene, &lease, Event::Finished { token: lease.token, report: Vec::new() }, None).await;
        assert_eq!(column(&scene, "SELECT failures_in_row FROM apps").await, ["0"]);
    }
}

#[tokio::test]
async fn a_dead_letter_is_redriven_or_given_up_by_somebody() {
    for database in databases().await {
        let scene = Scene::new(database).await;
        let (installed, run) = queued(&scene, "e").await;
        fail(&scene, &installed, &run, Code::Action).await;
        let event = Event::Redriven { by: person("bob"), word: None };
        let after = happens(&scene, &installed, &run, event).await.unwrap();
        assert!(wakes(&after, &run), "{after:?}");
        let again = row(&scene, &installed, &run).await;
        assert_eq!((again.state, again.ended_at, again.error, again.dead_letter), (State::Queued, None, None, false));
        assert_eq!(column(&scene, "SELECT status FROM dead_letters").await, ["redriven"]);
        assert_eq!(column(&scene, "SELECT closed_by FROM dead_letters").await, [r#"{"kind":"person","id":"bob"}"#]);
        assert_eq!(column(&scene, "SELECT what FROM audit").await, ["execution.retried"]);

        let given_up = enqueue(&scene, &installed, "f").await;
        fail(&scene, &installed, &given_up, Code::Action).await;
        happens(&scene, &installed, &given_up, Event::Discarded { by: person("bob") }).await.unwrap();
        let letters = column(&scene, "SELECT status FROM dead_letters ORDER BY status").await;
        assert_eq!(letters, ["discarded", "redriven"]);
        assert_eq!(row(&scene, &installed, &given_up).await.state, State::Failed);
    }
}
