//! Runs of an hour.

use std::time::Duration;

use alcove_store::tables::timers;

use super::*;

fn ids(from: u32, to: u32) -> Vec<String> {
    (from..to).map(|n| format!("e{n:04}")).collect()
}

fn events_of(installed: &Installed, from: u32, to: u32) -> Vec<Unit> {
    ids(from, to).iter().map(|id| accepting(installed, id)).collect()
}

#[tokio::test]
async fn an_hour_has_so_many_runs_and_what_exceeds_them_is_left_out_with_its_reason() {
    for database in databases().await {
        let (scene, installed) = scene(database, "skip").await;
        scene.together(events_of(&installed, 0, 49)).await;
        assert_eq!(count_in(&scene, &installed, executions::State::Queued).await, 49);
        scene.together(events_of(&installed, 49, 53)).await;
        let name = scene.database.name;
        assert_eq!(count_in(&scene, &installed, executions::State::Queued).await, 50, "{name}");
        assert_eq!(counted(&scene, &installed, Resource::Executions).await, 50, "{name}");
        let left_out = runs(&scene, &installed).await;
        let left_out: Vec<_> = left_out.iter().filter(|row| row.state == executions::State::Skipped).collect();
        assert_eq!(left_out.len(), 3, "{name}");
        for row in left_out {
            assert_eq!(row.reason.as_deref(), Some("quota"));
            let error: serde_json::Value = serde_json::from_str(row.error.as_deref().unwrap()).unwrap();
            let quota = json!({
                "resource": "executions_per_hour", "limit": 50, "used": 50, "reset_at": "2026-11-20T13:00:00Z",
            });
            assert_eq!((&error["code"], &error["quota"]), (&json!("E002"), &quota));
        }
        scene.clock.advance(Duration::from_hours(1));
        scene.together(events_of(&installed, 60, 61)).await;
        assert_eq!(count_in(&scene, &installed, executions::State::Queued).await, 51, "{name}: the next hour");
        assert_eq!(counted(&scene, &installed, Resource::Executions).await, 1, "{name}: the next hour");
    }
}

#[tokio::test]
async fn many_nodes_at_the_same_time_accept_exactly_as_many_as_there_are() {
    for database in databases().await {
        let other = Database::beside(&database);
        let (scene, installed) = scene(database, "skip").await;
        let other = Scene::with(other, EngineConfig::default());
        let (here, there) = tokio::join!(
            scene.together(events_of(&installed, 0, 70)),
            other.together(events_of(&installed, 100, 170)),
        );
        assert!(here.iter().chain(&there).all(|answer| matches!(answer, Ok(Answer::Accepted { .. }))));
        let name = scene.database.name;
        assert_eq!(count_in(&scene, &installed, executions::State::Queued).await, 50, "{name}");
        assert_eq!(count_in(&scene, &installed, executions::State::Skipped).await, 90, "{name}");
        assert_eq!(counted(&scene, &installed, Resource::Executions).await, 50, "{name}");
    }
}

#[tokio::test]
async fn an_event_that_comes_again_is_not_counted_again() {
    for database in databases().await {
        let (scene, installed) = scene(database, "skip").await;
        for _ in 0..3 {
            scene.together(vec![accepting(&installed, "e"), accepting(&installed, "e")]).await;
        }
        assert_eq!(counted(&scene, &installed, Resource::Executions).await, 1, "{}", scene.database.name);
    }
}

#[tokio::test]
async fn a_request_beyond_the_limit_is_refused_and_one_that_was_accepted_is_answered_as_it_was() {
    for database in databases().await {
        let (scene, installed) = scene(database, "reschedule").await;
        let requests = ids(0, 50).iter().map(|id| request(&installed, id)).collect();
        assert!(scene.together(requests).await.iter().all(|answer| matches!(answer, Ok(Answer::Accepted { .. }))));
        let again = [request(&installed, "e0007"), request(&installed, "e9999")];
        let name = scene.database.name;
        for (unit, is_known) in again.into_iter().zip([true, false]) {
            match scene.committer.submit(unit).await.unwrap() {
                Answer::Accepted { .. } if is_known => {}
                Answer::OverQuota(exceeded) if !is_known => {
                    assert_eq!((exceeded.limit, exceeded.used), (50, 50), "{name}");
                    assert_eq!(exceeded.reset_at.unwrap().to_string(), "2026-11-20T13:00:00Z");
                }
                answer => panic!("{name}: {answer:?}"),
            }
        }
        assert_eq!(counted(&scene, &installed, Resource::Executions).await, 50, "{name}");
        assert_eq!(runs(&scene, &installed).await.len(), 50, "{name}");
    }
}

#[tokio::test]
async fn what_is_put_off_has_its_place_in_the_hours_to_come_in_order() {
    for database in databases().await {
        let (scene, installed) = scene(database, "reschedule").await;
        // One after the other, so that their order is known.
        for unit in events_of(&installed, 0, 130) {
            assert!(matches!(scene.committer.submit(unit).await.unwrap(), Answer::Accepted { .. }));
        }
        let name = scene.database.name;
        assert_eq!(count_in(&scene, &installed, executions::State::Queued).await, 50, "{name}");
        let hour_us = Window::Hour.us();
        let next = Window::Hour.end(scene.clock_us());
        let mut due = Vec::new();
        for id in ids(50, 130) {
            let execution = ExecutionId::of_trigger(&installed.tenant, &installed.app, &id, 0);
            let row = scene.row(&installed.tenant, &execution).await.unwrap();
            assert_eq!((row.state, row.reason.as_deref()), (executions::State::Waiting, Some("quota")), "{name}");
            due.push(row.due_at.unwrap());
        }
        assert!(due.is_sorted_by(|a, b| a < b), "{name}: in the order in which they came");
        assert!(
            due[..50].iter().all(|due| (next..next + hour_us).contains(due)),
            "{name}: as many as the next hour has"
        );
        assert!(due[50..].iter().all(|due| (next + hour_us..next + 2 * hour_us).contains(due)), "{name}");
        let armed = timers::due_runs(scene.store.dialect(), i64::MAX, None, 1_000);
        assert_eq!(scene.store.query(&armed).await.unwrap().len(), 80, "{name}");
        scene.clock.advance(Duration::from_hours(1));
        assert_eq!(counted(&scene, &installed, Resource::Executions).await, 50, "{name}: counted already");
        scene.together(events_of(&installed, 200, 201)).await;
        assert_eq!(
            counted(&scene, &installed, Resource::Executions).await,
            50,
            "{name}: whoever came first goes first"
        );
    }
}

#[tokio::test]
async fn more_than_a_week_of_runs_is_not_put_off() {
    let (scene, installed) = scene(databases().await.remove(0), "reschedule").await;
    let full: Vec<_> = (0..=168)
        .map(|hours| {
            let at = scene.clock_us() + hours * Window::Hour.us();
            Counter::at(&installed.tenant, Resource::Executions, at).unwrap().row(50)
        })
        .collect();
    scene.write(counters::add(scene.store.dialect(), &full)).await;
    scene.together(events_of(&installed, 0, 1)).await;
    assert_eq!(count_in(&scene, &installed, executions::State::Skipped).await, 1);
}

#[tokio::test]
async fn a_tenant_without_a_tier_is_not_counted() {
    for database in databases().await {
        let (scene, installed) = scene(database, "skip").await;
        hold_to(&scene, &installed, None).await;
        scene.together(events_of(&installed, 0, 60)).await;
        assert_eq!(count_in(&scene, &installed, executions::State::Queued).await, 60);
        assert_eq!(scene.count("counters").await, 0, "{}", scene.database.name);
    }
}

#[tokio::test]
async fn timers_and_events_of_runs_start_no_more_than_there_are_either() {
    for database in databases().await {
        let (scene, installed) = scene(database, "skip").await;
        let rows: Vec<_> = ids(0, 52).iter().map(|id| installed.queued(id, Trigger::Scheduled)).collect();
        let mut transaction = scene.store.begin().await.unwrap();
        transaction.for_all_tenants();
        let mut all = admit_all(&mut transaction, &scene.node, rows.clone(), scene.clock_us()).await.unwrap();
        let queued = all.admitted.runs.iter().filter(|row| row.state == executions::State::Queued).count();
        let name = scene.database.name;
        assert_eq!((queued, all.admitted.runs.len()), (50, 52), "{name}");
        // Two of them were there before.
        let new = all.admitted.runs.iter().skip(2);
        let new = new.map(|row| executions::Key { tenant: row.tenant.clone(), id: row.id.clone() }).collect();
        all.correct(&mut transaction, &new);
        transaction.commit().await.unwrap();
        assert_eq!(counted(&scene, &installed, Resource::Executions).await, 48, "{name}");
    }
}
