//! No statement looks through a whole table: each finds its rows by a key or an index.

use alcove_store::{
    Dialect, Sql, SqlValue, Statement,
    tables::{emitted_events, events, executions, nodes, operator_keys, tenants, timers, versions},
};

use crate::{
    apart::{reads, writes},
    databases::{columns, memory, perform, postgres},
};

fn across_tenants(d: Dialect) -> Vec<Statement> {
    vec![
        tenants::list(d, "", 9),
        versions::active(d, ("", ""), 9),
        executions::apps_with_queue(d),
        executions::running_of(d, "n"),
        executions::orphans(d, 9),
        emitted_events::take(d, 9),
        emitted_events::any(d),
        events::prune(d, 9, 9),
        timers::due(d, 9, 9),
        timers::due_runs(d, 9, None, 9),
        timers::next_due(d),
        operator_keys::by_hash(d, &[0; 32]),
        operator_keys::revoke(d, "o", 9),
        operator_keys::used(d, "o", 9),
        nodes::alive(d, "n", 1, 9),
        nodes::delete(d, "n", 1),
    ]
}

fn all(d: Dialect) -> Vec<Statement> {
    [reads(d, "t1"), writes(d, "t1"), across_tenants(d)].concat()
}

fn plan_of(statement: &Statement, explain: &str) -> Statement {
    Statement { sql: Sql::built(format!("{explain} {}", statement.sql.as_str())), ..statement.clone() }
}

fn lines(rows: &[Vec<SqlValue>]) -> Vec<String> {
    rows.iter().filter_map(|row| row.last()?.as_str()).map(str::to_owned).collect()
}

#[tokio::test]
async fn sqlite_finds_rows_by_a_key_or_an_index() {
    let db = memory().await;
    let tables = columns().await;
    for statement in all(Dialect::Sqlite) {
        let mut tx = db.begin().await;
        let rows = perform(&mut tx, plan_of(&statement, "EXPLAIN QUERY PLAN")).await.unwrap();
        for line in lines(&rows) {
            // A table that is read in its own order, with a limit, is a queue.
            let whole = tables.iter().find(|(table, _)| line == format!("SCAN {table}"));
            assert!(
                whole.is_none_or(|(table, _)| ["tenants", "apps", "emitted_events"].contains(&table.as_str())),
                "{line}: {}",
                statement.sql.as_str()
            );
        }
    }
}

#[tokio::test]
async fn postgres_can_find_rows_by_a_key_or_an_index_behind_the_wall() {
    let db = postgres().await;
    let mut tx = db.store.begin().await.unwrap();
    // A few rows are read faster all at once: this asks whether there is another way when there are many.
    for way in ["seqscan", "hashjoin", "mergejoin"] {
        tx.execute(&Sql::built(format!("SET LOCAL enable_{way} = off")), &[]).await.unwrap();
    }
    for statement in all(Dialect::Postgres) {
        let explain = plan_of(&statement, "EXPLAIN");
        let plan = lines(&tx.query(&explain.sql, &explain.params).await.unwrap()).join("\n");
        assert!(!plan.contains("Seq Scan"), "{}\n{plan}", statement.sql.as_str());
    }
    tx.rollback().await;
}
