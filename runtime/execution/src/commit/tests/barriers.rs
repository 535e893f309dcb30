use alcove_journal::transition::{State, Stop};
use alcove_plan::{
    codec::Outcome,
    failure::{Code, Failure},
};

use super::*;
use crate::{
    EngineConfig, Planted,
    testing::{databases, memory},
};

#[tokio::test]
async fn a_worker_that_has_lost_its_run_changes_nothing_and_harms_nobody() {
    for database in databases().await {
        let scene = Scene::new(database).await;
        let installed = welcome(&scene, "t").await;
        let (lost, kept) = (leased(&scene, &installed, "e0").await, leased(&scene, &installed, "e1").await);
        let stale = Lease { token: Token(0), ..lost.clone() };
        let units = vec![
            held(&installed, &stale, &["u1"], Some(finished(stale.token))),
            held(&installed, &kept, &["u2"], Some(finished(kept.token))),
        ];
        let answers = scene.together(units).await;
        let [Ok(Answer::Fenced), Ok(Answer::Done { state: Some(run), .. })] = answers.as_slice() else {
            panic!("{answers:?}")
        };
        assert_eq!(run.state, State::Succeeded);
        assert_eq!(scene.count("effects").await, 1);
        assert_eq!(state(&scene, &installed, "e0").await, Some(executions::State::Running));
    }
}

#[tokio::test]
async fn without_fencing_a_worker_that_has_lost_its_run_goes_on() {
    let config = EngineConfig { planted: Some(Planted::NoFencing), ..EngineConfig::default() };
    let scene = Scene::with(memory().await, config);
    let installed = welcome(&scene, "t").await;
    let stale = Lease { token: Token(0), ..leased(&scene, &installed, "e").await };
    let answer = scene.committer.submit(held(&installed, &stale, &["u1"], Some(finished(stale.token)))).await;
    assert!(matches!(answer, Ok(Answer::Done { .. })), "{answer:?}");
}

#[tokio::test]
async fn a_run_whose_effect_failed_has_not_come_to_its_end() {
    for database in databases().await {
        let scene = Scene::new(database).await;
        let installed = welcome(&scene, "t").await;
        let lease = leased(&scene, &installed, "e").await;
        let answer = scene.committer.submit(held(&installed, &lease, &["nobody"], Some(finished(lease.token)))).await;
        let Ok(Answer::Done { outcomes, state: None, .. }) = answer else { panic!("{answer:?}") };
        assert!(matches!(outcomes.as_slice(), [Outcome::Failed(_)]), "{outcomes:?}");
        assert_eq!(state(&scene, &installed, "e").await, Some(executions::State::Running));
        assert_eq!(scene.count("journal").await, 1, "the failure is recorded");
    }
}

#[tokio::test]
async fn a_run_that_was_accepted_with_its_first_barrier_goes_on_under_a_lease() {
    for database in databases().await {
        let scene = Scene::new(database).await;
        let installed = welcome(&scene, "t").await;
        let accept = accept(&installed, "e", "body");
        let execution = accept.runs[0].id.clone();
        let run = RunRef::Direct(Box::new(accept));
        let first = Unit::Barrier(Box::new(barrier(&installed, run, &execution, &["u1"], None)));
        scene.committer.submit(first).await.unwrap();
        let row = scene.row(&installed.tenant, &execution).await.unwrap();
        assert_eq!((row.state, row.token, row.node.as_deref()), (executions::State::Running, 1, Some("node")));
        let mut last =
            barrier(&installed, RunRef::Leased { token: FIRST_TOKEN }, &execution, &[], Some(finished(FIRST_TOKEN)));
        last.records.clear();
        scene.committer.submit(Unit::Barrier(Box::new(last))).await.unwrap();
        assert_eq!(state(&scene, &installed, "e").await, Some(executions::State::Succeeded));
        assert_eq!(scene.count("journal").await, 2);
    }
}

#[tokio::test]
async fn a_node_without_a_lease_keeps_no_run_where_others_may_have_taken_over() {
    for database in databases().await {
        let others_may = database.name == "postgres";
        let scene = Scene::with(database, EngineConfig::default());
        let installed = welcome(&scene, "t").await;
        let accept = accept(&installed, "e", "body");
        let execution = accept.runs[0].id.clone();
        let run = RunRef::Direct(Box::new(accept));
        let first = Unit::Barrier(Box::new(barrier(&installed, run, &execution, &["u1"], None)));
        let answer = scene.committer.submit(first).await.unwrap();
        assert_eq!(matches!(answer, Answer::Fenced), others_may, "{answer:?}");
        let kept = i64::from(!others_may);
        assert_eq!((scene.count("events").await, scene.count("effects").await), (kept, kept));
    }
}

#[tokio::test]
async fn two_failed_runs_in_one_transaction_pause_an_app_that_bears_two() {
    let scene = Scene::new(memory().await).await;
    let installed = welcome(&scene, "t").await;
    let mut units = Vec::new();
    for id in ["e0", "e1"] {
        let lease = leased(&scene, &installed, id).await;
        let stop = Stop { failure: Failure::new(Code::Action, "no"), place: 0, asked: None };
        units.push(held(&installed, &lease, &[], Some(Event::Failed { token: lease.token, stop })));
    }
    let before = scene.committer.counts().commits;
    assert!(scene.together(units).await.iter().all(Result::is_ok));
    assert_eq!(scene.committer.counts().commits - before, 1);
    let get = alcove_store::tables::apps::get(scene.store.dialect(), &installed.tenant, &installed.app);
    let rows = scene.store.query(&get).await.unwrap();
    let app = alcove_store::tables::apps::Row::decode(&rows[0]).unwrap();
    assert_eq!((app.failures_in_row, app.status), (2, alcove_store::tables::apps::Status::Error));
    assert!(app.reason.is_some());
    assert_eq!(
        (scene.count("dead_letters").await, scene.count("notices").await, scene.count("audit").await),
        (2, 3, 1)
    );
}
