//! The ledger: which effects have happened, and with what outcome.

use std::collections::BTreeMap;

use alcove_plan::{
    failure::{Code, Failure},
    value::Value,
};
use alcove_store::{Dialect, ParamRows, Sql, SqlValue, Statement, StoreError, Transaction};

use super::{PreparedAction, perform::EffectCall, run::Run};
use crate::{Scope, cell, dialect};

fn read_sql(dialect: Dialect) -> Sql {
    let effects = dialect::from_items(dialect, "?3");
    Sql::built(format!(
        "SELECT effect_id, action, outcome FROM effects
         WHERE tenant_id = ?1 AND execution_id = ?2 AND effect_id IN (SELECT value FROM {effects})"
    ))
}

/// One row: the action that was performed, and the JSON of its outputs.
#[derive(Debug)]
pub(super) struct Entry {
    action: String,
    outcome: String,
}

impl Entry {
    /// The recorded outputs, as those of this action.
    pub(super) fn outputs(&self, action: &PreparedAction) -> Result<Vec<Value>, Failure> {
        if self.action != action.name() {
            let message = format!("an effect that was `{}` before is `{}` now", self.action, action.name());
            return Err(Failure::new(Code::Internal, message));
        }
        let read = || {
            let cells = cell::read_cells(&self.outcome)?;
            cells.iter().zip(action.outputs()).map(|(cell, ty)| cell::from_sql(cell, *ty)).collect::<Result<_, _>>()
        };
        read().map_err(|error: cell::CellError| Failure::new(Code::Internal, format!("the ledger: {error}")))
    }
}

/// The entries of those calls whose effects have happened.
pub(super) async fn read(
    transaction: &mut Transaction,
    scope: &Scope,
    calls: &[EffectCall],
) -> Result<BTreeMap<String, Entry>, StoreError> {
    let ids: Vec<_> = calls.iter().map(|call| SqlValue::text(call.effect_id.as_str())).collect();
    let params = [
        SqlValue::text(scope.tenant.as_str()),
        SqlValue::text(scope.execution.as_str()),
        SqlValue::text(cell::json_array(&ids)),
    ];
    let rows = transaction.query(&read_sql(transaction.dialect()), &params).await?;
    let mut entries = BTreeMap::new();
    for row in &rows {
        if let [SqlValue::Text(effect), SqlValue::Text(action), SqlValue::Text(outcome)] = row.as_slice() {
            entries.insert(effect.to_string(), Entry { action: action.to_string(), outcome: outcome.to_string() });
        }
    }
    Ok(entries)
}

/// Lets the effects that have happened now, each with its outputs, travel with what comes next.
pub(super) fn enqueue(transaction: &mut Transaction, runs: &[Run<'_>]) {
    let of_run = |run| Run::happened(run).map(move |(call, outputs)| row(run, call, outputs));
    let rows: Vec<Row> = runs.iter().flat_map(of_run).collect();
    if !rows.is_empty() {
        transaction.enqueue(write(transaction.dialect(), &rows));
    }
}

/// Fails if any effect that is to be tried has happened before. The rows that an effect makes have ids of its own, so
/// that to make them again is refused like bad values are; this tells the two apart.
pub(super) async fn probe(transaction: &mut Transaction, runs: &[Run<'_>]) -> Result<(), StoreError> {
    let of_run = |run| Run::fresh_calls(run).map(move |call| row(run, call, &[]));
    let rows: Vec<Row> = runs.iter().flat_map(of_run).collect();
    transaction.mark().await?;
    transaction.enqueue(write(transaction.dialect(), &rows));
    transaction.flush().await?;
    transaction.rollback_to_mark().await
}

/// Tenant, execution, effect, action, outcome.
type Row = [SqlValue; 5];

fn row(run: &Run<'_>, call: &EffectCall, outputs: &[Value]) -> Row {
    let cell = |(value, ty): (&Value, _)| cell::to_sql(value, ty).unwrap_or(SqlValue::Null);
    let cells: Vec<_> = outputs.iter().zip(call.action.outputs().iter().copied()).map(cell).collect();
    [
        SqlValue::text(run.scope.tenant.as_str()),
        SqlValue::text(run.scope.execution.as_str()),
        SqlValue::text(call.effect_id.as_str()),
        SqlValue::text(call.action.name()),
        SqlValue::text(cell::json_array(&cells)),
    ]
}

const WRITE: Sql =
    Sql::fixed("INSERT INTO effects (tenant_id, execution_id, effect_id, action, outcome) VALUES (?1, ?2, ?3, ?4, ?5)");

fn write(dialect: Dialect, rows: &[Row]) -> Statement {
    let rows = rows.iter().map(Row::as_slice);
    match dialect {
        Dialect::Sqlite => Statement::for_each(WRITE, ParamRows::of(rows)),
        Dialect::Postgres => {
            let from = dialect::from_rows(dialect, "?1");
            let sql = Sql::built(format!(
                "INSERT INTO effects (tenant_id, execution_id, effect_id, action, outcome)
                 SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4 FROM {from}"
            ));
            Statement::new(sql, vec![SqlValue::text(cell::json_rows(rows))])
        }
    }
}
