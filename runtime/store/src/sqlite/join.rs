//! Many statements as one text.

use sqlx::sqlite::SqliteArguments;

use super::cells;
use crate::{SqlValue, Statement, StoreError};

/// Text that travels at once; SQLite takes a million bytes.
const TEXT_BYTES_MAX: usize = 512 * 1024;
/// Parameters that travel at once; SQLite numbers them up to 32,766.
const PARAMS_MAX: usize = 30_000;

/// Statements that travel together.
pub(super) struct Joined {
    /// The statements, each ended by a semicolon.
    pub(super) text: String,
    /// The values of their parameters, in order.
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
        let (text, used) = unnumber(sql, &statement.params);
        let full = joined.text.len() + sql.len() > TEXT_BYTES_MAX || params + used.len() > PARAMS_MAX;
        if full && joined.count > 0 {
            break;
        }
        joined.text.push_str(&text);
        // On a line of its own, as a statement may end with a comment.
        joined.text.push_str("\n;\n");
        params += used.len();
        cells::push(&mut joined.arguments, &used)?;
        joined.count += 1;
    }
    Ok(joined)
}

/// A statement with `?` for each `?N`, and the value of each `?` in order. Not numbered through: to the driver a number
/// that a statement leaves out is one more parameter of its own, and it counts them all on through the text.
fn unnumber(sql: &str, params: &[SqlValue]) -> (String, Vec<SqlValue>) {
    let mut parts = sql.split('?');
    let mut text = String::with_capacity(sql.len());
    let mut used = Vec::new();
    text.extend(parts.next());
    for part in parts {
        text.push('?');
        let digits = part.bytes().take_while(u8::is_ascii_digit).count();
        let (number, rest) = part.split_at_checked(digits).unwrap_or(("", part));
        match number.parse::<usize>() {
            Ok(number) => {
                used.push(number.checked_sub(1).and_then(|at| params.get(at)).cloned().unwrap_or(SqlValue::Null));
            }
            Err(_) => text.push_str(number),
        }
        text.push_str(rest);
    }
    (text, used)
}

#[cfg(test)]
mod tests {
    use super::{PARAMS_MAX, TEXT_BYTES_MAX, join, unnumber};
    use crate::{Sql, SqlValue, Statement};

    #[test]
    fn each_parameter_gets_its_value_where_it_stands_and_all_else_stays() {
        let cases: [(&str, &str, &[i64]); 4] = [
            ("SELECT ?1, ?2, ?12", "SELECT ?, ?, ?", &[1, 2, 12]),
            ("?2 = ?1 AND ?2 IS ?10", "? = ? AND ? IS ?", &[2, 1, 2, 10]),
            ("a ? b ?| c ?", "a ? b ?| c ?", &[]),
            ("é?1é", "é?é", &[1]),
        ];
        let params: Vec<SqlValue> = (1..=12).map(SqlValue::Int).collect();
        for (sql, text, used) in cases {
            let used = used.iter().copied().map(SqlValue::Int).collect();
            assert_eq!(unnumber(sql, &params), (text.to_owned(), used));
        }
    }

    #[test]
    fn what_is_too_much_for_one_text_travels_in_two() {
        let statement = |bytes: usize, params: usize| {
            (0, Statement::new(Sql::built(" ".repeat(bytes) + &"?1".repeat(params)), vec![SqlValue::Null]))
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
