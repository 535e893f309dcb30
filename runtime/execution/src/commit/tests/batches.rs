use super::*;
use crate::testing::{databases, memory};

#[tokio::test]
async fn many_whole_runs_are_one_transaction() {
    for database in databases().await {
        let scene = Scene::new(database).await;
        let installed = welcome(&scene, "t").await;
        let before = scene.committer.counts();
        let units = (0..200).map(|n| direct(&installed, &format!("e{n}"), "u1")).collect();
        for answer in scene.together(units).await {
            assert!(matches!(answer, Ok(Answer::Done { .. })), "{answer:?}");
        }
        let after = scene.committer.counts();
        assert_eq!(after.units - before.units, 200, "{}", scene.database.name);
        assert_eq!(after.commits - before.commits, 1, "{}", scene.database.name);
        for table in ["events", "executions", "journal", "effects"] {
            assert_eq!(scene.count(table).await, 200, "{table} of {}", scene.database.name);
        }
    }
}

#[tokio::test]
async fn on_sqlite_tenants_share_a_transaction_and_on_postgresql_they_do_not() {
    for (database, commits) in databases().await.into_iter().zip([1, 3]) {
        let scene = Scene::new(database).await;
        let mut units = Vec::new();
        for tenant in ["a", "b", "c"] {
            let installed = welcome(&scene, tenant).await;
            units.extend((0..10).map(|n| direct(&installed, &format!("e{n}"), "u1")));
        }
        let before = scene.committer.counts();
        assert!(scene.together(units).await.iter().all(Result::is_ok));
        assert_eq!(scene.committer.counts().commits - before.commits, commits, "{}", scene.database.name);
        assert_eq!(scene.count("effects").await, 30);
    }
}

#[tokio::test]
async fn a_unit_that_the_database_refuses_fails_alone() {
    for database in databases().await {
        let scene = Scene::new(database).await;
        let installed = welcome(&scene, "t").await;
        // Somebody else has written into the journal of a run that does not exist yet.
        let execution = ExecutionId::of_trigger(&installed.tenant, &installed.app, "e1", 0);
        let key = executions::Key { tenant: installed.tenant.clone(), id: execution };
        let row = crate::transition::journal_row(&key, 0, &[]);
        scene.write(alcove_store::tables::journal::append(scene.store.dialect(), &[row])).await;

        let units = (0..5).map(|n| direct(&installed, &format!("e{n}"), "u1")).collect();
        let answers = scene.together(units).await;
        for (n, answer) in answers.iter().enumerate() {
            match answer {
                Err(CommitError::Refused(_)) => assert_eq!(n, 1),
                answer => assert!(n != 1 && matches!(answer, Ok(Answer::Done { .. })), "{n}: {answer:?}"),
            }
        }
        assert_eq!((scene.count("executions").await, scene.count("effects").await), (4, 4));
        assert_eq!(state(&scene, &installed, "e1").await, None);
    }
}

#[tokio::test]
async fn what_waits_is_written_before_the_committer_closes_and_nothing_comes_after() {
    let scene = Scene::new(memory().await).await;
    let installed = welcome(&scene, "t").await;
    let units = (0..20).map(|n| direct(&installed, &format!("e{n}"), "u1")).collect();
    let committer = scene.committer.clone();
    let (answers, ()) = tokio::join!(scene.together(units), async move {
        tokio::task::yield_now().await;
        committer.close().await;
    });
    assert!(answers.iter().all(|answer| matches!(answer, Ok(Answer::Done { .. }))));
    let late = scene.committer.submit(direct(&installed, "late", "u1")).await;
    assert_eq!(late.unwrap_err(), CommitError::Closed);
}

#[tokio::test]
async fn a_database_that_is_gone_answers_everybody_and_acknowledges_nobody() {
    for database in databases().await {
        let scene = Scene::new(database).await;
        let installed = welcome(&scene, "t").await;
        scene.store.close().await;
        let units = (0..5).map(|n| direct(&installed, &format!("e{n}"), "u1")).collect();
        for answer in scene.together(units).await {
            assert!(matches!(answer, Err(CommitError::Unavailable(_))), "{answer:?}");
        }
    }
}
