//! Many writers.

use alcove_store::{Sql, SqlValue, Statement};

use crate::scene::Scene;

pub(crate) async fn writers_wait_for_each_other_and_nothing_is_lost(scene: &Scene) {
    let mut transaction = scene.store.begin().await.unwrap();
    transaction.enqueue(Statement::new(Sql::fixed("INSERT INTO cells (id, i) VALUES ('sum', 0)"), Vec::new()));
    transaction.commit().await.unwrap();
    let writers: Vec<_> = (0..8)
        .map(|_| {
            let store = scene.store.clone();
            tokio::spawn(async move {
                for _ in 0..25 {
                    let mut transaction = store.begin().await.unwrap();
                    let raise = Sql::fixed("UPDATE cells SET i = i + ?1 WHERE id = 'sum'");
                    transaction.enqueue(Statement::new(raise, vec![SqlValue::Int(1)]));
                    transaction.commit().await.unwrap();
                }
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    assert_eq!(scene.query("SELECT i FROM cells", Vec::new()).await, [[SqlValue::Int(200)]]);
}
