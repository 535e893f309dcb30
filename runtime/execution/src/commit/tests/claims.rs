use alcove_store::tables::apps;

use super::*;
use crate::testing::databases;

#[tokio::test]
async fn a_queued_run_is_claimed_once_and_its_token_grows() {
    for database in databases().await {
        let scene = Scene::new(database).await;
        let installed = welcome(&scene, "t").await;
        let lease = leased(&scene, &installed, "e").await;
        assert_eq!((lease.token, lease.row.token), (Token(1), 1));
        assert_eq!(lease.row.node.as_deref(), Some("node"));
        assert_eq!(lease.row.state, executions::State::Running);
        assert_eq!(lease.row.started_at, Some(scene.clock_us()));
        assert!(lease.journal.is_empty());
        let again = scene.committer.submit(claim(&installed, &lease.row.id, false)).await.unwrap();
        assert!(matches!(again, Answer::Gone), "{again:?}");

        scene
            .committer
            .submit(held(&installed, &lease, &["u1"], Some(Event::Yielded { token: lease.token })))
            .await
            .unwrap();
        let Answer::Claimed(next) = scene.committer.submit(claim(&installed, &lease.row.id, false)).await.unwrap()
        else {
            panic!("it is queued again")
        };
        assert_eq!(next.token, Token(2));
        assert_eq!(next.journal.len(), 2, "its start and its effect");
    }
}

#[tokio::test]
async fn of_two_runs_of_a_locked_app_the_second_waits_for_the_end_of_the_first() {
    for database in databases().await {
        let scene = Scene::new(database).await;
        let installed = welcome(&scene, "t").await;
        let mut runs = Vec::new();
        for id in ["e0", "e1"] {
            let accept = accept(&installed, id, "body");
            runs.push(accept.runs[0].id.clone());
            scene.committer.submit(Unit::Accept(Box::new(accept))).await.unwrap();
        }
        let claims = runs.iter().map(|run| claim(&installed, run, true)).collect();
        let mut answers = scene.together(claims).await;
        let (second, first) = (answers.remove(1).unwrap(), answers.remove(0).unwrap());
        let (Answer::Claimed(lease), Answer::Locked) = (first, second) else { panic!("{}", scene.database.name) };
        assert_eq!(scene.count("locks").await, 1);

        scene.committer.submit(held(&installed, &lease, &[], Some(finished(lease.token)))).await.unwrap();
        assert_eq!(scene.count("locks").await, 0);
        let second = scene.committer.submit(claim(&installed, &runs[1], true)).await.unwrap();
        assert!(matches!(second, Answer::Claimed(_)), "{second:?}");
    }
}

#[tokio::test]
async fn a_claim_that_finds_its_app_paused_takes_no_lock_and_leaves_the_run_in_the_queue() {
    for database in databases().await {
        let scene = Scene::new(database).await;
        let installed = welcome(&scene, "t").await;
        let accept = accept(&installed, "e", "body");
        let run = accept.runs[0].id.clone();
        scene.committer.submit(Unit::Accept(Box::new(accept))).await.unwrap();
        let key = apps::Key { tenant: installed.tenant.clone(), id: installed.app.clone() };
        let set = |status| apps::set_status(scene.store.dialect(), &key, status, None, scene.clock_us());
        scene.write(set(apps::Status::Paused)).await;
        let gone = scene.committer.submit(claim(&installed, &run, true)).await.unwrap();
        assert!(matches!(gone, Answer::Gone), "{}: {gone:?}", scene.database.name);
        assert_eq!(scene.count("locks").await, 0, "{}", scene.database.name);
        assert_eq!(state(&scene, &installed, "e").await, Some(executions::State::Queued), "{}", scene.database.name);

        scene.write(set(apps::Status::Active)).await;
        let claimed = scene.committer.submit(claim(&installed, &run, true)).await.unwrap();
        assert!(matches!(claimed, Answer::Claimed(_)), "{}: {claimed:?}", scene.database.name);
    }
}

#[tokio::test]
async fn a_claim_of_a_run_that_is_not_there_leaves_no_lock_behind() {
    for database in databases().await {
        let scene = Scene::new(database).await;
        let installed = welcome(&scene, "t").await;
        let nobody = ExecutionId::of_trigger(&installed.tenant, &installed.app, "nobody", 0);
        let gone = scene.committer.submit(claim(&installed, &nobody, true)).await.unwrap();
        assert!(matches!(gone, Answer::Gone), "{gone:?}");
        assert_eq!(scene.count("locks").await, 0);
    }
}
