use alcove_journal::{entry::SkipReason, transition::TransitionError};

use super::*;

#[tokio::test]
async fn a_run_whose_worker_is_gone_is_queued_again_without_its_lock() {
    for database in databases().await {
        let scene = Scene::new(database).await;
        let (installed, run) = queued(&scene, "e").await;
        let lease = lease(&scene, &installed, &run).await;
        assert_eq!(scene.count("locks").await, 1);
        let after = happens(&scene, &installed, &run, Event::LeaseLost { token: lease.token }).await.unwrap();
        assert!(wakes(&after, &run), "{after:?}");
        assert!(after.iter().any(|after| matches!(after, After::Released { .. })));
        let row = row(&scene, &installed, &run).await;
        assert_eq!((row.state, row.token, row.node), (State::Queued, 1, None));
        assert_eq!(scene.count("locks").await, 0);

        let late = happens(&scene, &installed, &run, Event::LeaseLost { token: lease.token }).await;
        assert!(matches!(late, Err(TransitError::Refused(TransitionError::Unexpected { .. }))), "{late:?}");
    }
}

#[tokio::test]
async fn a_queued_run_that_is_cancelled_has_ended_and_has_no_journal() {
    for database in databases().await {
        let scene = Scene::new(database).await;
        let (installed, run) = queued(&scene, "e").await;
        let reason = "it is not needed".to_owned();
        let after = happens(&scene, &installed, &run, Event::CancelRequested { reason }).await.unwrap();
        let told =
            after.iter().any(|after| matches!(after, After::Settled { settled, .. } if settled.state == "cancelled"));
        assert!(told, "{after:?}");
        let row = row(&scene, &installed, &run).await;
        assert_eq!((row.state, row.ended_at), (State::Cancelled, Some(scene.clock_us())));
        assert!(row.error.unwrap().contains("it is not needed"));
        assert_eq!(scene.count("journal").await, 0);
    }
}

#[tokio::test]
async fn a_running_run_that_is_cancelled_is_told_and_ends_with_what_its_worker_says_next() {
    for database in databases().await {
        let scene = Scene::new(database).await;
        let (installed, run) = queued(&scene, "e").await;
        let lease = lease(&scene, &installed, &run).await;
        let reason = "stop".to_owned();
        let after = happens(&scene, &installed, &run, Event::CancelRequested { reason }).await.unwrap();
        assert_eq!(after, [After::Interrupt { execution: run.clone() }]);
        assert_eq!(row(&scene, &installed, &run).await.state, State::Running);
        let_go(&scene, &lease, Event::Yielded { token: lease.token }, None).await;
        assert_eq!(row(&scene, &installed, &run).await.state, State::Cancelled);
        assert_eq!(scene.count("locks").await, 0);
    }
}

#[tokio::test]
async fn a_run_that_is_left_out_says_why_and_one_that_is_postponed_has_a_timer() {
    for database in databases().await {
        let scene = Scene::new(database).await;
        let (installed, skipped) = queued(&scene, "e").await;
        let event = Event::Skipped { token: None, reason: SkipReason::Locked };
        happens(&scene, &installed, &skipped, event).await.unwrap();
        let skipped = row(&scene, &installed, &skipped).await;
        assert_eq!((skipped.state, skipped.reason.as_deref()), (State::Skipped, Some("locked")));

        let later = enqueue(&scene, &installed, "f").await;
        let until_us = scene.clock_us() + 5_000_000;
        let after = happens(&scene, &installed, &later, Event::Postponed { until_us }).await.unwrap();
        assert!(after.contains(&After::Armed { due_us: until_us }), "{after:?}");
        let later = row(&scene, &installed, &later).await;
        assert_eq!((later.state, later.due_at), (State::Waiting, Some(until_us)));
        assert_eq!(later.reason.as_deref(), Some("delay"));
        assert_eq!(column(&scene, "SELECT due_at FROM timers").await, [until_us.to_string()]);
    }
}

#[tokio::test]
async fn nothing_happens_to_a_run_that_is_not_there() {
    for database in databases().await {
        let scene = Scene::new(database).await;
        let (installed, _) = queued(&scene, "e").await;
        let nobody = ExecutionId::parse("run_nobody").unwrap();
        let error = happens(&scene, &installed, &nobody, Event::LeaseLost { token: Token(1) }).await;
        assert!(matches!(error, Err(TransitError::NoRun(run)) if run == nobody));
    }
}
