use std::time::Duration;

use alcove_ids::EffectId;
use alcove_journal::{
    entry::Effect,
    transition::{Binding, Decider, Involved, Ruling, Timer, TimerKind, TransitionError, Verdict, Wait},
};
use alcove_plan::value::Value;

use super::*;

const PREVIEW: Digest = Digest([7; 32]);

/// A run that waits for people.
async fn asked(scene: &Scene) -> (Installed, ExecutionId, Binding) {
    let (installed, run) = queued(scene, "e").await;
    let lease = lease(scene, &installed, &run).await;
    let id = EffectId::derive(&run, 0, &[]);
    let effect = Effect { id: id.clone(), action: 0, indices: vec![], digest: Digest([0; 32]), shown: Value::Null };
    let plan = installed.plan.digest();
    let wait = Wait::Approval {
        effect: Box::new(effect),
        plan,
        preview: PREVIEW,
        timeout_ms: Some(60_000),
        roles: Vec::new(),
        // The worker knows nobody: the rows do.
        involved: Involved { author: person("?"), activator: person("?"), starter: None },
    };
    let question = Question { title: "Award?".to_owned(), message: "10 XP".to_owned(), preview: "{}".to_owned() };
    let_go(scene, &lease, Event::Suspended { token: lease.token, wait }, Some(question)).await;
    (installed, run, Binding { plan, effect: id, preview: PREVIEW })
}

fn decided(by: &str, binding: &Binding, verdict: Verdict) -> Event {
    let by = Decider { subject: person(by), roles: Vec::new() };
    Event::Decided(Ruling { by, binding: binding.clone(), verdict })
}

#[tokio::test]
async fn a_question_is_a_row_and_a_timer_and_holds_no_lock() {
    for database in databases().await {
        let scene = Scene::new(database).await;
        let (installed, run, binding) = asked(&scene).await;
        let waiting = row(&scene, &installed, &run).await;
        assert_eq!((waiting.state, waiting.reason.as_deref()), (State::Waiting, Some("approval")));
        assert_eq!(waiting.due_at, Some(scene.clock_us() + 60_000_000));
        assert_eq!(column(&scene, "SELECT id FROM approvals").await, [binding.effect.as_str()]);
        assert_eq!(column(&scene, "SELECT title FROM approvals").await, ["Award?"]);
        let request = column(&scene, "SELECT request FROM approvals").await;
        let request: serde_json::Value = serde_json::from_str(&request[0]).unwrap();
        assert_eq!(request["involved"]["author"], serde_json::json!({ "kind": "person", "id": "ada" }));
        assert_eq!(request["binding"]["preview"], serde_json::json!(PREVIEW.to_string()));
        assert_eq!(column(&scene, "SELECT payload FROM timers").await, [r#"{"for":"approval"}"#]);
        assert_eq!(scene.count("locks").await, 0);
    }
}

#[tokio::test]
async fn an_approval_takes_the_run_back_into_the_queue() {
    for database in databases().await {
        let scene = Scene::new(database).await;
        let (installed, run, binding) = asked(&scene).await;
        let own = happens(&scene, &installed, &run, decided("ada", &binding, Verdict::Approve)).await;
        assert!(matches!(own, Err(TransitError::Refused(TransitionError::Refused(_)))), "{own:?}");

        let after = happens(&scene, &installed, &run, decided("bob", &binding, Verdict::Approve)).await.unwrap();
        assert!(wakes(&after, &run), "{after:?}");
        assert_eq!(row(&scene, &installed, &run).await.state, State::Queued);
        assert_eq!(column(&scene, "SELECT status FROM approvals").await, ["approved"]);
        assert_eq!(column(&scene, "SELECT decided_by FROM approvals").await, [r#"{"kind":"person","id":"bob"}"#]);
        assert_eq!(column(&scene, "SELECT what FROM audit").await, ["approval.approved"]);
        assert_eq!((scene.count("timers").await, scene.count("journal").await), (0, 2));
    }
}

#[tokio::test]
async fn a_rejection_an_expiry_and_a_cancellation_end_the_run_and_close_the_question() {
    for (verdict, status) in [(Some(Verdict::Reject), "rejected"), (None, "expired")] {
        for database in databases().await {
            let scene = Scene::new(database).await;
            let (installed, run, binding) = asked(&scene).await;
            let event = if let Some(verdict) = &verdict {
                decided("bob", &binding, verdict.clone())
            } else {
                scene.clock.advance(Duration::from_mins(1));
                Event::TimerFired(Timer { kind: TimerKind::Approval, due_us: scene.clock_us() })
            };
            happens(&scene, &installed, &run, event).await.unwrap();
            assert_eq!(row(&scene, &installed, &run).await.state, State::Cancelled);
            assert_eq!(column(&scene, "SELECT status FROM approvals").await, [status]);
        }
    }
    for database in databases().await {
        let scene = Scene::new(database).await;
        let (installed, run, _) = asked(&scene).await;
        let reason = "the app is deleted".to_owned();
        happens(&scene, &installed, &run, Event::CancelRequested { reason }).await.unwrap();
        assert_eq!(column(&scene, "SELECT status FROM approvals").await, ["cancelled"]);
        assert_eq!(scene.count("timers").await, 0);
    }
}
