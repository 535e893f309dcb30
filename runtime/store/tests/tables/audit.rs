//! The audit log: its chain, and what finds out who has touched it.

use alcove_ids::TenantId;
use alcove_store::{
    Dialect, Sql, Statement,
    audit::{self, Break, Note, Row, Verified},
    tables,
};
use blake3::Hash;

use crate::{
    databases::{Database, databases},
    samples::{audit_row, note, tenant},
};

async fn append(db: &Database, notes: &[Note]) {
    let mut tx = db.begin().await;
    audit::append(&mut tx, notes).await.unwrap();
    tx.commit().await.unwrap();
}

async fn log(db: &Database, of: &str) -> Vec<Row> {
    audit::page(&db.store, &tenant(of), 0, 99).await.unwrap()
}

async fn verify(db: &Database, expected: Option<Hash>) -> Result<Verified, Break> {
    audit::verify(&db.store, &tenant("t1"), expected).await.unwrap()
}

/// What somebody does who may write the file: the triggers go first.
async fn tamper(db: &Database, statements: &[&'static str]) {
    let triggers: &[&'static str] = match db.store.dialect() {
        Dialect::Sqlite => &[
            "DROP TRIGGER IF EXISTS audit_is_not_changed",
            "DROP TRIGGER IF EXISTS audit_is_not_shortened",
            "DROP TRIGGER IF EXISTS audit_is_not_replaced",
        ],
        Dialect::Postgres => &["ALTER TABLE audit DISABLE TRIGGER USER"],
    };
    let mut tx = db.begin().await;
    for sql in triggers.iter().chain(statements) {
        tx.execute(&Sql::fixed(sql), &[]).await.unwrap_or_else(|error| panic!("{}: {sql}: {error:?}", db.name));
    }
    tx.commit().await.unwrap();
}

/// A log of five notes, and another tenant's of one.
async fn fill(db: &Database) {
    append(db, &[note("t1", "a"), note("t2", "z"), note("t1", "b")]).await;
    append(db, &[note("t1", "c"), note("t1", "d"), note("t1", "e")]).await;
}

/// Such logs in each database.
async fn logs() -> Vec<Database> {
    let databases = databases().await;
    for db in &databases {
        fill(db).await;
    }
    databases
}

#[tokio::test]
async fn notes_are_numbered_and_chained_for_each_tenant_without_a_gap() {
    for db in logs().await {
        let rows = log(&db, "t1").await;
        let seen: Vec<_> = rows.iter().map(|row| (row.seq, row.note.what.as_str())).collect();
        assert_eq!(seen, [(0, "a"), (1, "b"), (2, "c"), (3, "d"), (4, "e")], "{}", db.name);
        assert_eq!(audit::page(&db.store, &tenant("t1"), 4, 9).await.unwrap(), rows[4..], "{}", db.name);
        assert!(audit::page(&db.store, &tenant("t1"), u64::MAX, 9).await.unwrap().is_empty(), "{}", db.name);
        let whole = verify(&db, rows[1].hash).await.unwrap();
        assert_eq!((whole.head.entries, Some(whole.head.hash), whole.unchained), (5, rows[4].hash, 0), "{}", db.name);
        assert_ne!(log(&db, "t2").await[0].hash, rows[0].hash, "{}", db.name);
    }
}

#[tokio::test]
async fn a_log_without_notes_is_whole_and_its_head_is_its_tenants_own() {
    for db in databases().await {
        let nobody = |name: &str| TenantId::parse(name).unwrap();
        let head = async |of: &TenantId| audit::verify(&db.store, of, None).await.unwrap().unwrap().head;
        let empty = head(&nobody("t1")).await;
        assert_eq!(empty.entries, 0, "{}", db.name);
        assert_ne!(empty.hash, head(&nobody("t2")).await.hash, "{}", db.name);
        append(&db, &[note("t1", "a")]).await;
        assert_eq!(verify(&db, Some(empty.hash)).await.unwrap().head.entries, 1, "{}", db.name);
    }
}

#[tokio::test]
async fn transactions_that_append_at_the_same_time_make_one_chain() {
    for db in databases().await {
        let tasks: Vec<_> = (0..8)
            .map(|_| {
                let store = db.store.clone();
                tokio::spawn(async move {
                    let mut tx = store.begin().await.unwrap();
                    tx.for_all_tenants();
                    audit::append(&mut tx, &[note("t1", "x"), note("t2", "y")]).await.unwrap();
                    tx.commit().await.unwrap();
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
        assert_eq!(verify(&db, None).await.unwrap().head.entries, 8, "{}", db.name);
    }
}

#[tokio::test]
async fn the_database_itself_refuses_to_change_replace_or_delete_a_note() {
    for db in logs().await {
        let changes = [
            "UPDATE audit SET what = 'x' WHERE seq = 0",
            "DELETE FROM audit WHERE seq = 4",
            "DELETE FROM audit",
            match db.store.dialect() {
                Dialect::Sqlite => "INSERT OR REPLACE INTO audit SELECT * FROM audit WHERE seq = 1",
                Dialect::Postgres => "TRUNCATE audit",
            },
        ];
        for sql in changes {
            let refused = db.attempt(|_| Statement::new(Sql::fixed(sql), Vec::new())).await;
            assert!(refused.unwrap_err().is_refusal(), "{}: {sql}", db.name);
        }
        let taken = db.attempt(|d| tables::audit::insert(d, &[audit_row("t1", 2)])).await;
        assert!(taken.unwrap_err().is_refusal(), "{}", db.name);
        assert_eq!(verify(&db, None).await.unwrap().head.entries, 5, "{}", db.name);
    }
}

const FORGED: &str = "INSERT INTO audit SELECT tenant_id, 5, at, subject, what, detail, hash FROM audit
                      WHERE tenant_id = 't1' AND seq = 4";
const WITHOUT_HASH: &str = "INSERT INTO audit SELECT tenant_id, 5, at, subject, what, detail, NULL FROM audit
                            WHERE tenant_id = 't1' AND seq = 4";
const BEFORE_ALL: &str = "INSERT INTO audit SELECT tenant_id, -1, at, subject, what, detail, hash FROM audit
                          WHERE tenant_id = 't1' AND seq = 4";
const FROM_OTHERS: &str = "INSERT INTO audit SELECT 't1', 5, at, subject, what, detail, hash FROM audit
                           WHERE tenant_id = 't2'";

#[tokio::test]
async fn whatever_is_done_to_a_log_behind_its_back_is_found_and_named() {
    let moved = |from: &str, to: &str| -> &'static str {
        Box::leak(format!("UPDATE audit SET seq = {to} WHERE tenant_id = 't1' AND seq = {from}").into_boxed_str())
    };
    let cases: Vec<(&str, Vec<&'static str>, &str, u64)> = vec![
        ("edited", vec!["UPDATE audit SET subject = '[]' WHERE tenant_id = 't1' AND seq = 1"], "hash", 1),
        ("dated otherwise", vec!["UPDATE audit SET at = 6 WHERE tenant_id = 't1' AND seq = 4"], "hash", 4),
        ("without its hash", vec!["UPDATE audit SET hash = NULL WHERE tenant_id = 't1' AND seq = 2"], "no-hash", 2),
        (
            "with half a hash",
            vec!["UPDATE audit SET hash = substr(hash, 1, 4) WHERE tenant_id = 't1' AND seq = 2"],
            "row",
            2,
        ),
        ("deleted in the middle", vec!["DELETE FROM audit WHERE tenant_id = 't1' AND seq = 2"], "gap", 2),
        ("deleted at the front", vec!["DELETE FROM audit WHERE tenant_id = 't1' AND seq < 2"], "gap", 0),
        ("closed up", vec!["DELETE FROM audit WHERE tenant_id = 't1' AND seq = 2", moved("3", "2")], "hash", 2),
        ("in another order", vec![moved("1", "9"), moved("2", "1"), moved("9", "2")], "hash", 1),
        ("with a note of nobody", vec![FORGED], "hash", 5),
        ("with a note that has no hash", vec![WITHOUT_HASH], "no-hash", 5),
        ("with a note before all", vec![BEFORE_ALL], "row", 0),
        ("with another tenant's note", vec![FROM_OTHERS], "hash", 5),
    ];
    for db in databases().await {
        for (how, statements, kind, seq) in &cases {
            tamper(&db, &["DELETE FROM audit"]).await;
            fill(&db).await;
            tamper(&db, statements).await;
            let found = verify(&db, None).await.unwrap_err();
            assert_eq!((found.kind(), found.seq()), (*kind, *seq), "{}: {how}: {found}", db.name);
        }
    }
}

#[tokio::test]
async fn a_log_that_is_cut_short_looks_whole_unless_its_head_is_known() {
    for db in logs().await {
        let head = verify(&db, None).await.unwrap().head;
        tamper(&db, &["DELETE FROM audit WHERE tenant_id = 't1' AND seq > 2"]).await;
        assert_eq!(verify(&db, None).await.unwrap().head.entries, 3, "{}", db.name);
        assert_eq!(verify(&db, Some(head.hash)).await, Err(Break::Truncated { seq: 3 }), "{}", db.name);
        // Other notes in the place of those that are gone do not bring the head back.
        append(&db, &[note("t1", "d"), note("t1", "f")]).await;
        assert_eq!(verify(&db, Some(head.hash)).await, Err(Break::Truncated { seq: 5 }), "{}", db.name);
    }
}

#[tokio::test]
async fn notes_that_are_older_than_the_chain_are_vouched_for_by_the_first_hash() {
    for db in databases().await {
        let old: Vec<Row> = (0..3).map(|seq| Row { hash: None, ..audit_row("t1", seq) }).collect();
        db.run(|d| tables::audit::insert(d, &old)).await;
        assert_eq!(verify(&db, None).await.unwrap().unchained, 3, "{}", db.name);
        append(&db, &[note("t1", "a"), note("t1", "b")]).await;
        let whole = verify(&db, None).await.unwrap();
        assert_eq!((whole.head.entries, whole.unchained), (5, 3), "{}", db.name);
        tamper(&db, &["UPDATE audit SET what = 'y' WHERE tenant_id = 't1' AND seq = 0"]).await;
        assert_eq!(verify(&db, None).await, Err(Break::Hash { seq: 3 }), "{}", db.name);
    }
}
