//! What only PostgreSQL does: conflicts of writers, types of parameters, text that it cannot hold, queries that it
//! must be told to end.

use std::time::Duration;

use alcove_store::{Sql, SqlValue, Statement, StoreError};

use crate::scene::{Scene, all, insert};

fn lock(id: &str) -> Statement {
    Statement::new(Sql::fixed("SELECT id FROM cells WHERE id = ?1 FOR UPDATE"), vec![SqlValue::text(id)])
}

#[tokio::test]
async fn of_two_transactions_that_wait_for_each_other_one_may_try_again() {
    let scene = Scene::postgres().await;
    let mut transaction = scene.store.begin().await.unwrap();
    transaction.enqueue(insert("a"));
    transaction.enqueue(insert("b"));
    transaction.commit().await.unwrap();
    let (mut one, mut two) = (scene.store.begin().await.unwrap(), scene.store.begin().await.unwrap());
    for (transaction, id) in [(&mut one, "a"), (&mut two, "b")] {
        transaction.enqueue(lock(id));
        transaction.flush().await.unwrap();
    }
    one.enqueue(lock("b"));
    two.enqueue(lock("a"));
    let (one_ends, two_ends) = (
        async {
            let flushed = one.flush().await;
            drop(one);
            flushed
        },
        async {
            let flushed = two.flush().await;
            drop(two);
            flushed
        },
    );
    let ends = tokio::join!(one_ends, two_ends);
    let failed: Vec<StoreError> = [ends.0, ends.1].into_iter().filter_map(Result::err).collect();
    assert!(matches!(failed.as_slice(), [error] if error.is_retryable() && !error.is_refusal()), "{failed:?}");
}

#[tokio::test]
async fn text_with_the_character_zero_is_refused_and_says_so() {
    let scene = Scene::postgres().await;
    let mut transaction = scene.store.begin().await.unwrap();
    transaction.enqueue(insert("a\0b"));
    let refused = transaction.commit().await.unwrap_err();
    assert!(refused.is_refusal() && refused.to_string().contains("U+0000"), "{refused}");
    let mut transaction = scene.store.begin().await.unwrap();
    let within = Sql::fixed("SELECT value ->> 0 FROM jsonb_array_elements(?1::jsonb)");
    let refused = transaction.query(&within, &[SqlValue::text(r#"[["a\u0000b"]]"#)]).await.unwrap_err();
    assert!(refused.is_refusal() && refused.to_string().contains("U+0000"), "{refused}");
}

#[tokio::test]
async fn a_value_of_another_type_is_named_and_nothing_is_sent() {
    let scene = Scene::postgres().await;
    let cases = [
        (SqlValue::Int(1), "parameter 1 is an integer, and the statement wants TEXT there", "?1::text"),
        (SqlValue::text("1"), "parameter 1 is text, and the statement wants INT8 there", "?1::bigint"),
        (SqlValue::text("1"), "parameter 1 is text, and the statement wants BYTEA there", "?1::bytea"),
        (SqlValue::Int(1 << 31), "parameter 1 is too large a number, and the statement wants INT4 there", "?1::int"),
        (SqlValue::text("one"), "parameter 1 is text that is no plain decimal, and the statement", "?1::numeric"),
    ];
    for (value, message, text) in cases {
        let mut transaction = scene.store.begin().await.unwrap();
        let sql = Sql::built(format!("SELECT {text}"));
        let refused = transaction.query(&sql, &[value]).await.unwrap_err();
        assert!(refused.to_string().contains(message), "{refused}");
    }
    let missing = scene.store.query(&Statement::new(Sql::fixed("SELECT ?1 || ?2"), vec![SqlValue::Null])).await;
    assert!(missing.unwrap_err().to_string().contains("it names parameter 2, and 1 were given"));
}

#[tokio::test]
async fn cells_of_the_servers_own_types_are_read_and_others_are_named() {
    let scene = Scene::postgres().await;
    let sql = "SELECT true, 1::smallint, 2::int, 1.500::numeric, '{\"a\": 1}'::json, '{\"a\":1}'::jsonb, 'n'::name,
               ?1::boolean, ?2::smallint, ?3::jsonb, ?4::numeric";
    let params = vec![SqlValue::Int(0), SqlValue::Int(-3), SqlValue::text("[1]"), SqlValue::Int(i64::MIN)];
    let expected = [
        SqlValue::Int(1),
        SqlValue::Int(1),
        SqlValue::Int(2),
        SqlValue::text("1.5"),
        SqlValue::text("{\"a\": 1}"),
        SqlValue::text("{\"a\": 1}"),
        SqlValue::text("n"),
        SqlValue::Int(0),
        SqlValue::Int(-3),
        SqlValue::text("[1]"),
        SqlValue::text("-9223372036854775808"),
    ];
    assert_eq!(scene.query(sql, params).await, [expected]);
    let inexact = scene.store.query(&Statement::new(Sql::fixed("SELECT 0.5::float8"), Vec::new())).await;
    assert!(matches!(inexact, Err(StoreError::Cell { found }) if found == "FLOAT8"));
}

#[tokio::test]
async fn numbers_of_any_length_have_the_digits_that_the_server_prints() {
    let scene = Scene::postgres().await;
    let sql = "SELECT n, trim_scale(n)::text FROM (
                   SELECT (10::numeric ^ k + 7) / 10::numeric ^ j * s AS n
                   FROM generate_series(0, 40, 3) AS k, generate_series(0, 40, 7) AS j, (VALUES (1), (-1)) AS signs (s)
               ) AS numbers";
    let rows = scene.query(sql, Vec::new()).await;
    assert_eq!(rows.len(), 14 * 6 * 2);
    for row in rows {
        assert_eq!(row[0], row[1]);
        let again = scene.query("SELECT ?1::numeric::text", vec![row[0].clone()]).await;
        assert_eq!(again, [[row[0].clone()]]);
    }
}

#[tokio::test]
async fn readers_cannot_write_and_a_statement_that_names_nothing_is_a_defect() {
    let scene = Scene::postgres().await;
    let delete = Statement::new(Sql::fixed("DELETE FROM cells"), Vec::new());
    let refused = scene.store.query(&delete).await.unwrap_err();
    assert!(!refused.is_refusal() && !refused.is_retryable(), "{refused:?}");
    let nothing = Statement::new(Sql::fixed("SELECT x FROM y"), Vec::new());
    assert!(matches!(scene.store.query(&nothing).await, Err(StoreError::Statement(_))));
}

#[tokio::test]
async fn a_transaction_that_named_its_tenant_sees_no_other() {
    let scene = Scene::postgres().await;
    let put = Sql::fixed("INSERT INTO app_state VALUES (?1, 'a', 'k', 'null', 0)");
    for tenant in ["one", "two"] {
        let mut transaction = scene.store.begin().await.unwrap();
        transaction.for_tenant(tenant);
        transaction.execute(&put, &[SqlValue::text(tenant)]).await.unwrap();
        transaction.commit().await.unwrap();
    }
    let mut transaction = scene.store.begin().await.unwrap();
    transaction.for_tenant("one");
    let seen = transaction.query(&Sql::fixed("SELECT tenant_id FROM app_state"), &[]).await.unwrap();
    assert_eq!(seen, [[SqlValue::text("one")]]);
    assert!(transaction.execute(&put, &[SqlValue::text("two")]).await.is_err());
    drop(transaction);
    // The next transaction on the same connection begins without a tenant.
    let count = Sql::fixed("SELECT count(*) FROM app_state");
    let mut transaction = scene.store.begin().await.unwrap();
    assert_eq!(transaction.query(&count, &[]).await.unwrap(), [[SqlValue::Int(0)]]);
    transaction.for_all_tenants();
    assert_eq!(transaction.query(&count, &[]).await.unwrap(), [[SqlValue::Int(2)]]);
    drop(transaction);
    // What the engine asks is about all tenants, unless it says whom it asks for.
    assert_eq!(scene.query("SELECT count(*) FROM app_state", Vec::new()).await, [[SqlValue::Int(2)]]);
    let count = Statement::new(count, Vec::new());
    for (tenant, seen) in [("one", 1), ("three", 0), ("two", 1)] {
        assert_eq!(scene.store.query_of(tenant, &count).await.unwrap(), [[SqlValue::Int(seen)]]);
    }
    for tenant in ["one", "two", "one", "three"] {
        let seen =
            scene.store.rows_of(tenant, Sql::fixed("SELECT tenant_id FROM app_state"), Vec::new()).await.unwrap();
        let theirs: &[[SqlValue; 1]] = if tenant == "three" { &[] } else { &[[SqlValue::text(tenant)]] };
        assert_eq!(all(seen).await, theirs);
    }
}

#[tokio::test]
async fn more_statements_than_a_connection_keeps_prepared_are_performed_too() {
    let scene = Scene::postgres().await;
    let mut transaction = scene.store.begin().await.unwrap();
    for n in (0..502).chain(0..3) {
        let sum = Sql::built(format!("SELECT {n} + ?1::bigint"));
        assert_eq!(transaction.query(&sum, &[SqlValue::Int(1)]).await.unwrap(), [[SqlValue::Int(n + 1)]]);
    }
    transaction.commit().await.unwrap();
}

#[tokio::test]
async fn values_are_no_part_of_the_text_that_a_server_may_log() {
    let scene = Scene::postgres().await;
    let mut transaction = scene.store.begin().await.unwrap();
    transaction.enqueue(insert("s3cret"));
    transaction.flush().await.unwrap();
    let shown = "SELECT query LIKE '%EXECUTE%', query LIKE '%s3cret%' FROM pg_stat_activity
                 WHERE datname = current_database() AND state = 'idle in transaction'";
    assert_eq!(scene.query(shown, Vec::new()).await, [[SqlValue::Int(1), SqlValue::Int(0)]]);
    transaction.commit().await.unwrap();
    assert_eq!(scene.ids().await, ["s3cret"]);
}

#[tokio::test]
async fn a_query_that_nobody_waits_for_any_more_ends() {
    let scene = Scene::postgres().await;
    let running = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(1000)%' AND datname =
                   current_database() AND pid <> pg_backend_pid() AND state = 'active'";
    let sleeps = Sql::fixed("SELECT 1 FROM pg_sleep(1000)");
    for _ in 0..4 {
        let mut rows = scene.store.rows(sleeps.clone(), Vec::new()).await.unwrap();
        assert!(tokio::time::timeout(Duration::from_millis(100), rows.next()).await.is_err(), "it is still running");
    }
    let ended = async {
        while scene.query(running, Vec::new()).await != [[SqlValue::Int(0)]] {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), ended).await.unwrap();
}

#[tokio::test]
async fn a_transaction_that_waits_for_a_lock_can_be_abandoned() {
    let scene = Scene::postgres().await;
    let mut transaction = scene.store.begin().await.unwrap();
    transaction.enqueue(insert("a"));
    transaction.commit().await.unwrap();
    let mut holder = scene.store.begin().await.unwrap();
    holder.enqueue(lock("a"));
    holder.flush().await.unwrap();
    let mut waiter = scene.store.begin().await.unwrap();
    waiter.enqueue(lock("a"));
    assert!(tokio::time::timeout(Duration::from_millis(100), waiter.flush()).await.is_err());
    drop(waiter);
    holder.commit().await.unwrap();
    let mut next = scene.store.begin().await.unwrap();
    next.enqueue(lock("a"));
    next.commit().await.unwrap();
}
