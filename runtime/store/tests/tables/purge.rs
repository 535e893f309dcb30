//! What a tenant leaves behind.

use std::collections::BTreeSet;

use alcove_store::{Sql, Statement, tables::purge};

use crate::{
    databases::{columns, databases, dump, memory},
    samples::{everything, tenant},
};

/// Tables with rows of tenants that stay: by them the id stays taken, and what happened is known.
const NOT_PURGED: [&str; 2] = ["audit", "tenants"];

#[tokio::test]
async fn every_table_of_tenants_is_purged_by_its_key() {
    let sql = "SELECT t.name, group_concat(c.name, ', ') FROM pragma_table_list AS t, pragma_table_xinfo(t.name) AS c
               WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE '%sql%' AND c.pk > 1
                   AND EXISTS (SELECT 1 FROM pragma_table_xinfo(t.name) AS first
                               WHERE first.pk = 1 AND first.name = 'tenant_id')
               GROUP BY t.name";
    let rows = memory().await.store.query(&Statement::new(Sql::fixed(sql), Vec::new())).await.unwrap();
    let keyed: BTreeSet<(String, String)> = rows
        .iter()
        .map(|row| (row[0].as_str().unwrap().to_owned(), row[1].as_str().unwrap().to_owned()))
        .filter(|(table, _)| !NOT_PURGED.contains(&table.as_str()))
        .collect();
    let purged = purge::TABLES.iter().map(|table| (table.name.to_owned(), table.key.replace('"', "")));
    assert_eq!(purged.collect::<BTreeSet<_>>(), keyed, "say in `purge` what a new table needs");
}

#[tokio::test]
async fn a_tenant_goes_bit_by_bit_and_leaves_nothing_but_its_row_and_its_log_and_all_others_alone() {
    let mut tables = columns().await;
    tables.retain(|(_, columns)| columns.iter().any(|column| column == "tenant_id"));
    for db in databases().await {
        let d = db.store.dialect();
        let mut tx = db.begin().await;
        for statement in everything(d, "t1").into_iter().chain(everything(d, "t2")) {
            tx.enqueue(statement);
        }
        tx.flush().await.unwrap();
        let others = dump(&mut tx, &tables, "tenant_id = 't2'").await;
        for table in purge::TABLES {
            let statement = purge::some(d, *table, &tenant("t1"), 1);
            while tx.execute(&statement.sql, &statement.params).await.unwrap() == 1 {}
        }
        let left = dump(&mut tx, &tables, "tenant_id = 't1'").await;
        let left: Vec<_> = left.iter().filter(|(_, rows)| !rows.is_empty()).map(|(table, _)| &**table).collect();
        assert_eq!(left, NOT_PURGED, "{}", db.name);
        assert_eq!(dump(&mut tx, &tables, "tenant_id = 't2'").await, others, "{}", db.name);
        tx.rollback().await;
    }
}
