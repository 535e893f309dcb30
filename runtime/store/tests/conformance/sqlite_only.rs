//! What only SQLite does: any text, decimals by its collation, and a file that one engine has for itself.

use alcove_store::{Sql, SqlValue, Statement, Store, StoreError, StoreOptions, Synchronous};

use crate::scene::{Scene, insert};

#[tokio::test]
async fn every_parameter_comes_back_as_it_was() {
    let scene = Scene::sqlite_memory().await;
    let cells = vec![
        SqlValue::Null,
        SqlValue::Int(i64::MIN),
        SqlValue::text("a\0b \u{1f389}"),
        SqlValue::text(""),
        SqlValue::Blob([0, 255].as_slice().into()),
        SqlValue::Blob([].as_slice().into()),
    ];
    assert_eq!(scene.query("SELECT ?1, ?2, ?3, ?4, ?5, ?6", cells.clone()).await, [cells]);
    let inexact = scene.store.rows(Sql::fixed("SELECT 0.5"), Vec::new()).await;
    assert!(matches!(inexact, Err(StoreError::Cell { found }) if found == "REAL"));
}

#[tokio::test]
async fn a_sum_that_overflows_is_a_refusal_and_never_a_rounded_number() {
    let scene = Scene::sqlite_memory().await;
    let mut transaction = scene.store.begin().await.unwrap();
    let sum = Sql::fixed("SELECT sum(value) FROM json_each('[9223372036854775807, 1]')");
    assert!(transaction.query(&sum, &[]).await.unwrap_err().is_refusal());
}

#[tokio::test]
async fn a_file_lasts_and_its_readers_cannot_write() {
    let scene = Scene::sqlite_file().await;
    let mut transaction = scene.store.begin().await.unwrap();
    transaction.enqueue(insert("a"));
    transaction.commit().await.unwrap();
    assert!(scene.store.rows(Sql::fixed("DELETE FROM cells"), Vec::new()).await.unwrap().next().await.is_err());
    scene.store.close().await;
    assert!(scene.store.begin().await.is_err(), "it is closed");
    let again = Store::open(&scene.url(), &StoreOptions::DURABLE).await.unwrap();
    let ids = again.query(&Statement::new(Sql::fixed("SELECT id FROM cells"), Vec::new())).await.unwrap();
    assert_eq!(ids, [[SqlValue::text("a")]]);
}

#[tokio::test]
async fn a_query_that_nobody_waits_for_any_more_stops_searching() {
    let scene = Scene::sqlite_file().await;
    // Would search for hours before it finds nothing.
    let sql = "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 1000000000000)
               SELECT n FROM n WHERE n < 0";
    for _ in 0..alcove_store::READERS_MAX {
        let mut rows = scene.store.rows(Sql::fixed(sql), Vec::new()).await.unwrap();
        let answer = tokio::time::timeout(std::time::Duration::from_millis(5), rows.next()).await;
        assert!(answer.is_err(), "the query is still searching");
    }
    // `close` waits until every connection is given back.
    tokio::time::timeout(std::time::Duration::from_secs(20), scene.store.close()).await.unwrap();
}

#[tokio::test]
async fn decimals_are_compared_by_value_also_with_a_list_and_through_an_index() {
    let scene = Scene::sqlite_memory().await;
    let mut transaction = scene.store.begin().await.unwrap();
    transaction.execute(&Sql::fixed("CREATE INDEX cells_by_n ON cells (n)"), &[]).await.unwrap();
    for n in ["10", "2", "-1", "2.50"] {
        let put = Sql::fixed("INSERT INTO cells (id, n) VALUES (?1, ?1)");
        transaction.enqueue(Statement::new(put, vec![SqlValue::text(n)]));
    }
    transaction.commit().await.unwrap();
    let equal = "SELECT n FROM cells WHERE n IN (SELECT value FROM json_each('[\"2.5\",\"2.0\"]')) ORDER BY n";
    assert_eq!(scene.query(equal, Vec::new()).await, [[SqlValue::text("2")], [SqlValue::text("2.50")]]);
}

#[tokio::test]
async fn one_process_at_a_time_has_a_file_for_its_engine() {
    let scene = Scene::sqlite_file().await;
    let lock = scene.store.lock_exclusively().unwrap();
    let other = Store::open(&scene.url(), &StoreOptions::DURABLE).await.unwrap();
    let refused = other.lock_exclusively().unwrap_err();
    let StoreError::Locked { database, lock: file } = &refused else { panic!("{refused:?}") };
    assert!(scene.url().ends_with(database.as_str()) && *file == format!("{database}.lock"), "{refused}");
    drop(lock);
    let _lock = other.lock_exclusively().unwrap();
}

#[tokio::test]
async fn in_memory_nobody_else_is_there() {
    let scene = Scene::sqlite_memory().await;
    let _one = scene.store.lock_exclusively().unwrap();
    let _two = scene.store.lock_exclusively().unwrap();
}

#[tokio::test]
async fn a_commit_is_on_the_disk_unless_the_caller_says_otherwise() {
    let scene = Scene::sqlite_file().await;
    let settings = "SELECT journal_mode, synchronous FROM pragma_journal_mode, pragma_synchronous";
    assert_eq!(scene.query(settings, Vec::new()).await, [[SqlValue::text("wal"), SqlValue::Int(2)]]);
    let mut transaction = scene.store.begin().await.unwrap();
    let written = transaction.query(&Sql::fixed("SELECT synchronous FROM pragma_synchronous"), &[]).await;
    assert_eq!(written.unwrap(), [[SqlValue::Int(2)]], "the connection that writes");
    drop(transaction);
    let options = StoreOptions { synchronous: Synchronous::Off };
    let careless = Store::open(&scene.url(), &options).await.unwrap();
    let mut transaction = careless.begin().await.unwrap();
    let written = transaction.query(&Sql::fixed("SELECT synchronous FROM pragma_synchronous"), &[]).await;
    assert_eq!(written.unwrap(), [[SqlValue::Int(0)]]);
}

#[tokio::test]
async fn an_address_of_no_known_database_is_refused_without_its_password() {
    for url in ["mysql://user:secret@host/db", "alcove.db"] {
        let refused = Store::open(url, &StoreOptions::DURABLE).await.unwrap_err();
        assert!(matches!(refused, StoreError::Url { .. }) && !refused.to_string().contains("secret"), "{refused}");
    }
}
