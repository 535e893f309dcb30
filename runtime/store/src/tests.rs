//! The store against a real database, in memory and in a file.

use crate::{CHUNK_ROWS, Rows, Sql, SqlValue, Statement, Store, StoreError};

async fn all(mut rows: Rows) -> Vec<Vec<SqlValue>> {
    let mut found = Vec::new();
    while let Some(chunk) = rows.next().await.unwrap() {
        assert!((1..=CHUNK_ROWS).contains(&chunk.len()));
        found.extend(chunk);
    }
    found
}

async fn query(store: &Store, sql: &'static str, params: Vec<SqlValue>) -> Vec<Vec<SqlValue>> {
    all(store.rows(Sql::fixed(sql), params).await.unwrap()).await
}

const INSERT: Sql = Sql::fixed("INSERT INTO app_state VALUES ('t', 'a', ?1, 'null', 0)");

async fn insert(store: &Store, key: &str) {
    let mut transaction = store.begin().await.unwrap();
    assert_eq!(transaction.execute(&INSERT, &[SqlValue::text(key)]).await.unwrap(), 1);
    transaction.commit().await.unwrap();
}

async fn keys(store: &Store) -> Vec<String> {
    let rows = query(store, "SELECT \"key\" FROM app_state ORDER BY 1", Vec::new()).await;
    rows.iter().map(|row| row[0].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn every_cell_comes_back_as_it_was() {
    let store = Store::open_memory().await.unwrap();
    let cells = vec![
        SqlValue::Null,
        SqlValue::Int(i64::MIN),
        SqlValue::text("a\0b \u{1f389}"),
        SqlValue::text(""),
        SqlValue::Blob([0, 255].as_slice().into()),
        SqlValue::Blob([].as_slice().into()),
    ];
    assert_eq!(query(&store, "SELECT ?1, ?2, ?3, ?4, ?5, ?6", cells.clone()).await, [cells]);
    let inexact = store.rows(Sql::fixed("SELECT 0.5"), Vec::new()).await;
    assert!(matches!(inexact, Err(StoreError::Cell { found }) if found == "REAL"));
}

#[tokio::test]
async fn a_transaction_that_is_dropped_leaves_no_trace_and_the_next_one_begins() {
    let store = Store::open_memory().await.unwrap();
    let mut transaction = store.begin().await.unwrap();
    transaction.execute(&INSERT, &[SqlValue::text("lost")]).await.unwrap();
    drop(transaction);
    insert(&store, "kept").await;
    assert_eq!(keys(&store).await, ["kept"]);
}

#[tokio::test]
async fn what_follows_a_mark_can_be_undone_alone_also_after_a_refusal() {
    let store = Store::open_memory().await.unwrap();
    let mut transaction = store.begin().await.unwrap();
    transaction.execute(&INSERT, &[SqlValue::text("before")]).await.unwrap();
    transaction.mark().await.unwrap();
    transaction.execute(&INSERT, &[SqlValue::text("undone")]).await.unwrap();
    let refused = transaction.execute(&INSERT, &[SqlValue::text("before")]).await.unwrap_err();
    assert!(refused.is_refusal());
    transaction.rollback_to_mark().await.unwrap();
    transaction.mark().await.unwrap();
    transaction.execute(&INSERT, &[SqlValue::text("kept")]).await.unwrap();
    transaction.release_mark().await.unwrap();
    transaction.commit().await.unwrap();
    assert_eq!(keys(&store).await, ["before", "kept"]);
}

#[tokio::test]
async fn statements_that_travel_together_get_each_its_own_values() {
    let store = Store::open_memory().await.unwrap();
    let mut transaction = store.begin().await.unwrap();
    let sql = Sql::fixed("SELECT ?2, ?1, ?2");
    let sent: Vec<_> = (0..10)
        .map(|n| transaction.enqueue(Statement::new(sql.clone(), vec![SqlValue::Int(n), SqlValue::Int(-n)])))
        .collect();
    transaction.flush().await.unwrap();
    for (n, ticket) in (0..).zip(sent) {
        assert_eq!(transaction.take(ticket).unwrap(), [[-n, n, -n].map(SqlValue::Int)]);
    }
}

#[tokio::test]
async fn a_sum_that_overflows_is_a_refusal_and_never_a_rounded_number() {
    let store = Store::open_memory().await.unwrap();
    let mut transaction = store.begin().await.unwrap();
    let add = Sql::fixed("INSERT INTO app_state VALUES ('t', 'a', 'k', 'null', ?1 + 1)");
    let refused = transaction.execute(&add, &[SqlValue::Int(i64::MAX)]).await.unwrap_err();
    assert!(refused.is_refusal(), "{refused:?}");
    drop(transaction);
    let mut transaction = store.begin().await.unwrap();
    let sum = Sql::fixed("SELECT sum(value) FROM json_each('[9223372036854775807, 1]')");
    assert!(transaction.query(&sum, &[]).await.unwrap_err().is_refusal());
}

#[tokio::test]
async fn a_file_lasts_and_its_readers_see_one_moment() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("alcove.db");
    let store = Store::open_file(&path).await.unwrap();
    insert(&store, "a").await;
    let settings =
        query(&store, "SELECT journal_mode, synchronous FROM pragma_journal_mode, pragma_synchronous", vec![]);
    assert_eq!(settings.await, [[SqlValue::text("wal"), SqlValue::Int(2)]]);

    // More than is read ahead, so that the reader is still reading while the writer writes.
    let sql = "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 6000)
               SELECT n, (SELECT count(*) FROM app_state WHERE n > 0) FROM n";
    let mut rows = store.rows(Sql::fixed(sql), Vec::new()).await.unwrap();
    assert_eq!(rows.next().await.unwrap().unwrap().len(), CHUNK_ROWS);
    insert(&store, "b").await;
    let rest = all(rows).await;
    assert_eq!(rest.len(), 6_000 - CHUNK_ROWS);
    assert!(rest.iter().all(|row| row[1] == SqlValue::Int(1)));
    assert!(store.rows(Sql::fixed("DELETE FROM app_state"), Vec::new()).await.unwrap().next().await.is_err());
    store.close().await;

    assert_eq!(keys(&Store::open_file(&path).await.unwrap()).await, ["a", "b"]);
}

#[tokio::test]
async fn a_reader_that_goes_away_makes_room() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open_file(&folder.path().join("alcove.db")).await.unwrap();
    let sql = "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 100000) SELECT n FROM n";
    for _ in 0..3 * crate::READERS_MAX {
        let mut rows = store.rows(Sql::fixed(sql), Vec::new()).await.unwrap();
        assert!(rows.next().await.unwrap().is_some());
    }
}

#[tokio::test]
async fn a_query_that_nobody_waits_for_any_more_stops_searching() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open_file(&folder.path().join("alcove.db")).await.unwrap();
    // Would search for hours before it finds nothing.
    let sql = "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 1000000000000)
               SELECT n FROM n WHERE n < 0";
    for _ in 0..crate::READERS_MAX {
        let mut rows = store.rows(Sql::fixed(sql), Vec::new()).await.unwrap();
        let answer = tokio::time::timeout(std::time::Duration::from_millis(5), rows.next()).await;
        assert!(answer.is_err(), "the query is still searching");
    }
    // `close` waits until every connection is given back.
    tokio::time::timeout(std::time::Duration::from_secs(20), store.close()).await.unwrap();
}

#[tokio::test]
async fn decimals_are_compared_and_indexed_by_value() {
    let store = Store::open_memory().await.unwrap();
    let mut transaction = store.begin().await.unwrap();
    for sql in ["CREATE TABLE d (n TEXT COLLATE ALCOVE_DECIMAL) STRICT", "CREATE INDEX d_by_n ON d (n)"] {
        transaction.execute(&Sql::fixed(sql), &[]).await.unwrap();
    }
    for n in ["10", "2", "-1", "2.50", "0.1234567890123456789012345678"] {
        transaction.execute(&Sql::fixed("INSERT INTO d VALUES (?1)"), &[SqlValue::text(n)]).await.unwrap();
    }
    transaction.commit().await.unwrap();
    let found = query(&store, "SELECT n FROM d WHERE n > ?1 ORDER BY n", vec![SqlValue::text("0")]).await;
    let texts: Vec<_> = found.iter().filter_map(|row| row[0].as_str()).collect();
    assert_eq!(texts, ["0.1234567890123456789012345678", "2", "2.50", "10"]);
    let equal =
        query(&store, "SELECT n FROM d WHERE n IN (SELECT value FROM json_each('[\"2.5\",\"2.0\"]'))", vec![]).await;
    assert_eq!(equal.len(), 2);
}
