//! What makes runs go on: events, the outbox, timers, locks, leases of nodes.

use std::slice;

use alcove_store::{
    Dialect,
    tables::{emitted_events, events, locks, nodes, timers},
};

use crate::{
    databases::{databases, postgres, query},
    samples::{app, app_row, emit, event_key, event_row, lock_row, tenant, timer_row},
};

#[tokio::test]
async fn an_event_is_accepted_once_and_its_digest_tells_the_same_body_from_another() {
    for db in databases().await {
        let rows = [event_row("t1", "a", 5), event_row("t1", "b", 6)];
        let new = db.read(|d| events::insert(d, &rows[..1]), events::Key::decode).await;
        assert_eq!(new, [event_key("t1", "a")], "{}", db.name);
        let changed = events::Row { digest: "other".to_owned(), ..rows[0].clone() };
        let new = db.read(|d| events::insert(d, &[changed.clone(), rows[1].clone()]), events::Key::decode).await;
        assert_eq!(new, [event_key("t1", "b")], "{}", db.name);
        assert_eq!(db.read(|d| events::get(d, &event_key("t1", "a")), events::Row::decode).await, rows[..1]);
        let keys = [event_key("t1", "b"), event_key("t1", "a"), event_key("t2", "a")];
        let digests = db.read(|d| events::digests(d, &keys), events::decode_digest).await;
        let expected = ["a", "b"].map(|id| (event_key("t1", id), "abc".to_owned()));
        assert_eq!(digests, expected, "{}", db.name);
        let twice = [event_row("t1", "c", 7), event_row("t1", "c", 7)];
        assert_eq!(db.run(|d| events::insert(d, &twice)).await.len(), 1, "one event twice in a batch is one event");
    }
}

#[tokio::test]
async fn the_oldest_events_are_forgotten_first() {
    for db in databases().await {
        db.run(|d| events::insert(d, &[event_row("t1", "a", 5), event_row("t2", "b", 4), event_row("t1", "c", 6)]))
            .await;
        let left = async || {
            let mut left = Vec::new();
            for (of, id) in [("t1", "a"), ("t2", "b"), ("t1", "c")] {
                left.extend(db.run(|d| events::get(d, &event_key(of, id))).await);
            }
            left.len()
        };
        db.run(|d| events::prune(d, 6, 1)).await;
        assert_eq!(left().await, 2, "{}", db.name);
        assert!(db.run(|d| events::get(d, &event_key("t2", "b"))).await.is_empty());
        db.run(|d| events::prune(d, 6, 9)).await;
        assert_eq!(left().await, 1);
        assert_eq!(db.run(|d| events::get(d, &event_key("t1", "c"))).await.len(), 1, "{}", db.name);
    }
}

#[tokio::test]
async fn emitted_events_are_taken_in_the_order_in_which_they_were_emitted() {
    for db in databases().await {
        for (of, id) in [("t2", "z"), ("t1", "y"), ("t1", "x")] {
            db.run(|_| emit(of, id)).await;
        }
        let take = async |limit| {
            let rows = db.read(|d| emitted_events::take(d, limit), emitted_events::Row::decode).await;
            rows.iter().map(|row| row.id.clone()).collect::<Vec<_>>()
        };
        assert_eq!(take(2).await, ["z", "y"], "{}", db.name);
        let first = db.read(|d| emitted_events::take(d, 1), emitted_events::Row::decode).await;
        assert_eq!((first[0].caused_by.as_str(), first[0].chain_depth, first[0].created_at), ("eff", 2, 8));
        assert_eq!(first[0].execution.as_ref().map(alcove_ids::ExecutionId::as_str), Some("r"));
        let other = emitted_events::Key { tenant: tenant("t1"), id: "z".to_owned() };
        db.run(|d| emitted_events::delete(d, &[first[0].key(), other.clone()])).await;
        assert_eq!(take(9).await, ["y", "x"], "{}", db.name);
    }
}

#[tokio::test]
async fn a_timer_fires_at_the_last_time_for_which_it_was_armed_or_never() {
    use timers::{Kind, Row};
    for db in databases().await {
        let cron = timer_row("t1", Kind::Cron, "a", 10);
        let wait = timer_row("t2", Kind::Delay, "a", 5);
        assert_eq!(db.run(timers::next_due).await, [[alcove_store::SqlValue::Null]], "{}", db.name);
        db.run(|d| timers::arm(d, &[cron.clone(), wait.clone()])).await;
        let moved = Row { due_at: 7, version: None, payload: "[]".to_owned(), app: app("b"), ..cron.clone() };
        db.run(|d| timers::arm(d, slice::from_ref(&moved))).await;
        let due = async |now, limit| db.read(|d| timers::due(d, now, limit), Row::decode).await;
        assert_eq!(due(7, 9).await, [wait.clone(), moved.clone()], "{}", db.name);
        assert_eq!(due(7, 1).await, slice::from_ref(&wait));
        assert_eq!(due(6, 9).await, slice::from_ref(&wait));
        assert_eq!(db.run(timers::next_due).await, [[alcove_store::SqlValue::Int(5)]]);
        let of_other = timers::Key { tenant: tenant("t1"), ..wait.key.clone() };
        db.run(|d| timers::cancel(d, slice::from_ref(&of_other))).await;
        db.run(|d| timers::cancel(d, slice::from_ref(&moved.key))).await;
        assert_eq!(due(99, 9).await, [wait], "{}", db.name);
    }
}

#[tokio::test]
async fn timers_of_runs_are_read_page_by_page_and_taken_away_at_the_time_that_was_read() {
    use timers::{Kind, Row};
    for db in databases().await {
        let runs = [
            timer_row("t1", Kind::Run, "r", 5),
            timer_row("t2", Kind::Run, "q", 5),
            timer_row("t1", Kind::Run, "s", 9),
        ];
        db.run(|d| timers::arm(d, &runs)).await;
        db.run(|d| timers::arm(d, &[timer_row("t1", Kind::Cron, "a", 1)])).await;
        let page =
            async |after: Option<&Row>, limit| db.read(|d| timers::due_runs(d, 8, after, limit), Row::decode).await;
        assert_eq!(page(None, 1).await, runs[..1], "{}", db.name);
        assert_eq!(page(Some(&runs[0]), 9).await, runs[1..2], "{}", db.name);
        assert!(page(Some(&runs[1]), 9).await.is_empty(), "{}", db.name);
        let moved = Row { due_at: 7, ..runs[0].clone() };
        db.run(|d| timers::arm(d, slice::from_ref(&moved))).await;
        db.run(|d| timers::cancel_due(d, &runs[0])).await;
        db.run(|d| timers::cancel_due(d, &runs[1])).await;
        assert_eq!(page(None, 9).await, [moved], "{}", db.name);
    }
}

#[tokio::test]
async fn the_timers_of_an_app_are_found_and_cancelled_by_kind() {
    use timers::{Kind, Row};
    for db in databases().await {
        let rows = [timer_row("t1", Kind::Cron, "a", 1), timer_row("t1", Kind::Run, "r", 2)];
        db.run(|d| timers::arm(d, &rows)).await;
        db.run(|d| timers::arm(d, &[timer_row("t2", Kind::Cron, "a", 1)])).await;
        let of_app = async |of| db.read(|d| timers::of_app(d, &tenant(of), &app("a")), Row::decode).await;
        assert_eq!(of_app("t1").await, rows, "{}", db.name);
        db.run(|d| timers::cancel_of_app(d, &tenant("t1"), &app("a"), Kind::Cron)).await;
        assert_eq!(of_app("t1").await, rows[1..], "{}", db.name);
        assert_eq!(of_app("t2").await.len(), 1);
    }
}

#[tokio::test]
async fn a_lock_has_one_holder_and_only_the_holder_gives_it_back() {
    for db in databases().await {
        let (first, second) = (lock_row("t1", "a", "r1"), lock_row("t1", "a", "r2"));
        let elsewhere = lock_row("t2", "a", "r2");
        let wanted = [first.clone(), second.clone(), elsewhere.clone()];
        let mut got = db.read(|d| locks::try_acquire(d, &wanted), locks::Row::decode).await;
        got.sort();
        assert_eq!(got, [first.clone(), elsewhere], "{}", db.name);
        assert!(db.run(|d| locks::try_acquire(d, slice::from_ref(&second))).await.is_empty());
        db.run(|d| locks::release(d, slice::from_ref(&second))).await;
        let holder = async || db.read(|d| locks::holder(d, &tenant("t1"), &app("a")), locks::Row::decode).await;
        assert_eq!(holder().await, slice::from_ref(&first), "{}", db.name);
        db.run(|d| locks::release(d, slice::from_ref(&first))).await;
        assert!(holder().await.is_empty(), "{}", db.name);
        let got = db.read(|d| locks::try_acquire(d, slice::from_ref(&second)), locks::Row::decode).await;
        assert_eq!(got, [second]);
    }
}

#[tokio::test]
async fn a_node_lives_by_its_lease_and_a_later_process_of_its_name_takes_its_place() {
    const LEASE_US: i64 = 60_000_000;
    for db in databases().await {
        let read = async |make: &dyn Fn(Dialect) -> alcove_store::Statement| db.read(make, nodes::Row::decode).await;
        let first = read(&|d| nodes::register(d, "n", 3, LEASE_US, 1_000)).await;
        let lease_us = first[0].lease_until - first[0].started_at;
        assert_eq!(first[0].epoch, 3, "{}", db.name);
        assert!((LEASE_US - 1_000_000..=LEASE_US).contains(&lease_us), "{}: {lease_us}", db.name);
        assert!(read(&|d| nodes::register(d, "n", 3, LEASE_US, 1_000)).await.is_empty(), "the epoch is taken");
        assert_eq!(read(&|d| nodes::alive(d, "n", 3, 2_000)).await.len(), 1, "{}", db.name);
        assert!(read(&|d| nodes::alive(d, "n", 2, 2_000)).await.is_empty());
        assert!(read(&|d| nodes::expired(d, 2_000)).await.is_empty());
        let renewed = read(&|d| nodes::renew(d, "n", 3, LEASE_US, 3_000)).await;
        assert!(renewed[0].lease_until > first[0].lease_until, "{}", db.name);
        // A lease that has run out already.
        read(&|d| nodes::renew(d, "n", 3, -1, 4_000)).await;
        assert!(read(&|d| nodes::alive(d, "n", 3, 4_000)).await.is_empty(), "{}", db.name);
        assert_eq!(read(&|d| nodes::expired(d, 4_000)).await.len(), 1);
        assert_eq!(read(&|d| nodes::register(d, "n", 4, LEASE_US, 5_000)).await.len(), 1);
        assert!(read(&|d| nodes::renew(d, "n", 3, LEASE_US, 6_000)).await.is_empty(), "somebody has taken over");
        db.run(|d| nodes::delete(d, "n", 3)).await;
        assert_eq!(read(&|d| nodes::list(d)).await.len(), 1);
        db.run(|d| nodes::delete(d, "n", 4)).await;
        assert!(read(&|d| nodes::list(d)).await.is_empty(), "{}", db.name);
    }
}

#[tokio::test]
async fn what_one_node_has_locked_is_left_to_it() {
    let db = postgres().await;
    let timer = timer_row("t1", timers::Kind::Cron, "a", 1);
    db.run(|d| timers::arm(d, slice::from_ref(&timer))).await;
    db.run(|_| emit("t1", "e")).await;
    db.run(|d| alcove_store::tables::apps::insert(d, &[app_row("t1", "a")])).await;
    let mut tx = db.begin().await;
    assert_eq!(query(&mut tx, &|d| timers::due(d, 1, 9)).await.unwrap().len(), 1);
    assert_eq!(query(&mut tx, &|d| emitted_events::take(d, 9)).await.unwrap().len(), 1);
    assert!(db.run(|d| timers::due(d, 1, 9)).await.is_empty());
    assert!(db.run(|d| emitted_events::take(d, 9)).await.is_empty());
    tx.rollback().await;
    assert_eq!(db.run(|d| timers::due(d, 1, 9)).await.len(), 1);
    assert_eq!(db.run(|d| emitted_events::take(d, 9)).await.len(), 1);
}

#[tokio::test]
async fn nobody_takes_over_while_a_commit_relies_on_the_lease() {
    let db = postgres().await;
    db.run(|d| nodes::register(d, "n", 1, 60_000_000, 0)).await;
    let mut tx = db.store.begin().await.unwrap();
    assert_eq!(query(&mut tx, &|d| nodes::alive(d, "n", 1, 0)).await.unwrap().len(), 1);
    let takeover = db.run(|d| nodes::delete(d, "n", 1));
    let mut takeover = std::pin::pin!(takeover);
    let waits = tokio::time::timeout(std::time::Duration::from_millis(200), &mut takeover).await;
    assert!(waits.is_err(), "the takeover waits");
    tx.commit().await.unwrap();
    takeover.await;
    assert!(db.run(nodes::list).await.is_empty());
}
