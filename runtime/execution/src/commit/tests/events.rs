use alcove_store::tables::tenants;

use super::*;
use crate::testing::databases;

async fn accepted(scene: &Scene, accept: Accept) -> Answer {
    scene.committer.submit(Unit::Accept(Box::new(accept))).await.unwrap()
}

#[tokio::test]
async fn an_event_is_accepted_once_and_told_from_another_of_its_name() {
    for database in databases().await {
        let scene = Scene::new(database).await;
        let installed = welcome(&scene, "t").await;
        let first = accepted(&scene, accept(&installed, "e", "body")).await;
        let run = ExecutionId::of_trigger(&installed.tenant, &installed.app, "e", 0);
        assert!(matches!(first, Answer::Accepted { new, .. } if new == [run]));
        let second = accepted(&scene, accept(&installed, "e", "body")).await;
        assert!(matches!(second, Answer::Duplicate { same_body: true }), "{second:?}");
        let other = accepted(&scene, accept(&installed, "e", "another body")).await;
        assert!(matches!(other, Answer::Duplicate { same_body: false }), "{other:?}");
        assert_eq!((scene.count("events").await, scene.count("executions").await), (1, 1));
    }
}

#[tokio::test]
async fn the_same_event_twice_in_one_moment_is_accepted_once() {
    for database in databases().await {
        let scene = Scene::new(database).await;
        let installed = welcome(&scene, "t").await;
        let units = (0..8).map(|_| direct(&installed, "e", "u1")).collect();
        let answers = scene.together(units).await;
        let done = answers.iter().filter(|answer| matches!(answer, Ok(Answer::Done { .. }))).count();
        let same = |answer: &&Result<_, _>| matches!(answer, Ok(Answer::Duplicate { same_body: true }));
        assert_eq!((done, answers.iter().filter(same).count()), (1, 7), "{}", scene.database.name);
        assert_eq!(scene.count("effects").await, 1);
    }
}

#[tokio::test]
async fn a_duplicate_takes_its_effects_with_it_and_nobody_elses() {
    for database in databases().await {
        let scene = Scene::new(database).await;
        let installed = welcome(&scene, "t").await;
        accepted(&scene, accept(&installed, "e2", "body")).await;
        let units = (0..5).map(|n| direct(&installed, &format!("e{n}"), "u1")).collect();
        let answers = scene.together(units).await;
        for (n, answer) in answers.iter().enumerate() {
            let is_duplicate = matches!(answer, Ok(Answer::Duplicate { same_body: true }));
            assert_eq!(is_duplicate, n == 2, "{answer:?}");
        }
        assert_eq!(scene.count("effects").await, 4, "{}", scene.database.name);
        assert_eq!(state(&scene, &installed, "e2").await, Some(executions::State::Queued));
    }
}

#[tokio::test]
async fn an_event_that_was_matched_with_apps_that_changed_since_is_matched_again() {
    for database in databases().await {
        let scene = Scene::new(database).await;
        let installed = welcome(&scene, "t").await;
        let other = welcome(&scene, "u").await;
        scene.write(tenants::bump_generation(scene.store.dialect(), &[&installed.tenant])).await;
        let stale = Unit::Accept(Box::new(accept(&installed, "e1", "body")));
        let units = vec![direct(&installed, "e0", "u1"), stale, direct(&other, "e2", "u1")];
        let answers = scene.together(units).await;
        let [Ok(Answer::StaleIndex), Ok(Answer::StaleIndex), Ok(Answer::Done { .. })] = answers.as_slice() else {
            panic!("{answers:?}")
        };
        assert_eq!((scene.count("events").await, scene.count("effects").await), (1, 1));

        let again = Accept { generation: Some(1), ..accept(&installed, "e1", "body") };
        assert!(matches!(accepted(&scene, again).await, Answer::Accepted { .. }));
    }
}

#[tokio::test]
async fn a_request_is_accepted_once_however_often_it_comes() {
    for database in databases().await {
        let scene = Scene::new(database).await;
        let installed = welcome(&scene, "t").await;
        let runs = vec![installed.queued("manual:r", Trigger::Manual)];
        let request = Accept {
            tenant: installed.tenant.clone(),
            generation: None,
            event: None,
            runs,
            timers: Vec::new(),
            with: None,
        };
        for _ in 0..2 {
            assert!(matches!(accepted(&scene, request.clone()).await, Answer::Accepted { .. }));
        }
        assert_eq!((scene.count("events").await, scene.count("executions").await), (0, 1));
    }
}
