//! What a connection has prepared, under names of our own.

use std::{collections::BTreeMap, sync::Arc};

use sqlx::{AssertSqlSafe, PgConnection, Row};

use super::run::numbered;
use crate::{Sql, Statement, StoreError};

/// Statements that a connection keeps prepared: all of the platform's own.
const KEPT: usize = 500;

/// What can be prepared; all else, such as `COMMIT`, costs the server nothing to read.
const PREPARABLE: [&str; 5] = ["SELECT", "INSERT", "UPDATE", "DELETE", "WITH"];

/// The statements that a connection has prepared, by their texts.
#[derive(Debug, Default)]
pub(super) struct Prepared {
    by_text: BTreeMap<Arc<str>, Plan>,
    /// How many names were given: none is given twice, as nobody knows of a name whose answer was not awaited whether
    /// the server has it.
    named: u64,
    /// Counts uses.
    clock: u64,
}

/// A prepared statement.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) name: String,
    /// Which parameters of ours its own are, in order, and the server's word for the type of each.
    pub(super) parameters: Vec<(usize, String)>,
    used: u64,
}

/// How a statement is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// With others: by the name under which it was prepared, or as it is.
    Together,
    /// So too, once it is prepared.
    Prepare,
    /// By the driver. None of the engine's is: `EXPLAIN` with parameters.
    Alone,
}

impl Prepared {
    /// How a statement can be sent now.
    pub(super) fn way_of(&self, statement: &Statement) -> Way {
        let text = statement.sql.as_str();
        match PREPARABLE.iter().any(|word| text.starts_with(word)) {
            true if self.by_text.contains_key(text) => Way::Together,
            true => Way::Prepare,
            false if statement.params.is_empty() => Way::Together,
            false => Way::Alone,
        }
    }

    /// A statement that was prepared before.
    pub(super) fn find(&mut self, sql: &Sql) -> Option<&Plan> {
        self.clock += 1;
        let plan = self.by_text.get_mut(sql.as_str())?;
        plan.used = self.clock;
        Some(plan)
    }

    /// Prepares a statement; where too many are, the one that was not used for the longest time goes.
    pub(super) async fn prepare(&mut self, connection: &mut PgConnection, sql: &Sql) -> Result<(), StoreError> {
        if self.by_text.len() >= KEPT {
            self.forget_one(connection).await?;
        }
        self.named += 1;
        let name = format!("alcove_{}", self.named);
        let (text, used) = numbered(sql);
        let text = format!(
            "PREPARE {name} AS {}\n; SELECT upper(typname) FROM pg_prepared_statements \
             CROSS JOIN unnest(CAST(parameter_types AS OID[])) WITH ORDINALITY AS parameters (type, place) \
             JOIN pg_type ON pg_type.oid = type WHERE name = '{name}' ORDER BY place",
            text.as_str()
        );
        let rows = sqlx::raw_sql(AssertSqlSafe(text)).fetch_all(connection).await.map_err(StoreError::statement)?;
        let types = rows.iter().map(|row| row.try_get::<String, _>(0)).collect::<Result<Vec<_>, _>>();
        let parameters = used.into_iter().zip(types.map_err(StoreError::statement)?).collect();
        self.by_text.insert(sql.as_str().into(), Plan { name, parameters, used: self.clock });
        Ok(())
    }

    async fn forget_one(&mut self, connection: &mut PgConnection) -> Result<(), StoreError> {
        let oldest = self.by_text.iter().min_by_key(|(_, plan)| plan.used).map(|(text, _)| Arc::clone(text));
        let Some(plan) = oldest.and_then(|text| self.by_text.remove(&text)) else { return Ok(()) };
        let forget = AssertSqlSafe(format!("DEALLOCATE {}", plan.name));
        sqlx::raw_sql(forget).execute(connection).await.map_err(StoreError::statement)?;
        Ok(())
    }
}
