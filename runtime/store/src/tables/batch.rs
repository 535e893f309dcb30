//! Rows of a batch: as the one parameter of a statement, a JSON array with an array of cells for each row; or each row
//! as the parameters of a statement.

use std::fmt::Write;

use crate::{ParamRows, SqlValue};

/// The rows of a batch, as a parameter.
pub(super) fn batch<T>(rows: impl IntoIterator<Item = T>, mut write: impl FnMut(T, &mut Cells)) -> SqlValue {
    let mut cells = Cells(Out::Json { text: String::from("["), first: true });
    for row in rows {
        cells.begin_row();
        write(row, &mut cells);
        cells.end_row();
    }
    match cells.0 {
        Out::Json { mut text, .. } => {
            text.push(']');
            SqlValue::text(text)
        }
        Out::Params(_) => SqlValue::Null,
    }
}

/// The rows of a batch, each as the parameters of a statement.
pub(super) fn param_rows<T>(rows: impl IntoIterator<Item = T>, mut write: impl FnMut(T, &mut Cells)) -> ParamRows {
    let mut cells = Cells(Out::Params(ParamRows::default()));
    for row in rows {
        write(row, &mut cells);
        cells.end_row();
    }
    match cells.0 {
        Out::Params(rows) => rows,
        Out::Json { .. } => ParamRows::default(),
    }
}

/// The cells of a row, from left to right.
pub(super) struct Cells(Out);

enum Out {
    Json { text: String, first: bool },
    Params(ParamRows),
}

impl Cells {
    pub(super) fn text(&mut self, value: &str) -> &mut Self {
        match self.next() {
            Out::Json { text, .. } => push_string(value, text),
            Out::Params(rows) => rows.text(value),
        }
        self
    }

    pub(super) fn int(&mut self, n: impl Into<i128>) -> &mut Self {
        let n = n.into();
        match (self.next(), i64::try_from(n)) {
            (Out::Params(rows), Ok(n)) => rows.int(n),
            // A number that no column holds is the database's to refuse.
            (Out::Params(rows), Err(_)) => rows.text(&n.to_string()),
            // Writing to a string cannot fail.
            (Out::Json { text, .. }, _) => drop(write!(text, "{n}")),
        }
        self
    }

    pub(super) fn bool(&mut self, b: bool) -> &mut Self {
        self.int(u8::from(b))
    }

    pub(super) fn blob(&mut self, bytes: &[u8]) -> &mut Self {
        match self.next() {
            Out::Json { text, .. } => {
                text.push('"');
                text.push_str(&hex::encode(bytes));
                text.push('"');
            }
            Out::Params(rows) => rows.blob(bytes),
        }
        self
    }

    pub(super) fn opt_text(&mut self, text: Option<&str>) -> &mut Self {
        match text {
            Some(text) => self.text(text),
            None => self.null(),
        }
    }

    pub(super) fn opt_int(&mut self, n: Option<impl Into<i128>>) -> &mut Self {
        match n {
            Some(n) => self.int(n),
            None => self.null(),
        }
    }

    pub(super) fn opt_blob(&mut self, bytes: Option<&[u8]>) -> &mut Self {
        match bytes {
            Some(bytes) => self.blob(bytes),
            None => self.null(),
        }
    }

    fn null(&mut self) -> &mut Self {
        match self.next() {
            Out::Json { text, .. } => text.push_str("null"),
            Out::Params(rows) => rows.null(),
        }
        self
    }

    /// Where the next cell goes.
    fn next(&mut self) -> &mut Out {
        if let Out::Json { text, first } = &mut self.0
            && !std::mem::take(first)
        {
            text.push(',');
        }
        &mut self.0
    }

    fn begin_row(&mut self) {
        if let Out::Json { text, first } = &mut self.0 {
            text.push_str(if text.len() == 1 { "[" } else { ",[" });
            *first = true;
        }
    }

    fn end_row(&mut self) {
        match &mut self.0 {
            Out::Json { text, .. } => text.push(']'),
            Out::Params(rows) => rows.end_row(),
        }
    }
}

fn push_string(text: &str, out: &mut String) {
    out.push('"');
    if text.bytes().all(|byte| byte >= 0x20 && byte != b'"' && byte != b'\\') {
        out.push_str(text);
    } else {
        for c in text.chars() {
            match c {
                '"' | '\\' => out.extend(['\\', c]),
                c if c < ' ' => {
                    // Writing to a string cannot fail.
                    let _ = write!(out, "\\u{:04x}", u32::from(c));
                }
                c => out.push(c),
            }
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::batch;

    #[test]
    fn cells_are_json_whatever_they_hold() {
        let json = batch(["a\"b\\c\nä\0", ""], |text, cells| {
            cells.text(text).int(i64::MIN).int(u64::MAX).bool(true).blob(&[0, 255]).blob(&[]);
            cells.opt_text(None).opt_int(None::<i64>).opt_blob(None);
        });
        assert_eq!(
            json.as_str().unwrap(),
            concat!(
                r#"[["a\"b\\c\u000aä\u0000",-9223372036854775808,18446744073709551615,1,"00ff","",null,null,null],"#,
                r#"["",-9223372036854775808,18446744073709551615,1,"00ff","",null,null,null]]"#
            )
        );
        assert_eq!(batch([(); 0], |(), _| {}).as_str(), Some("[]"));
    }
}
