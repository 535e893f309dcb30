//! Submitted plans, and what apps remember.

use alcove_store::{
    Dialect, Sql, SqlValue, Statement,
    tables::{app_state, plans},
};

use crate::{
    databases::databases,
    samples::{app, plan_row, tenant},
};

#[tokio::test]
async fn a_plan_is_kept_once_and_the_oldest_make_room() {
    for db in databases().await {
        let rows = [plan_row("t1", "a", 1), plan_row("t1", "b", 2), plan_row("t1", "c", 3)];
        db.run(|d| plans::add(d, &rows)).await;
        db.run(|d| plans::add(d, &[plan_row("t2", "a", 1)])).await;
        // The same plan again, later: it stays as it was.
        db.run(|d| plans::add(d, &[plan_row("t1", "a", 9)])).await;
        let get =
            async |of: &str, digest: &str| db.read(|d| plans::get(d, &tenant(of), digest), plans::Row::decode).await;
        assert_eq!(get("t1", "a").await, [plan_row("t1", "a", 1)], "{}", db.name);
        db.run(|d| plans::make_room(d, &tenant("t1"), 2, 9)).await;
        assert_eq!((get("t1", "a").await.len(), get("t1", "b").await.len(), get("t2", "a").await.len()), (0, 1, 1));
        db.run(|d| plans::make_room(d, &tenant("t1"), 0, 1)).await;
        assert_eq!((get("t1", "b").await.len(), get("t1", "c").await.len()), (0, 1), "{}", db.name);
    }
}

/// Sets a key, as an action does.
fn set(_: Dialect, of: &str, key: &str, value: &str) -> Statement {
    let sql = Sql::fixed(
        "INSERT INTO app_state (tenant_id, app_id, \"key\", \"value\", \"updated_at\") VALUES (?1, 'a', ?2, ?3, 5)",
    );
    Statement::new(sql, vec![SqlValue::text(of), SqlValue::text(key), SqlValue::text(value)])
}

#[tokio::test]
async fn what_an_app_remembers_is_listed_by_key_and_forgotten_once() {
    for db in databases().await {
        for (of, key) in [("t1", "b"), ("t1", "a"), ("t2", "a")] {
            db.run(|d| set(d, of, key, "[1]")).await;
        }
        let list = async |after: &str, limit: u32| {
            let all = db.read(|d| app_state::list(d, &tenant("t1"), &app("a"), after, limit), app_state::Entry::decode);
            all.await.into_iter().map(|entry| entry.key).collect::<Vec<_>>()
        };
        assert_eq!(
            (list("", 9).await, list("", 1).await, list("a", 9).await),
            (vec!["a".to_owned(), "b".to_owned()], vec!["a".to_owned()], vec!["b".to_owned()],),
            "{}",
            db.name
        );
        let forget =
            async || db.read(|d| app_state::delete(d, &tenant("t1"), &app("a"), "a"), app_state::Entry::decode).await;
        let entry = app_state::Entry { key: "a".to_owned(), value: "[1]".to_owned(), updated_at: 5 };
        assert_eq!((forget().await, forget().await), (vec![entry], vec![]), "{}", db.name);
        assert_eq!(list("", 9).await, ["b"], "{}", db.name);
    }
}
