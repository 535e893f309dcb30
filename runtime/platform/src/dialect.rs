//! What a statement says differently to each database. Rows and lists travel as one JSON parameter to both.

use alcove_plan::types::{Kind, Type};
use alcove_store::Dialect;

/// A `FROM` clause with a row `value` for each row (a JSON array of cells) of the JSON array at `place`.
pub(crate) fn from_rows(dialect: Dialect, place: &str) -> String {
    match dialect {
        Dialect::Sqlite => format!("json_each({place})"),
        Dialect::Postgres => format!("jsonb_array_elements(CAST({place} AS JSONB)) AS cells (value)"),
    }
}

/// The cell at a position of such a row, as a column of type `ty` holds it.
pub(crate) fn cell(dialect: Dialect, at: usize, ty: Type) -> String {
    match dialect {
        // JSON has the cell's own type.
        Dialect::Sqlite => format!("value ->> {at}"),
        Dialect::Postgres => format!("CAST(value ->> {at} AS {})", column_type(ty)),
    }
}

/// A `FROM` clause with a row `value` for each item of the JSON array `json`.
pub(crate) fn from_items(dialect: Dialect, json: &str) -> String {
    match dialect {
        Dialect::Sqlite => format!("json_each({json})"),
        Dialect::Postgres => format!("json_array_elements_text(CAST({json} AS JSON)) AS items (value)"),
    }
}

/// The type of PostgreSQL for a column of type `ty`, as `migrations/README.md` says.
pub(crate) fn column_type(ty: Type) -> &'static str {
    match ty {
        Type::One(Kind::Bool | Kind::Int | Kind::Time) => "BIGINT",
        Type::One(Kind::Num) => "NUMERIC",
        _ => "TEXT",
    }
}
