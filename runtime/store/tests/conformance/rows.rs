//! Reading.

use alcove_store::{CHUNK_ROWS, Sql, SqlValue};

use crate::scene::{Scene, all, insert};

const NUMBERS: &str = "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < ?1) SELECT n FROM n";

/// Fills the table with this many rows.
async fn fill(scene: &Scene, rows: i64) {
    let sql = "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < ?1)
               INSERT INTO cells (id) SELECT CAST(n AS TEXT) FROM n";
    let mut transaction = scene.store.begin().await.unwrap();
    transaction.execute(&Sql::fixed(sql), &[SqlValue::Int(rows)]).await.unwrap();
    transaction.commit().await.unwrap();
}

pub(crate) async fn a_reader_sees_one_moment(scene: &Scene) {
    // More than is read ahead, so that the reader is still reading while the writer writes.
    fill(scene, 20_000).await;
    let mut rows = scene.store.rows(Sql::fixed("SELECT id FROM cells"), Vec::new()).await.unwrap();
    assert_eq!(rows.next().await.unwrap().unwrap().len(), CHUNK_ROWS);
    let mut transaction = scene.store.begin().await.unwrap();
    transaction.execute(&Sql::fixed("DELETE FROM cells"), &[]).await.unwrap();
    transaction.commit().await.unwrap();
    assert_eq!(all(rows).await.len(), 20_000 - CHUNK_ROWS);
    assert!(scene.ids().await.is_empty());
}

pub(crate) async fn a_small_answer_comes_at_once(scene: &Scene) {
    for rows in [0, 1, CHUNK_ROWS, CHUNK_ROWS + 1] {
        let sql = Sql::fixed(
            "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n <= ?1)
                              SELECT n FROM n WHERE n <= ?1",
        );
        let count = SqlValue::Int(i64::try_from(rows).unwrap());
        assert_eq!(all(scene.store.rows(sql, vec![count]).await.unwrap()).await.len(), rows);
    }
}

pub(crate) async fn a_query_outside_a_transaction_sees_what_was_committed(scene: &Scene) {
    let mut transaction = scene.store.begin().await.unwrap();
    transaction.enqueue(insert("a"));
    transaction.commit().await.unwrap();
    assert_eq!(scene.ids().await, ["a"]);
    let rows = scene.store.rows(Sql::fixed("SELECT id FROM cells"), Vec::new()).await.unwrap();
    assert_eq!(all(rows).await, [[SqlValue::text("a")]]);
}

pub(crate) async fn a_reader_that_goes_away_makes_room(scene: &Scene) {
    for _ in 0..3 * alcove_store::READERS_MAX {
        let numbers = Sql::fixed(NUMBERS);
        let mut rows = scene.store.rows_of("t", numbers, vec![SqlValue::Int(20_000)]).await.unwrap();
        assert!(rows.next().await.unwrap().is_some());
    }
}
