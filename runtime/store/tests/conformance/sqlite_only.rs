//! What only SQLite does: U+0000 in text, and a file that one engine has for itself.

use alcove_store::{Sql, SqlValue, Store, StoreError, StoreOptions, Synchronous};

use crate::scene::Scene;

#[tokio::test]
async fn text_keeps_the_character_zero() {
    let scene = Scene::sqlite_memory().await;
    let text = SqlValue::text("a\0b");
    assert_eq!(scene.query("SELECT ?1", vec![text.clone()]).await, [[text]]);
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
