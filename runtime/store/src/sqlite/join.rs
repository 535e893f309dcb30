//! Many statements as one text.

use std::fmt::Write;

use sqlx::sqlite::SqliteArguments;

use super::cells;
use crate::{Statement, StoreError, sql::replace_parameters};

/// Text that travels at once; SQLite takes a million bytes.
const TEXT_BYTES_MAX: usize = 512 * 1024;

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
    let mut joined = Joined {
        text: String::with_capacity(bytes.min(TEXT_BYTES_MAX)),
        arguments: SqliteArguments::default(),
        count: 0,
    };
    let mut params = 0;
    for (_, statement) in statements {
        if joined.count > 0 && joined.text.len() + statement.sql.as_str().len() > TEXT_BYTES_MAX {
            break;
        }
        renumber(statement, params, &mut joined.text)?;
        // On a line of its own, as a statement may end with a comment.
        joined.text.push_str("\n;\n");
        cells::push(&mut joined.arguments, &statement.params)?;
        params += statement.params.len();
        joined.count += 1;
    }
    Ok(joined)
}

/// Writes a statement whose first parameter is number `before + 1`, as `$N`. Not as `?N`: that would declare all
/// numbers below it too, and the driver would bind each of them, to each statement.
fn renumber(statement: &Statement, before: usize, out: &mut String) -> Result<(), StoreError> {
    let mut highest = 0;
    replace_parameters(statement.sql.as_str(), out, |number, out| {
        highest = highest.max(number);
        // Writing to a `String` never fails.
        let _ = write!(out, "${}", number.saturating_add(before));
    });
    let given = statement.params.len();
    if highest > given {
        return Err(StoreError::Parameter { problem: format!("it names parameter {highest}, and {given} were given") });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{TEXT_BYTES_MAX, join, renumber};
    use crate::{Sql, SqlValue, Statement, StoreError};

    fn statement(sql: impl Into<String>, params: usize) -> Statement {
        Statement::new(Sql::built(sql.into()), vec![SqlValue::Null; params])
    }

    #[test]
    fn parameters_are_numbered_through_and_all_else_stays() {
        let cases = [
            ("SELECT ?1, ?2, ?12", 0, "SELECT $1, $2, $12"),
            ("?1 = ?2 AND ?1 IS ?10", 9, "$10 = $11 AND $10 IS $19"),
            ("a ? b ?| c ?", 3, "a ? b ?| c ?"),
            ("é?1é", 1, "é$2é"),
        ];
        for (sql, before, expected) in cases {
            let mut out = String::new();
            renumber(&statement(sql, 12), before, &mut out).unwrap();
            assert_eq!(out, expected);
        }
    }

    #[test]
    fn a_parameter_that_was_not_given_is_never_taken_from_the_next_statement() {
        let refused = join(&[(0, statement("?1 ?2", 1)), (1, statement("?1", 1))]).err();
        assert!(matches!(refused, Some(StoreError::Parameter { .. })));
    }

    #[test]
    fn what_is_too_much_for_one_text_travels_in_two() {
        let blank = |bytes: usize| (0, statement(" ".repeat(bytes), 0));
        let pairs = [
            ([blank(TEXT_BYTES_MAX - 3 - 9), blank(9)], 2),
            ([blank(TEXT_BYTES_MAX - 3 - 9), blank(10)], 1),
            ([blank(TEXT_BYTES_MAX + 1), blank(1)], 1),
        ];
        for (statements, together) in pairs {
            assert_eq!(join(&statements).unwrap().count, together);
        }
    }
}
