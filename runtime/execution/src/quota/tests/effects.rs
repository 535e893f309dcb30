//! Local effects of a day, and keys of state.

use std::time::Duration;

use alcove_plan::failure::Code;

use super::*;

const SKIP: OnQuotaExceeded = OnQuotaExceeded::Skip;

fn failures(answer: &Result<Answer, CommitError>) -> Vec<String> {
    let Ok(Answer::Done { outcomes, .. }) = answer else { panic!("{answer:?}") };
    let failed = outcomes.iter().filter_map(|outcome| match outcome {
        Outcome::Failed(failure) if failure.code == Code::Quota => Some(failure.message.clone()),
        _ => None,
    });
    failed.collect()
}

#[tokio::test]
async fn a_batch_that_meets_the_limit_in_the_middle_does_as_much_as_there_is() {
    for database in databases().await {
        let (scene, installed) = scene(database, "skip").await;
        let units = ["a", "b", "c"].map(|id| mails(&scene, &installed, id, 40, SKIP));
        let answers = scene.together(units.into()).await;
        let name = scene.database.name;
        assert_eq!(answers.iter().map(performed).sum::<usize>(), 100, "{name}");
        let failed: Vec<String> = answers.iter().flat_map(failures).collect();
        assert_eq!(failed.len(), 20, "{name}");
        let message = "the tenant's tier `free` allows 100 e-mails a day, and 100 are used or reserved: wait until \
                       2026-11-21T00:00:00Z, or ask for a higher tier";
        assert!(failed.iter().all(|failed| failed == message), "{name}: {failed:?}");
        assert_eq!(counted(&scene, &installed, Resource::Emails).await, 100, "{name}");
        assert_eq!(scene.count("email_outbox").await, 100, "{name}");
        let more = scene.together(vec![mails(&scene, &installed, "d", 1, SKIP)]).await;
        assert_eq!(failures(&more[0]).len(), 1, "{name}: one past the limit");
        scene.clock.advance(Duration::from_hours(24));
        let more = scene.together(vec![mails(&scene, &installed, "e", 1, SKIP)]).await;
        assert_eq!(performed(&more[0]), 1, "{name}: the next day");
    }
}

#[tokio::test]
async fn many_nodes_send_exactly_as_many_as_there_are() {
    for database in databases().await {
        let other = Database::beside(&database);
        let (scene, installed) = scene(database, "skip").await;
        let other = Scene::with(other, EngineConfig::default());
        let units = |scene: &Scene, prefix: &str| -> Vec<Unit> {
            (0..20).map(|n| mails(scene, &installed, &format!("{prefix}{n}"), 4, SKIP)).collect()
        };
        let (here, there) = tokio::join!(scene.together(units(&scene, "a")), other.together(units(&other, "b")));
        let sent: usize = here.iter().chain(&there).map(performed).sum();
        let name = scene.database.name;
        assert_eq!((sent, scene.count("email_outbox").await), (100, 100), "{name}");
        assert_eq!(counted(&scene, &installed, Resource::Emails).await, 100, "{name}");
    }
}

#[tokio::test]
async fn what_waits_for_a_quota_is_neither_done_nor_recorded_and_is_done_the_next_day() {
    for database in databases().await {
        let (scene, installed) = scene(database, "reschedule").await;
        let unit = mails(&scene, &installed, "a", 103, OnQuotaExceeded::Reschedule);
        let answer = scene.committer.submit(unit).await.unwrap();
        let Answer::Done { outcomes, state, refused, .. } = answer else { panic!("{answer:?}") };
        let name = scene.database.name;
        let count = outcomes.iter().filter(|outcome| matches!(outcome, Outcome::Performed(_))).count();
        assert_eq!((count, outcomes.len(), state), (100, 103, None), "{name}");
        assert_eq!(outcomes[100..], [Outcome::NotPerformed, Outcome::NotPerformed, Outcome::NotPerformed], "{name}");
        let refused = refused.unwrap();
        assert_eq!((refused.resource, refused.limit), (Resource::Emails, 100), "{name}");
        assert_eq!(refused.reset_at.unwrap().to_string(), "2026-11-21T00:00:00Z", "{name}");
        assert_eq!(counted(&scene, &installed, Resource::Emails).await, 100, "{name}");
    }
}

#[tokio::test]
async fn an_effect_that_fails_is_not_counted() {
    for database in databases().await {
        let (scene, installed) = scene(database, "skip").await;
        let Unit::Barrier(mut barrier) = mails(&scene, &installed, "a", 3, SKIP) else { panic!("a barrier") };
        let mut batch = Buffer::new();
        for (index, call) in barrier.calls().iter().enumerate() {
            let value = if index == 1 { Value::Int(7) } else { call.values[0].clone() };
            let (id, indices) = (call.effect_id.clone(), call.indices.clone());
            let effect = Effect { id, action: 0, indices, digest: Digest([0; 32]), shown: Value::Null };
            let call = EffectCall { values: vec![value], ..call.clone() };
            batch.local(effect, call, Coming::Local { outputs_read: false, has_handler: false });
        }
        barrier.batch = Some(batch.take());
        let answer = scene.committer.submit(Unit::Barrier(barrier)).await;
        // A value of another type is a defect, which stops the run: what comes after it is not performed either.
        assert_eq!(performed(&answer), 1, "{}", scene.database.name);
        assert_eq!(counted(&scene, &installed, Resource::Emails).await, 1, "{}", scene.database.name);
    }
}
