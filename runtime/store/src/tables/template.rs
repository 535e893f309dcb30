//! Statements that are written once for both databases.

use std::{fmt::Write, sync::OnceLock};

use super::{
    batch::{Cells, batch, param_rows},
    column::{Column, Kind},
};
use crate::{Dialect, Sql, SqlValue, Statement};

/// The text of a statement, with marks where the databases differ:
///
/// | mark | becomes |
/// |---|---|
/// | `{batch}` | the common table `batch`: the rows of the JSON in `?1`, with the columns of the batch |
/// | `{rows}` | what is inserted: on PostgreSQL that batch, on SQLite one row, as the statement is performed for each |
/// | `{columns}` | the columns of the answer, or of what is inserted |
/// | `{t.columns}` | the same, of table `t` |
/// | `{join}` | a join that begins with what is on its left |
/// | `{for update}`, `{for share}`, `{skip locked}` | locks, where readers do not have the database for themselves |
/// | `{now ?2}` | the database's own clock, where nodes share a database; else the parameter |
/// | `{position}` | the column that says in which order rows were inserted |
#[derive(Debug)]
pub(super) struct Template {
    columns: &'static [Column],
    batch: &'static [Column],
    text: &'static str,
    sqlite: OnceLock<Sql>,
    postgres: OnceLock<Sql>,
}

impl Template {
    /// A statement without a batch.
    pub(super) const fn new(columns: &'static [Column], text: &'static str) -> Self {
        Self::of_batch(columns, &[], text)
    }

    /// A statement over the rows of a batch.
    pub(super) const fn of_batch(columns: &'static [Column], batch: &'static [Column], text: &'static str) -> Self {
        Self { columns, batch, text, sqlite: OnceLock::new(), postgres: OnceLock::new() }
    }

    /// The statement with its parameters.
    pub(super) fn with(&self, dialect: Dialect, params: Vec<SqlValue>) -> Statement {
        Statement::new(self.sql(dialect), params)
    }

    /// The statement, which inserts `{rows}`, with these.
    pub(super) fn with_rows<T>(
        &self,
        dialect: Dialect,
        rows: impl IntoIterator<Item = T>,
        write: impl FnMut(T, &mut Cells),
    ) -> Statement {
        match dialect {
            Dialect::Sqlite => Statement::for_each(self.sql(dialect), param_rows(rows, write)),
            Dialect::Postgres => self.with(dialect, vec![batch(rows, write)]),
        }
    }

    /// Its text in a dialect.
    pub(super) fn sql(&self, dialect: Dialect) -> Sql {
        let sql = match dialect {
            Dialect::Sqlite => &self.sqlite,
            Dialect::Postgres => &self.postgres,
        };
        sql.get_or_init(|| Sql::built(self.render(dialect))).clone()
    }

    fn render(&self, dialect: Dialect) -> String {
        let mut out = String::with_capacity(self.text.len());
        let mut rest = self.text;
        while let Some((before, (mark, after))) =
            rest.split_once('{').and_then(|(before, rest)| Some((before, rest.split_once('}')?)))
        {
            out.push_str(before);
            self.push_mark(mark, dialect, &mut out);
            rest = after;
        }
        out.push_str(rest);
        out
    }

    fn push_mark(&self, mark: &str, dialect: Dialect, out: &mut String) {
        let sqlite = dialect == Dialect::Sqlite;
        match mark {
            "batch" => push_batch(self.batch, dialect, out),
            "rows" if sqlite => push_row(self.batch, out),
            "rows" => {
                out.push_str("WITH ");
                push_batch(self.batch, dialect, out);
                out.push_str(" SELECT * FROM batch WHERE true");
            }
            "columns" => push_columns(self.columns, "", out),
            "join" => out.push_str(if sqlite { "CROSS JOIN" } else { "JOIN" }),
            "position" => out.push_str(if sqlite { "rowid" } else { "position" }),
            "for update" if !sqlite => out.push_str("FOR UPDATE"),
            "for share" if !sqlite => out.push_str("FOR SHARE"),
            "skip locked" if !sqlite => out.push_str("FOR UPDATE SKIP LOCKED"),
            _ => match (mark.strip_suffix(".columns"), mark.strip_prefix("now ")) {
                (Some(table), _) => push_columns(self.columns, table, out),
                (_, Some(param)) if sqlite => out.push_str(param),
                (_, Some(_)) => out.push_str("CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS BIGINT)"),
                // A lock, which SQLite does not need: who writes has the database for itself.
                (None, None) => {}
            },
        }
    }
}

fn push_columns(columns: &[Column], table: &str, out: &mut String) {
    for (at, column) in columns.iter().enumerate() {
        out.push_str(if at == 0 { "" } else { ", " });
        if !table.is_empty() {
            out.push_str(table);
            out.push('.');
        }
        push_quoted(column.name, out);
    }
}

fn push_quoted(name: &str, out: &mut String) {
    out.push('"');
    out.push_str(name);
    out.push('"');
}

/// One row of parameters.
fn push_row(columns: &[Column], out: &mut String) {
    out.push_str("VALUES (");
    for number in 1..=columns.len() {
        // Writing to a string cannot fail.
        let _ = write!(out, "{}?{number}", if number == 1 { "" } else { ", " });
    }
    out.push(')');
}

/// On PostgreSQL the batch is read once, before anything is joined to it: a condition on a table that calls a function
/// of the batch could not use an index behind row-level security. It is read as JSONB: in JSON each cell is found by
/// reading its row from the beginning, which takes 100 µs for the 28 cells of a run. On SQLite it is the rows that are
/// read once, in binary form: `value` would be written out as text and parsed again for each of its cells.
fn push_batch(columns: &[Column], dialect: Dialect, out: &mut String) {
    out.push_str(match dialect {
        Dialect::Sqlite => "cells (value) AS MATERIALIZED (SELECT jsonb(value) FROM json_each(?1)), batch (",
        Dialect::Postgres => "batch (",
    });
    push_columns(columns, "", out);
    out.push_str(match dialect {
        Dialect::Sqlite => ") AS (SELECT ",
        Dialect::Postgres => ") AS MATERIALIZED (SELECT ",
    });
    for (at, column) in columns.iter().enumerate() {
        out.push_str(if at == 0 { "" } else { ", " });
        // Writing to a string cannot fail.
        let _ = match (column.kind, dialect) {
            (Kind::Text, _) | (Kind::Int, Dialect::Sqlite) => write!(out, "value ->> {at}"),
            (Kind::Int, Dialect::Postgres) => write!(out, "CAST(value ->> {at} AS BIGINT)"),
            (Kind::Blob, Dialect::Sqlite) => write!(out, "unhex(value ->> {at})"),
            (Kind::Blob, Dialect::Postgres) => write!(out, "decode(value ->> {at}, 'hex')"),
        };
    }
    out.push_str(match dialect {
        Dialect::Sqlite => " FROM cells)",
        Dialect::Postgres => " FROM jsonb_array_elements(CAST(?1 AS JSONB)) AS cells (value))",
    });
}

#[cfg(test)]
mod tests {
    use super::{super::column, Column, Template};
    use crate::Dialect;

    #[test]
    fn a_template_says_the_same_in_both_dialects() {
        const ANSWER: &[Column] = &[column::text("a"), column::int("b")];
        const BATCH: &[Column] = &[column::text("a"), column::int("n"), column::blob("c")];
        let template = Template::of_batch(
            ANSWER,
            BATCH,
            "WITH {batch} SELECT {t.columns}, {columns}, {now ?2} FROM batch {join} t ON t.a = batch.a {for update}",
        );
        assert_eq!(
            template.sql(Dialect::Sqlite).as_str(),
            "WITH cells (value) AS MATERIALIZED (SELECT jsonb(value) FROM json_each(?1)), \
             batch (\"a\", \"n\", \"c\") AS (SELECT value ->> 0, value ->> 1, unhex(value ->> 2) \
             FROM cells) SELECT t.\"a\", t.\"b\", \"a\", \"b\", ?2 \
             FROM batch CROSS JOIN t ON t.a = batch.a "
        );
        assert_eq!(
            template.sql(Dialect::Postgres).as_str(),
            "WITH batch (\"a\", \"n\", \"c\") AS MATERIALIZED (SELECT value ->> 0, CAST(value ->> 1 AS BIGINT), \
             decode(value ->> 2, 'hex') FROM jsonb_array_elements(CAST(?1 AS JSONB)) AS cells (value)) \
             SELECT t.\"a\", t.\"b\", \"a\", \"b\", CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS BIGINT) \
             FROM batch JOIN t ON t.a = batch.a FOR UPDATE"
        );
    }
    #[test]
    fn rows_are_inserted_one_by_one_or_all_at_once() {
        const COLUMNS: &[Column] = &[column::text("a"), column::int("n")];
        let template = Template::of_batch(COLUMNS, COLUMNS, "INSERT INTO t ({columns}) {rows} ON CONFLICT DO NOTHING");
        assert_eq!(
            template.sql(Dialect::Sqlite).as_str(),
            "INSERT INTO t (\"a\", \"n\") VALUES (?1, ?2) ON CONFLICT DO NOTHING"
        );
        assert_eq!(
            template.sql(Dialect::Postgres).as_str(),
            "INSERT INTO t (\"a\", \"n\") WITH batch (\"a\", \"n\") AS MATERIALIZED (SELECT value ->> 0, \
             CAST(value ->> 1 AS BIGINT) FROM jsonb_array_elements(CAST(?1 AS JSONB)) AS cells (value)) \
             SELECT * FROM batch WHERE true ON CONFLICT DO NOTHING"
        );
    }
}
