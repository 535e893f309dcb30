//! Many statements as one text, which the server performs in one round trip.
//!
//! The text names prepared statements, so that the server plans none of them again. It holds no texts of tenants: a
//! server writes a statement that fails into its log. They are settings of the session, sent just before as parameters.

use std::{borrow::Cow, fmt::Write, sync::Arc};

use futures_util::TryStreamExt;
use sqlx::{AssertSqlSafe, Either, Executor, PgConnection};

use super::{
    cells::{self, Fit},
    numeric,
    prepared::Plan,
};
use crate::{SqlValue, Statement, StoreError, statement::Done};

/// Values that are sent at once, about. A session keeps as many settings.
const VALUES_MAX: usize = 64;

const SET: &str = "SELECT count(set_config('alcove.v' || place, value, false)) \
                   FROM unnest($1) WITH ORDINALITY AS settings (value, place)";

/// Statements that travel together.
#[derive(Debug, Default)]
pub(super) struct Joined {
    text: String,
    /// The texts and blobs that they use, each once.
    values: Vec<SqlValue>,
}

impl Joined {
    /// Whether another statement has to travel with the next text.
    pub(super) fn is_full(&self) -> bool {
        self.values.len() >= VALUES_MAX
    }

    /// Adds a statement that the connection has prepared, or that needs no plan.
    pub(super) fn push(&mut self, statement: &Statement, plan: Option<&Plan>) -> Result<(), StoreError> {
        // Nothing is added of a statement whose parameters do not fit.
        let text = match plan {
            Some(plan) => self.call(plan, &statement.params)?,
            None => statement.sql.as_str().to_owned(),
        };
        self.text.push_str(&text);
        // On a line of its own, as a statement may end with a comment.
        self.text.push_str("\n;\n");
        Ok(())
    }

    fn call(&mut self, plan: &Plan, params: &[SqlValue]) -> Result<String, StoreError> {
        let mut text = format!("EXECUTE {}", plan.name);
        for (at, (number, ty)) in plan.parameters.iter().enumerate() {
            let param = cells::param(params, *number)?;
            text.push_str(if at == 0 { "(" } else { ", " });
            self.push_argument(cells::fit(param, ty, *number)?, param, ty, &mut text);
        }
        text.push_str(if plan.parameters.is_empty() { "" } else { ")" });
        Ok(text)
    }

    fn push_argument(&mut self, fit: Fit<'_>, param: &SqlValue, ty: &str, out: &mut String) {
        // Writing to a `String` never fails.
        let _ = match fit {
            Fit::Null => write!(out, "NULL"),
            Fit::Int(n) => write!(out, "{n}"),
            Fit::Bool(b) => write!(out, "{b}"),
            Fit::Numeric(bytes) => write!(out, "{}", numeric::to_text(&bytes).unwrap_or_default()),
            Fit::Text(_) => write!(out, "CAST(current_setting('alcove.v{}') AS {ty})", self.number(param)),
            Fit::Blob(_) => write!(out, "decode(current_setting('alcove.v{}'), 'hex')", self.number(param)),
        };
    }

    /// The number of a value among those that are sent before.
    fn number(&mut self, value: &SqlValue) -> usize {
        let known = self.values.iter().position(|known| same(known, value));
        let at = known.unwrap_or_else(|| {
            self.values.push(value.clone());
            self.values.len() - 1
        });
        at + 1
    }

    /// Performs the statements; adds what each has done.
    pub(super) async fn send(self, connection: &mut PgConnection, answers: &mut Vec<Done>) -> Result<(), StoreError> {
        if self.text.is_empty() {
            return Ok(());
        }
        if !self.values.is_empty() {
            set(connection, &self.values).await?;
        }
        let mut items = connection.fetch_many(sqlx::raw_sql(AssertSqlSafe(self.text)));
        let mut done = Done::default();
        while let Some(item) = items.try_next().await.map_err(StoreError::statement)? {
            match item {
                Either::Right(row) => done.rows.push(cells::read_row(&row)?),
                Either::Left(end) => {
                    done.changed = end.rows_affected();
                    answers.push(std::mem::take(&mut done));
                }
            }
        }
        Ok(())
    }
}

/// Whether two values are the same text or blob, at a glance: what is not found to be the same is sent twice.
fn same(a: &SqlValue, b: &SqlValue) -> bool {
    match (a, b) {
        (SqlValue::Text(a), SqlValue::Text(b)) => Arc::ptr_eq(a, b) || (a.len() < 64 && a == b),
        (SqlValue::Blob(a), SqlValue::Blob(b)) => Arc::ptr_eq(a, b),
        _ => false,
    }
}

/// Makes values settings of the session: `alcove.v1` and so on.
async fn set(connection: &mut PgConnection, values: &[SqlValue]) -> Result<(), StoreError> {
    let texts: Vec<Cow<'_, str>> = values.iter().map(cells::as_text).collect();
    connection.execute(sqlx::query(SET).bind(texts)).await.map_err(StoreError::statement)?;
    Ok(())
}
