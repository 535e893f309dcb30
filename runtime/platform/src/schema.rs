//! The tables and the catalog say the same, and every table keeps the rules of `migrations/README.md`.

use alcove_catalog::{Catalog, ConnectorBinding, Field};
use alcove_plan::types::{Kind, Type};

use crate::testing::{platform, raw, table_names};

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

#[tokio::test]
async fn every_key_and_index_begins_with_the_tenant() {
    let platform = platform().await;
    for table in table_names(&platform).await {
        let first = raw(&platform, &format!("SELECT name FROM pragma_table_xinfo('{table}') WHERE pk = 1")).await;
        assert_eq!(first[0][0].as_str(), Some("tenant_id"), "key of {table}");
        for index in raw(&platform, &format!("SELECT name FROM pragma_index_list('{table}')")).await {
            let name = index[0].as_str().unwrap();
            let first = raw(&platform, &format!("SELECT name FROM pragma_index_info('{name}') WHERE seqno = 0")).await;
            assert_eq!(first[0][0].as_str(), Some("tenant_id"), "{name}");
        }
    }
}

#[tokio::test]
async fn every_table_is_strict() {
    let platform = platform().await;
    let sql = "SELECT name FROM pragma_table_list
               WHERE schema = 'main' AND type = 'table' AND strict = 0 AND name NOT LIKE '%sql%'";
    assert!(raw(&platform, sql).await.is_empty());
}
