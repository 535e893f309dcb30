//! The tables and the catalog say the same, as `migrations/README.md` has it.

use alcove_catalog::{Catalog, Connector, ConnectorBinding, Field};
use alcove_plan::types::{Kind, Type};

use crate::{
    dialect::column_type,
    testing::{platform, raw, stages},
};

/// The table of a connector, and how many columns say whose a row is.
fn table(connector: &Connector) -> (&str, usize) {
    match &connector.binding {
        ConnectorBinding::Sql { table } => (table, 1),
        ConnectorBinding::AppState => ("app_state", 2),
    }
}

fn sqlite_column(field: &Field) -> String {
    let ty = match field.ty.ty {
        Type::One(Kind::Int | Kind::Bool | Kind::Time) => "INTEGER",
        Type::One(Kind::Num) => "TEXT COLLATE ALCOVE_DECIMAL",
        _ => "TEXT",
    };
    let null = if field.ty.nullable { "" } else { " NOT NULL" };
    format!("\"{}\" {ty}{null}", field.name)
}

#[tokio::test]
async fn each_table_of_sqlite_agrees_with_its_connector() {
    let platform = platform().await;
    for connector in Catalog::shipped().connectors() {
        let (table, owners) = table(connector);
        let sql = raw(&platform, &format!("SELECT sql FROM sqlite_schema WHERE name = '{table}'")).await;
        let sql = sql[0][0].as_str().unwrap().to_owned();
        let columns = raw(&platform, &format!("SELECT name FROM pragma_table_xinfo('{table}')")).await;
        assert_eq!(columns.len(), connector.fields.len() + owners, "columns of {table}");
        for field in &connector.fields {
            let found = sql.lines().find(|line| line.contains(&format!("\"{}\"", field.name)));
            let found = found.unwrap_or_else(|| panic!("{table} has no column {}", field.name));
            let declared = found.trim().trim_end_matches(',');
            let declared = declared.split(" CHECK").next().unwrap();
            assert_eq!(declared, sqlite_column(field), "{table}");
        }
    }
}

#[tokio::test]
async fn each_table_of_postgres_agrees_with_its_connector() {
    let [_, platform] = stages().await;
    for connector in Catalog::shipped().connectors() {
        let (table, owners) = table(connector);
        let columns = "SELECT column_name, upper(data_type), coalesce(collation_name, ''), is_nullable
                       FROM information_schema.columns WHERE table_schema = current_schema()";
        let columns = raw(&platform, &format!("{columns} AND table_name = '{table}' ORDER BY ordinal_position")).await;
        let columns: Vec<Vec<&str>> =
            columns.iter().map(|row| row.iter().map(|cell| cell.as_str().unwrap()).collect()).collect();
        assert_eq!(columns.len(), connector.fields.len() + owners, "columns of {table}");
        for field in &connector.fields {
            let ty = column_type(field.ty.ty);
            let collation = if ty == "TEXT" { "C" } else { "" };
            let column = [&*field.name, ty, collation, if field.ty.nullable { "YES" } else { "NO" }];
            assert!(columns.iter().any(|found| *found == column), "{table}: {column:?}");
        }
    }
}
