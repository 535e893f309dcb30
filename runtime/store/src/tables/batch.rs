//! Rows as the one parameter of a statement: a JSON array with an array of cells for each row.

use std::fmt::Write;

use crate::SqlValue;

/// The rows of a batch, as a parameter.
pub(super) fn batch<T>(rows: impl IntoIterator<Item = T>, mut write: impl FnMut(T, &mut Cells)) -> SqlValue {
    let mut cells = Cells { out: String::from("["), first: true };
    for row in rows {
        cells.out.push_str(if cells.out.len() == 1 { "[" } else { ",[" });
        cells.first = true;
        write(row, &mut cells);
        cells.out.push(']');
    }
    cells.out.push(']');
    SqlValue::text(cells.out)
}

/// The cells of a row, from left to right.
pub(super) struct Cells {
    out: String,
    first: bool,
}

impl Cells {
    pub(super) fn text(&mut self, text: &str) -> &mut Self {
        self.separate();
        push_string(text, &mut self.out);
        self
    }

    pub(super) fn int(&mut self, n: impl Into<i128>) -> &mut Self {
        self.separate();
        // Writing to a string cannot fail. A number that no column holds is the database's to refuse.
        let _ = write!(self.out, "{}", n.into());
        self
    }

    pub(super) fn bool(&mut self, b: bool) -> &mut Self {
        self.int(u8::from(b))
    }

    pub(super) fn blob(&mut self, bytes: &[u8]) -> &mut Self {
        self.separate();
        self.out.reserve(2 * bytes.len() + 2);
        self.out.push('"');
        for byte in bytes {
            self.out.push(hex_digit(byte >> 4));
            self.out.push(hex_digit(byte & 15));
        }
        self.out.push('"');
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
        self.separate();
        self.out.push_str("null");
        self
    }

    fn separate(&mut self) {
        if !self.first {
            self.out.push(',');
        }
        self.first = false;
    }
}

fn hex_digit(nibble: u8) -> char {
    char::from_digit(u32::from(nibble), 16).unwrap_or('0')
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
