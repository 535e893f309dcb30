//! Rows from outside: fixtures and the demo's community.

use alcove_catalog::{Connector, ConnectorBinding, Field, ingest};
use alcove_ids::{AppId, TenantId};
use alcove_plan::{
    types::{Kind, Type},
    value::{Timestamp, Value},
};
use alcove_store::{Dialect, Sql, SqlValue, Statement, StoreError};

use crate::{Platform, cell, dialect};

/// Rows of one statement: enough to make its cost per row small, few enough that its parameter stays so too.
const CHUNK_ROWS: usize = 500;

/// Why rows were not loaded. None of them is there then.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// No such connector.
    #[error("there is no connector `{name}`")]
    UnknownConnector {
        /// Its name.
        name: String,
    },
    /// A row with too few or too many cells.
    #[error("row {row} of `{connector}` has {cells} cells, not {fields}")]
    Width {
        /// Where.
        connector: String,
        /// Which, from 0.
        row: usize,
        /// What it has.
        cells: usize,
        /// What it must have.
        fields: usize,
    },
    /// A cell of another type.
    #[error("`{field}` of row {row} of `{connector}` is of type {got}, not {want}")]
    Cell {
        /// Where.
        connector: String,
        /// Which, from 0.
        row: usize,
        /// Which.
        field: String,
        /// Its type.
        want: Type,
        /// What it got.
        got: &'static str,
    },
    /// A text with a character that PostgreSQL has no form for.
    #[error("`{field}` of row {row} of `{connector}` holds the character U+0000, which PostgreSQL does not store")]
    Nul {
        /// Where.
        connector: String,
        /// Which, from 0.
        row: usize,
        /// Which.
        field: String,
    },
    /// The database refused them: an id that is there already.
    #[error("the rows of `{connector}` could not be stored")]
    Store {
        /// Where.
        connector: String,
        /// Why.
        #[source]
        source: StoreError,
    },
}

impl Platform {
    /// Adds rows to a connector, each with one value for each of its fields, in the catalog's order: all or none. Rows
    /// of `app_state` become the state of `app`.
    pub async fn load_rows(
        &self,
        tenant: &TenantId,
        app: &AppId,
        connector: &str,
        rows: &[Vec<Value>],
    ) -> Result<(), LoadError> {
        let unknown = || LoadError::UnknownConnector { name: connector.to_owned() };
        let connector = self.catalog().connector(connector).ok_or_else(unknown)?;
        let cells: Vec<Vec<SqlValue>> =
            rows.iter().enumerate().map(|(at, row)| self.row_of(connector, at, row)).collect::<Result<_, _>>()?;
        let owner = match connector.binding {
            ConnectorBinding::Sql { .. } => vec![SqlValue::text(tenant.as_str())],
            ConnectorBinding::AppState => vec![SqlValue::text(tenant.as_str()), SqlValue::text(app.as_str())],
        };
        let sql = insert(self.store().dialect(), connector, owner.len());
        self.insert(&sql, &owner, &cells)
            .await
            .map_err(|source| LoadError::Store { connector: connector.name.clone(), source })
    }

    /// The statement that gives a row of the platform's tables the form that another system of record has told: it is
    /// added, or takes the place of the row with its id. A row that was updated later stays as it is.
    ///
    /// # Errors
    ///
    /// As of [`load_rows`](Self::load_rows), but for those of the database.
    pub fn keep_row(&self, tenant: &TenantId, connector: &str, row: &[Value]) -> Result<Statement, LoadError> {
        let unknown = || LoadError::UnknownConnector { name: connector.to_owned() };
        let connector = self.catalog().connector(connector).ok_or_else(unknown)?;
        let ConnectorBinding::Sql { table } = &connector.binding else { return Err(unknown()) };
        let cells = self.row_of(connector, 0, row)?;
        let params = vec![SqlValue::text(tenant.as_str()), SqlValue::text(cell::json_rows([&*cells]))];
        let told = connector.fields.iter().map(|field| format!("\"{0}\" = excluded.\"{0}\"", field.name));
        let insert = insert(self.store().dialect(), connector, 1);
        let sql = Sql::built(format!(
            "{} WHERE true ON CONFLICT (tenant_id, \"id\") DO UPDATE SET {} \
             WHERE excluded.\"updated_at\" >= \"{table}\".\"updated_at\"",
            insert.as_str(),
            told.collect::<Vec<_>>().join(", ")
        ));
        Ok(Statement::new(sql, params))
    }

    async fn insert(&self, sql: &Sql, owner: &[SqlValue], cells: &[Vec<SqlValue>]) -> Result<(), StoreError> {
        let mut transaction = self.store().begin().await?;
        if let Some(tenant) = owner.first().and_then(SqlValue::as_str) {
            transaction.for_tenant(tenant);
        }
        for chunk in cells.chunks(CHUNK_ROWS) {
            let mut params = owner.to_vec();
            params.push(SqlValue::text(cell::json_rows(chunk.iter().map(Vec::as_slice))));
            transaction.execute(sql, &params).await?;
        }
        transaction.commit().await
    }

    fn row_of(&self, connector: &Connector, at: usize, row: &[Value]) -> Result<Vec<SqlValue>, LoadError> {
        let name = || connector.name.clone();
        let dialect = self.store().dialect();
        if row.len() != connector.fields.len() {
            return Err(LoadError::Width {
                connector: name(),
                row: at,
                cells: row.len(),
                fields: connector.fields.len(),
            });
        }
        let cell = |(field, value): (&Field, &Value)| {
            let got = value.kind_name();
            let error =
                || LoadError::Cell { connector: name(), row: at, field: field.name.clone(), want: field.ty.ty, got };
            match value {
                Value::Null if field.ty.nullable => Ok(SqlValue::Null),
                // Null is a value of `any`: JSON's, not the database's.
                Value::Null if field.ty.ty == Type::One(Kind::Any) => Ok(SqlValue::text("null")),
                Value::Null => Err(error()),
                value if !cell::is_storable(dialect, value, field.ty.ty) => {
                    Err(LoadError::Nul { connector: name(), row: at, field: field.name.clone() })
                }
                value => cell::to_sql(value, field.ty.ty).ok_or_else(error),
            }
        };
        connector.fields.iter().zip(row).map(cell).collect()
    }
}

fn insert(dialect: Dialect, connector: &Connector, owners: usize) -> Sql {
    let (table, owner) = match &connector.binding {
        ConnectorBinding::Sql { table } => (table.as_str(), "tenant_id"),
        ConnectorBinding::AppState => ("app_state", "tenant_id, app_id"),
    };
    let columns: Vec<String> = connector.fields.iter().map(|field| format!("\"{}\"", field.name)).collect();
    let values = connector.fields.iter().enumerate().map(|(at, field)| dialect::cell(dialect, at, field.ty.ty));
    let owner_values = if owners == 1 { "?1" } else { "?1, ?2" };
    Sql::built(format!(
        "INSERT INTO \"{table}\" ({owner}, {}) SELECT {owner_values}, {} FROM {}",
        columns.join(", "),
        values.collect::<Vec<_>>().join(", "),
        dialect::from_rows(dialect, &format!("?{}", owners + 1))
    ))
}

/// What a field holds where a row says nothing, as in fixtures.
pub fn blank(field: &Field, now: Timestamp) -> Value {
    ingest::omitted(field.ty, now)
}
