//! The schema itself: what `migrations/README.md` promises, and that both databases have the same.

use std::collections::BTreeSet;

use alcove_store::{Sql, SqlValue, Statement, Store};

use crate::databases::{memory, postgres};

/// Keys and indexes that do not begin with the tenant: work lists that the engine reads across tenants, the leases
/// of nodes, which serve all of them, and keys, by which it is found out whose they are. Each is explained where it is
/// made.
const ACROSS_TENANTS: [&str; 8] = [
    "api_keys_by_hash",
    "emitted_events_by_position",
    "events_by_time",
    "executions_running",
    "nodes",
    "operator_keys",
    "operator_keys_by_hash",
    "timers_by_due",
];

/// Columns that only one of the databases has: the other's rows have an order of their own.
const ONLY_POSTGRES: [&str; 1] = ["emitted_events.position BIGINT NOT NULL"];

async fn rows(store: &Store, sql: &'static str) -> Vec<Vec<SqlValue>> {
    store.query(&Statement::new(Sql::fixed(sql), Vec::new())).await.unwrap()
}

/// The first cell of each row.
async fn set(store: &Store, sql: &'static str) -> BTreeSet<String> {
    rows(store, sql).await.iter().map(|row| row[0].as_str().unwrap().to_owned()).collect()
}

const COLUMNS_OF_SQLITE: &str = "SELECT t.name || '.' || c.name || ' ' || c.type
         || CASE WHEN c.\"notnull\" = 1 THEN ' NOT NULL' ELSE '' END
     FROM pragma_table_list AS t, pragma_table_xinfo(t.name) AS c
     WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE '%sql%'";

/// In the other database's words. A decimal is text in SQLite.
const COLUMNS_OF_POSTGRES: &str = "SELECT CAST(table_name || '.' || column_name || ' '
         || CASE data_type WHEN 'text' THEN 'TEXT' WHEN 'numeric' THEN 'TEXT' WHEN 'bigint' THEN 'INTEGER'
                WHEN 'bytea' THEN 'BLOB' ELSE data_type END
         || CASE is_nullable WHEN 'NO' THEN ' NOT NULL' ELSE '' END AS TEXT)
     FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE '%sqlx%'";

#[tokio::test]
async fn both_databases_have_the_same_tables_columns_and_nulls() {
    let sqlite = set(&memory().await.store, COLUMNS_OF_SQLITE).await;
    let mut postgres = set(&postgres().await.store, COLUMNS_OF_POSTGRES).await;
    for column in ONLY_POSTGRES {
        assert!(postgres.remove(&column.replace("BIGINT", "INTEGER")), "{column}");
    }
    assert_eq!(sqlite, postgres);
}

#[tokio::test]
async fn text_of_postgres_is_compared_byte_by_byte_as_in_sqlite() {
    let other = "SELECT CAST(table_name || '.' || column_name AS TEXT) FROM information_schema.columns
                 WHERE table_schema = 'public' AND table_name NOT LIKE '%sqlx%' AND data_type = 'text'
                     AND collation_name IS DISTINCT FROM 'C'";
    assert!(set(&postgres().await.store, other).await.is_empty());
}

/// Name of the index (of the table, for its key) and the names of its columns, in order.
const INDEXES_OF_SQLITE: &str = "SELECT CASE i.origin WHEN 'pk' THEN t.name ELSE i.name END || ' ('
         || group_concat(c.name, ', ') || ')' || CASE i.partial WHEN 1 THEN ' partial' ELSE '' END
     FROM pragma_table_list AS t, pragma_index_list(t.name) AS i, pragma_index_info(i.name) AS c
     WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE '%sql%' GROUP BY t.name, i.name";

const INDEXES_OF_POSTGRES: &str = "SELECT CAST(CASE WHEN indisprimary THEN t.relname ELSE i.relname END || ' ('
         || (SELECT string_agg(a.attname, ', ' ORDER BY at) FROM unnest(x.indkey) WITH ORDINALITY AS k (attnum, at)
             JOIN pg_attribute AS a ON a.attrelid = t.oid AND a.attnum = k.attnum)
         || ')' || CASE WHEN indpred IS NULL THEN '' ELSE ' partial' END AS TEXT)
     FROM pg_index AS x JOIN pg_class AS i ON i.oid = x.indexrelid JOIN pg_class AS t ON t.oid = x.indrelid
     WHERE t.relnamespace = 'public'::regnamespace AND t.relname NOT LIKE '%sqlx%'";

#[tokio::test]
async fn both_databases_have_the_same_keys_and_indexes_and_each_begins_with_the_tenant() {
    let sqlite = set(&memory().await.store, INDEXES_OF_SQLITE).await;
    let postgres = set(&postgres().await.store, INDEXES_OF_POSTGRES).await;
    let alone: Vec<_> = sqlite.symmetric_difference(&postgres).collect();
    assert_eq!(alone, ["emitted_events_by_position (position)"]);
    let across: BTreeSet<_> = postgres
        .iter()
        .filter_map(|index| index.split_once(" ("))
        .filter(|(_, columns)| !columns.starts_with("tenant_id"))
        .map(|(name, _)| name)
        .collect();
    assert_eq!(across, BTreeSet::from(ACROSS_TENANTS));
}

#[tokio::test]
async fn tables_of_sqlite_are_strict() {
    let loose = "SELECT name FROM pragma_table_list
                 WHERE schema = 'main' AND type = 'table' AND strict = 0 AND name NOT LIKE '%sql%'";
    assert!(set(&memory().await.store, loose).await.is_empty());
}

#[tokio::test]
async fn every_table_of_postgres_that_has_a_tenant_has_the_wall() {
    let open = "SELECT CAST(c.table_name AS TEXT) FROM information_schema.columns AS c
                JOIN pg_class AS t ON t.relname = c.table_name AND t.relnamespace = 'public'::regnamespace
                WHERE c.table_schema = 'public' AND c.column_name = 'tenant_id'
                    AND NOT (t.relrowsecurity AND t.relforcerowsecurity
                             AND EXISTS (SELECT 1 FROM pg_policy WHERE polrelid = t.oid AND polcmd = '*'))";
    assert!(set(&postgres().await.store, open).await.is_empty());
}
