//! Many statements as one text.

use std::fmt::Write;

use sqlx::sqlite::SqliteArguments;

use super::cells;
use crate::{Statement, StoreError};

/// Text that travels at once; SQLite takes a million bytes.
const TEXT_BYTES_MAX: usize = 512 * 1024;
/// Parameters that travel at once; SQLite numbers them up to 32,766.
const PARAMS_MAX: usize = 30_000;

/// Statements that travel together.
pub(super) struct Joined {
    /// The statements, each ended by a semicolon, with parameters that are numbered through.
    pub(super) text: String,
    /// The parameters of all.
    pub(super) arguments: SqliteArguments,
    /// How many statements these are.
    pub(super) count: usize,
}

/// Joins the first of these statements: as many as travel together, one at least.
pub(super) fn join(statements: &[(usize, Statement)]) -> Result<Joined, StoreError> {
    let bytes: usize = statements.iter().map(|(_, statement)| statement.sql.as_str().len() + 16).sum();
    let mut joined = Joined { text: String::with_capacity(bytes), arguments: SqliteArguments::default(), count: 0 };
    let mut params = 0;
    for (_, statement) in statements {
        let sql = statement.sql.as_str();
        let full = joined.text.len() + sql.len() > TEXT_BYTES_MAX || params + statement.params.len() > PARAMS_MAX;
        if full && joined.count > 0 {
            break;
        }
        renumber(sql, params, &mut joined.text);
        // On a line of its own, as a statement may end with a comment.
        joined.text.push_str("\n;\n");
        cells::push(&mut joined.arguments, &statement.params)?;
        params += statement.params.len();
        joined.count += 1;
    }
    Ok(joined)
}

/// Writes a statement whose first parameter is number `before + 1`.
fn renumber(sql: &str, before: usize, out: &mut String) {
    let mut parts = sql.split('?');
    out.extend(parts.next());
    for part in parts {
        let digits = part.bytes().take_while(u8::is_ascii_digit).count();
        out.push('?');
        let (number, rest) = part.split_at_checked(digits).unwrap_or(("", part));
        match number.parse::<usize>() {
            Ok(number) => {
                // Writing to a `String` never fails.
                let _ = write!(out, "{}", number.saturating_add(before));
            }
            Err(_) => out.push_str(number),
        }
        out.push_str(rest);
    }
}

#[cfg(test)]
mod tests {
    use super::{PARAMS_MAX, TEXT_BYTES_MAX, join, renumber};
    use crate::{Sql, SqlValue, Statement};

    #[test]
    fn parameters_are_numbered_through_and_all_else_stays() {
        let cases = [
            ("SELECT ?1, ?2, ?12", 0, "SELECT ?1, ?2, ?12"),
            ("?1 = ?2 AND ?1 IS ?10", 9, "?10 = ?11 AND ?10 IS ?19"),
            ("a ? b ?| c ?", 3, "a ? b ?| c ?"),
            ("é?1é", 1, "é?2é"),
        ];
        for (sql, before, expected) in cases {
            let mut out = String::new();
            renumber(sql, before, &mut out);
            assert_eq!(out, expected);
        }
    }

    #[test]
    fn what_is_too_much_for_one_text_travels_in_two() {
        let statement = |bytes: usize, params: usize| {
            (0, Statement::new(Sql::built(" ".repeat(bytes)), vec![SqlValue::Null; params]))
        };
        let pairs = [
            ([statement(10, PARAMS_MAX), statement(10, 0)], 2),
            ([statement(10, PARAMS_MAX), statement(10, 1)], 1),
            ([statement(TEXT_BYTES_MAX - 3 - 9, 0), statement(9, 0)], 2),
            ([statement(TEXT_BYTES_MAX - 3 - 9, 0), statement(10, 0)], 1),
            ([statement(TEXT_BYTES_MAX + 1, 0), statement(1, 0)], 1),
        ];
        for (statements, together) in pairs {
            assert_eq!(join(&statements).unwrap().count, together);
        }
    }
}
