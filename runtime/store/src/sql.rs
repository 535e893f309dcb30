//! Statements.

use std::sync::Arc;

use sqlx::{AssertSqlSafe, SqlSafeStr, SqlStr};

/// One statement. Values are never part of its text: they are parameters, `?1` and up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sql(Text);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Text {
    Fixed(&'static str),
    Built(Arc<str>),
}

impl Sql {
    /// A statement that is part of the program.
    pub const fn fixed(text: &'static str) -> Self {
        Self(Text::Fixed(text))
    }

    /// A statement that was put together. Whoever calls this answers for it: names in `text` come from the catalog
    /// that ships, and nothing in it comes from a plan, an app or a row.
    pub fn built(text: impl Into<Arc<str>>) -> Self {
        Self(Text::Built(text.into()))
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Text::Fixed(text) => text,
            Text::Built(text) => text,
        }
    }
}

/// Copies a statement's text, with what `write` makes of each parameter's number in place of the parameter. A `?` that
/// no number follows is an operator of PostgreSQL, and stays.
pub(crate) fn replace_parameters(text: &str, out: &mut String, mut write: impl FnMut(usize, &mut String)) {
    let mut parts = text.split('?');
    out.extend(parts.next());
    for part in parts {
        let digits = part.bytes().take_while(u8::is_ascii_digit).count();
        let (number, rest) = part.split_at_checked(digits).unwrap_or(("", part));
        if let Ok(number) = number.parse() {
            write(number, out);
        } else {
            out.push('?');
            out.push_str(number);
        }
        out.push_str(rest);
    }
}

impl SqlSafeStr for &Sql {
    fn into_sql_str(self) -> SqlStr {
        match &self.0 {
            Text::Fixed(text) => text.into_sql_str(),
            Text::Built(text) => AssertSqlSafe(Arc::clone(text)).into_sql_str(),
        }
    }
}
