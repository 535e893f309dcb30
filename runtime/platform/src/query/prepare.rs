//! From a query of a plan to a statement.

use alcove_catalog::{Catalog, Connector, ConnectorBinding};
use alcove_plan::{
    failure::{Code, Failure},
    limits::STRING_BYTES_MAX,
    query::{Hole, Limit, Query, SortKey},
    types::Type,
    value::Value,
};
use alcove_store::{Dialect, Sql, SqlValue};

use super::{
    condition::quoted,
    filter::{self, Builder, Param, known},
};
use crate::{
    Scope,
    prepare::{PrepareError, QueryProblem},
};

/// A query that agrees with the catalog, ready to be opened any number of times.
#[derive(Debug)]
pub struct PreparedQuery {
    sql: Sql,
    dialect: Dialect,
    holes: Vec<Hole>,
    params: Vec<Param>,
    of_app: bool,
    columns: Vec<Type>,
    rows_default: Option<u32>,
}

impl PreparedQuery {
    /// Holds a query against the catalog, for a database of this dialect.
    pub(crate) fn new(catalog: &Catalog, dialect: Dialect, query: &Query) -> Result<Self, PrepareError> {
        prepare(catalog, dialect, query).map_err(|problem| PrepareError { place: query.place, problem: problem.into() })
    }

    /// The statement, for EXPLAIN. `?1` is the tenant.
    pub fn sql(&self) -> &str {
        self.sql.as_str()
    }

    pub(crate) fn statement(&self) -> Sql {
        self.sql.clone()
    }

    /// The types of the columns, in order.
    pub(crate) fn columns(&self) -> &[Type] {
        &self.columns
    }

    /// The connector's default limit, where it is what ends the query.
    pub(crate) fn rows_default(&self) -> Option<u32> {
        self.rows_default
    }

    /// The parameters of the statement. A value that does not fit its hole is a defect of the guest, not of the data.
    pub(crate) fn bind(&self, scope: &Scope, args: &[Value]) -> Result<Vec<SqlValue>, Failure> {
        if args.len() != self.holes.len() {
            let message = format!("a query has {} holes and got {} values", self.holes.len(), args.len());
            return Err(Failure::new(Code::Internal, message));
        }
        for (hole, value) in self.holes.iter().zip(args) {
            check_hole(*hole, value)?;
        }
        let mut params = vec![SqlValue::text(scope.tenant.as_str())];
        if self.of_app {
            params.push(SqlValue::text(scope.app.as_str()));
        }
        params.extend(self.params.iter().map(|param| filter::bind(self.dialect, param, args)));
        Ok(params)
    }
}

fn check_hole(hole: Hole, value: &Value) -> Result<(), Failure> {
    let fits = if value.is_null() { hole.nullable } else { hole.ty.admits(value) };
    if !fits {
        let message = format!("a hole of type {} got {}", hole.ty, value.kind_name());
        return Err(Failure::new(Code::Internal, message));
    }
    match value {
        Value::Str(text) if text.len() > STRING_BYTES_MAX => {
            Err(Failure::new(Code::Internal, format!("a hole got a string of more than {STRING_BYTES_MAX} bytes")))
        }
        _ => Ok(()),
    }
}

fn prepare(catalog: &Catalog, dialect: Dialect, query: &Query) -> Result<PreparedQuery, QueryProblem> {
    let unknown = || QueryProblem::UnknownConnector { name: query.connector.clone() };
    let connector = catalog.connector(&query.connector).ok_or_else(unknown)?;
    if query.fields.is_empty() {
        return Err(QueryProblem::NoFields);
    }
    let fields: Vec<_> = query.fields.iter().map(|name| known(connector, name)).collect::<Result<_, _>>()?;
    let (table, of_app) = match &connector.binding {
        ConnectorBinding::Sql { table } => (table.as_str(), false),
        ConnectorBinding::AppState => ("app_state", true),
    };
    let owner = if of_app { "tenant_id = ?1 AND app_id = ?2" } else { "tenant_id = ?1" };
    let filter =
        Builder { dialect, connector, holes: &query.holes }.build(&query.filter, if of_app { 3 } else { 2 })?;
    let order = order(connector, &query.sort, if of_app { "key" } else { "id" })?;
    let limit = limit(dialect, connector, query.limit)?;

    let selected: Vec<String> = fields.iter().map(|field| quoted(field)).collect();
    let sql = format!(
        "SELECT {} FROM \"{table}\" WHERE {owner} AND {} ORDER BY {order} LIMIT {limit} OFFSET {}",
        selected.join(", "),
        filter.sql,
        query.offset
    );
    Ok(PreparedQuery {
        sql: Sql::built(sql),
        dialect,
        holes: query.holes.clone(),
        params: filter.params,
        of_app,
        columns: fields.iter().map(|field| field.ty.ty).collect(),
        rows_default: match query.limit {
            Limit::Default(rows) => Some(rows),
            Limit::Rows(_) | Limit::All => None,
        },
    })
}

fn order(connector: &Connector, keys: &[SortKey], tie: &str) -> Result<String, QueryProblem> {
    let mut terms = Vec::with_capacity(keys.len() + 1);
    for key in keys {
        let field = known(connector, &key.field)?;
        if !field.sortable() {
            return Err(QueryProblem::NotSortable { field: key.field.clone() });
        }
        let direction = if key.descending { "DESC" } else { "ASC" };
        // Left out where there are no nulls, as it keeps SQLite from reading an index in order.
        let nulls = if field.ty.nullable { " NULLS LAST" } else { "" };
        terms.push(format!("{} {direction}{nulls}", quoted(field)));
    }
    if !keys.iter().any(|key| key.field == tie) {
        terms.push(format!("\"{tie}\" ASC"));
    }
    Ok(terms.join(", "))
}

/// The limit in SQL. One row more than the default shows whether it cut.
fn limit(dialect: Dialect, connector: &Connector, limit: Limit) -> Result<String, QueryProblem> {
    let (rows, extra) = match limit {
        Limit::All => return Ok(if dialect == Dialect::Sqlite { "-1" } else { "ALL" }.to_owned()),
        Limit::Rows(rows) => (rows, 0),
        Limit::Default(rows) => (rows, 1),
    };
    if rows > connector.limit_max {
        let connector_name = connector.name.clone();
        return Err(QueryProblem::LimitTooLarge { connector: connector_name, limit: rows, max: connector.limit_max });
    }
    Ok((u64::from(rows) + extra).to_string())
}
