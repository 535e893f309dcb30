//! The tables and the catalog say the same, and every table keeps the rules of `migrations/README.md`.

use alcove_catalog::{Catalog, ConnectorBinding, Field};
use alcove_plan::types::{Kind, Type};

use crate::testing::{platform, raw};

fn column(field: &Field) -> String {
    let ty = match field.ty.ty {
        Type::One(Kind::Int | Kind::Bool | Kind::Time) => "INTEGER",
        Type::One(Kind::Num) => "TEXT COLLATE ALCOVE_DECIMAL",
        _ => "TEXT",
    };
    let null = if field.ty.nullable { "" } else { " NOT NULL" };
    format!("\"{}\" {ty}{null}", field.name)
}

#[tokio::test]
async fn each_table_agrees_with_its_connector() {
    let platform = platform().await;
    for connector in Catalog::shipped().connectors() {
        let (table, owners) = match &connector.binding {
            ConnectorBinding::Sql { table } => (table.as_str(), 1),
            ConnectorBinding::AppState => ("app_state", 2),
        };
        let sql = raw(&platform, &format!("SELECT sql FROM sqlite_schema WHERE name = '{table}'")).await;
        let sql = sql[0][0].as_str().unwrap().to_owned();
        let columns = raw(&platform, &format!("SELECT name FROM pragma_table_xinfo('{table}')")).await;
        assert_eq!(columns.len(), connector.fields.len() + owners, "columns of {table}");
        for field in &connector.fields {
            let found = sql.lines().find(|line| line.contains(&format!("\"{}\"", field.name)));
            let found = found.unwrap_or_else(|| panic!("{table} has no column {}", field.name));
            let declared = found.trim().trim_end_matches(',');
            let declared = declared.split(" CHECK").next().unwrap();
            assert_eq!(declared, column(field), "{table}");
        }
    }
}

/// What an engine looks through for all tenants at once: its own leases, and lists of work that is due.
const OF_ALL_TENANTS: [&str; 4] = ["events_by_time", "executions_running", "nodes", "timers_by_due"];

#[tokio::test]
async fn every_key_and_index_begins_with_the_tenant_but_lists_of_work() {
    let platform = platform().await;
    let tables = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '%sql%'";
    let mut others = Vec::new();
    for table in raw(&platform, tables).await {
        let table = table[0].as_str().unwrap().to_owned();
        let first = raw(&platform, &format!("SELECT name FROM pragma_table_xinfo('{table}') WHERE pk = 1")).await;
        if first[0][0].as_str() != Some("tenant_id") {
            others.push(table.clone());
        }
        let own = format!("SELECT name FROM pragma_index_list('{table}') WHERE origin = 'c'");
        for index in raw(&platform, &own).await {
            let name = index[0].as_str().unwrap();
            let first = raw(&platform, &format!("SELECT name FROM pragma_index_info('{name}') WHERE seqno = 0")).await;
            if first[0][0].as_str() != Some("tenant_id") {
                others.push(name.to_owned());
            }
        }
    }
    others.sort_unstable();
    assert_eq!(others, OF_ALL_TENANTS);
}

#[tokio::test]
async fn every_table_is_strict() {
    let platform = platform().await;
    let sql = "SELECT name FROM pragma_table_list
               WHERE schema = 'main' AND type = 'table' AND strict = 0 AND name NOT LIKE '%sql%'";
    assert!(raw(&platform, sql).await.is_empty());
}
