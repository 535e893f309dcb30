//! Transactions: order, durability, and what is left of one that ends early.

use std::{pin::pin, task::Poll};

use alcove_store::{Sql, SqlValue, Statement, StoreError};

use crate::scene::{Scene, insert};

pub(crate) async fn what_was_enqueued_is_performed_in_order(scene: &Scene) {
    let mut transaction = scene.store.begin().await.unwrap();
    let first = transaction.enqueue(Statement::new(
        Sql::fixed("INSERT INTO cells (id, i) VALUES (?1, ?3), (?2, ?3) RETURNING id"),
        vec![SqlValue::text("a"), SqlValue::text("b"), SqlValue::Int(1)],
    ));
    let seen = transaction.enqueue(Statement::new(Sql::fixed("SELECT count(*) FROM cells"), Vec::new()));
    let raised = transaction.enqueue(Statement::new(
        Sql::fixed("UPDATE cells SET i = i + ?1 WHERE id <= ?2"),
        vec![SqlValue::Int(5), SqlValue::text("b")],
    ));
    let none =
        transaction.enqueue(Statement::new(Sql::fixed("SELECT id FROM cells WHERE i = ?1"), vec![SqlValue::Int(1)]));
    assert!(matches!(transaction.take(first), Err(StoreError::Failed)), "it was not sent yet");
    assert_eq!(transaction.changed(raised), 0, "it was not sent yet");
    transaction.flush().await.unwrap();

    let last = transaction.enqueue(Statement::new(Sql::fixed("SELECT i FROM cells ORDER BY id"), Vec::new()));
    let now = transaction.query(&Sql::fixed("SELECT count(*) FROM cells"), &[]).await.unwrap();
    assert_eq!(now, [[SqlValue::Int(2)]]);
    assert_eq!(transaction.take(last).unwrap(), [[SqlValue::Int(6)], [SqlValue::Int(6)]], "it travelled before");
    assert_eq!(transaction.take(none).unwrap(), Vec::<Vec<SqlValue>>::new());
    assert_eq!(transaction.changed(raised), 2);
    assert_eq!(transaction.take(seen).unwrap(), [[SqlValue::Int(2)]]);
    assert_eq!(transaction.take(first).unwrap(), [[SqlValue::text("a")], [SqlValue::text("b")]]);
    assert_eq!(transaction.changed(first), 2);
    transaction.enqueue(insert("c"));
    transaction.commit().await.unwrap();
    assert_eq!(scene.ids().await, ["a", "b", "c"]);
}

pub(crate) async fn a_transaction_without_statements_commits(scene: &Scene) {
    let mut transaction = scene.store.begin().await.unwrap();
    transaction.flush().await.unwrap();
    transaction.commit().await.unwrap();
    drop(scene.store.begin().await.unwrap());
    scene.store.begin().await.unwrap().rollback().await;
    assert!(scene.ids().await.is_empty());
}

pub(crate) async fn a_dropped_transaction_leaves_no_trace(scene: &Scene) {
    for _ in 0..3 {
        let mut transaction = scene.store.begin().await.unwrap();
        transaction.enqueue(insert("sent"));
        transaction.flush().await.unwrap();
        transaction.enqueue(insert("never sent"));
        drop(transaction);
    }
    let mut transaction = scene.store.begin().await.unwrap();
    transaction.enqueue(insert("kept"));
    transaction.commit().await.unwrap();
    assert_eq!(scene.ids().await, ["kept"]);
}

pub(crate) async fn a_transaction_that_is_rolled_back_leaves_no_trace(scene: &Scene) {
    let mut transaction = scene.store.begin().await.unwrap();
    transaction.enqueue(insert("sent"));
    transaction.flush().await.unwrap();
    transaction.rollback().await;
    assert!(scene.ids().await.is_empty());
}

/// Polls a future a few times, and leaves it where it is.
async fn begin_and_abandon<T>(polls: usize, future: impl Future<Output = T>) {
    let mut future = pin!(future);
    for _ in 0..polls {
        let ready = std::future::poll_fn(|context| Poll::Ready(future.as_mut().poll(context).is_ready())).await;
        if ready {
            return;
        }
        tokio::task::yield_now().await;
    }
}

pub(crate) async fn a_flush_that_nobody_awaits_leaves_no_trace(scene: &Scene) {
    for polls in 1..20 {
        let mut transaction = scene.store.begin().await.unwrap();
        for n in 0..20 {
            transaction.enqueue(insert(&format!("abandoned {n}")));
        }
        begin_and_abandon(polls, transaction.flush()).await;
    }
    let mut transaction = scene.store.begin().await.unwrap();
    transaction.enqueue(insert("kept"));
    transaction.commit().await.unwrap();
    assert_eq!(scene.ids().await, ["kept"]);
}

pub(crate) async fn a_commit_that_nobody_awaits_is_all_or_nothing(scene: &Scene) {
    for polls in 1..20 {
        let mut transaction = scene.store.begin().await.unwrap();
        for n in 0..20 {
            transaction.enqueue(insert(&format!("{polls} {n}")));
        }
        begin_and_abandon(polls, transaction.commit()).await;
    }
    let mut transaction = scene.store.begin().await.unwrap();
    transaction.enqueue(insert("kept"));
    transaction.commit().await.unwrap();
    let ids = scene.ids().await;
    assert_eq!(ids.len() % 20, 1, "{ids:?}");
}

pub(crate) async fn a_refusal_leaves_out_what_came_after_it(scene: &Scene) {
    let mut transaction = scene.store.begin().await.unwrap();
    let done = transaction.enqueue(insert("a"));
    let refused = transaction.enqueue(insert("a"));
    let left_out = transaction.enqueue(insert("b"));
    let error = transaction.flush().await.unwrap_err();
    assert!(error.is_refusal() && !error.is_retryable(), "{error:?}");
    assert_eq!(transaction.changed(done), 1);
    for ticket in [refused, left_out] {
        assert!(matches!(transaction.take(ticket), Err(StoreError::Failed)));
        assert_eq!(transaction.changed(ticket), 0);
    }
    // What was done cannot be kept either: half a change is none.
    assert!(matches!(transaction.execute(&insert("c").sql, &insert("c").params).await, Err(StoreError::Failed)));
    assert!(matches!(transaction.commit().await, Err(StoreError::Failed)));
    assert!(scene.ids().await.is_empty());
}

pub(crate) async fn more_than_fits_into_one_text_is_performed_too(scene: &Scene) {
    // More parameters than SQLite can number, were they one statement's.
    let mut transaction = scene.store.begin().await.unwrap();
    for n in 0..400 {
        let names: Vec<SqlValue> = (0..100).map(|k| SqlValue::text(format!("{n:03} {k:03}"))).collect();
        let marks: Vec<String> = (1..=100).map(|k| format!("(?{k})")).collect();
        let sql = format!("INSERT INTO cells (id) VALUES {}", marks.join(", "));
        transaction.enqueue(Statement::new(Sql::built(sql), names));
    }
    transaction.commit().await.unwrap();
    let ids = scene.ids().await;
    assert_eq!((ids.len(), ids[0].as_str(), ids[39_999].as_str()), (40_000, "000 000", "399 099"));
}

pub(crate) async fn statements_that_end_with_comments_travel_together(scene: &Scene) {
    let mut transaction = scene.store.begin().await.unwrap();
    let commented = Sql::fixed("INSERT INTO cells (id) VALUES (?1) -- a comment");
    transaction.enqueue(Statement::new(commented, vec![SqlValue::text("a")]));
    transaction.enqueue(insert("b"));
    transaction.commit().await.unwrap();
    assert_eq!(scene.ids().await, ["a", "b"]);
}

pub(crate) async fn statements_that_travel_together_get_each_its_own_values(scene: &Scene) {
    let mut transaction = scene.store.begin().await.unwrap();
    // Out of order, twice, and not all of them.
    let sql = Sql::fixed("SELECT CAST(?3 AS BIGINT), CAST(?1 AS BIGINT), CAST(?3 AS BIGINT) - 1");
    let sent: Vec<_> = (0..10)
        .map(|n| {
            let params = [n, 7, -n].map(SqlValue::Int).to_vec();
            transaction.enqueue(Statement::new(sql.clone(), params))
        })
        .collect();
    transaction.flush().await.unwrap();
    for (n, ticket) in (0..).zip(sent) {
        assert_eq!(transaction.take(ticket).unwrap(), [[-n, n, -n - 1].map(SqlValue::Int)]);
    }
}
