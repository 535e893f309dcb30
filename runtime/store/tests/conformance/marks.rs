//! Marks, to which a transaction can return.

use alcove_store::StoreError;

use crate::scene::{Scene, insert};

pub(crate) async fn what_follows_a_mark_is_undone_alone_also_after_a_refusal(scene: &Scene) {
    let mut transaction = scene.store.begin().await.unwrap();
    transaction.enqueue(insert("before"));
    transaction.enqueue_mark();
    transaction.enqueue(insert("undone"));
    transaction.enqueue(insert("before"));
    assert!(transaction.flush().await.unwrap_err().is_refusal());
    transaction.rollback_to_mark().await.unwrap();
    transaction.mark().await.unwrap();
    transaction.enqueue(insert("kept"));
    transaction.release_mark().await.unwrap();
    transaction.commit().await.unwrap();
    assert_eq!(scene.ids().await, ["before", "kept"]);
}

pub(crate) async fn what_follows_a_mark_that_was_not_sent_is_never_performed(scene: &Scene) {
    let mut transaction = scene.store.begin().await.unwrap();
    transaction.enqueue(insert("before"));
    transaction.enqueue_mark();
    let ticket = transaction.enqueue(insert("never"));
    transaction.rollback_to_mark().await.unwrap();
    assert!(matches!(transaction.take(ticket), Err(StoreError::Failed)));
    transaction.enqueue_mark();
    transaction.flush().await.unwrap();
    transaction.enqueue(insert("never"));
    transaction.rollback_to_mark().await.unwrap();
    transaction.commit().await.unwrap();
    assert_eq!(scene.ids().await, ["before"]);
}

pub(crate) async fn marks_nest(scene: &Scene) {
    let mut transaction = scene.store.begin().await.unwrap();
    transaction.enqueue_mark();
    transaction.enqueue(insert("outer"));
    transaction.enqueue_mark();
    transaction.enqueue(insert("inner"));
    transaction.flush().await.unwrap();
    transaction.rollback_to_mark().await.unwrap();
    transaction.enqueue_mark();
    transaction.enqueue(insert("second"));
    transaction.enqueue_release();
    transaction.enqueue_release();
    transaction.commit().await.unwrap();
    assert_eq!(scene.ids().await, ["outer", "second"]);

    let mut transaction = scene.store.begin().await.unwrap();
    transaction.enqueue_mark();
    transaction.enqueue(insert("a"));
    transaction.enqueue_mark();
    transaction.enqueue(insert("b"));
    transaction.enqueue_release();
    transaction.flush().await.unwrap();
    transaction.rollback_to_mark().await.unwrap();
    transaction.commit().await.unwrap();
    assert_eq!(scene.ids().await, ["outer", "second"]);
}

pub(crate) async fn a_mark_that_was_never_reached_is_nowhere_to_return_to(scene: &Scene) {
    let mut transaction = scene.store.begin().await.unwrap();
    transaction.enqueue(insert("a"));
    transaction.enqueue(insert("a"));
    transaction.enqueue_mark();
    assert!(transaction.flush().await.unwrap_err().is_refusal());
    assert!(matches!(transaction.rollback_to_mark().await, Err(StoreError::Failed)));
    assert!(matches!(transaction.rollback_to_mark().await, Err(StoreError::Failed)), "there is no mark at all");
    assert!(matches!(transaction.commit().await, Err(StoreError::Failed)));
    assert!(scene.ids().await.is_empty());
}
