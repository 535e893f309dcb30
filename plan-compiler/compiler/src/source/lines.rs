//! From offsets to lines and columns.

/// Where an offset stands for a person. Both count from 1; columns count characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line. Lines end with LF or CR LF.
    pub line: u32,
    /// The column.
    pub column: u32,
}

/// The lines of a text.
#[derive(Clone, Debug)]
pub struct LineIndex {
    /// The offset of each line's first byte.
    starts: Vec<u32>,
    /// The offsets of bytes that have no column of their own, ascending: all but the first byte of each character, and
    /// a byte order mark.
    silent: Vec<u32>,
}

impl LineIndex {
    /// Of a text.
    pub fn new(text: &str) -> Self {
        let mut index = Self { starts: vec![0], silent: Vec::new() };
        for (at, c) in text.char_indices() {
            let at = u32::try_from(at).unwrap_or(u32::MAX);
            let width = u32::try_from(c.len_utf8()).unwrap_or(1);
            let first = u32::from(at != 0 || c != BYTE_ORDER_MARK);
            index.silent.extend((first..width).map(|byte| at.saturating_add(byte)));
            if c == '\n' {
                index.starts.push(at.saturating_add(1));
            }
        }
        index
    }

    /// The line and column of an offset.
    pub fn position(&self, offset: u32) -> Position {
        let line = self.starts.partition_point(|start| *start <= offset);
        let start = line.checked_sub(1).and_then(|line| self.starts.get(line)).copied().unwrap_or(0);
        let silent = self.silent.partition_point(|at| *at < offset) - self.silent.partition_point(|at| *at < start);
        let silent = u32::try_from(silent).unwrap_or(u32::MAX);
        Position {
            line: u32::try_from(line).unwrap_or(u32::MAX),
            column: (offset - start).saturating_sub(silent).saturating_add(1),
        }
    }
}

/// May stand before a config; it is no character of its own.
pub(super) const BYTE_ORDER_MARK: char = '\u{feff}';

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, needle: &str, line: u32, column: u32) {
        let offset = u32::try_from(text.find(needle).expect("the needle is there")).expect("small");
        assert_eq!(LineIndex::new(text).position(offset), Position { line, column });
    }

    #[test]
    fn lines_and_columns_count_from_one() {
        check("x", "x", 1, 1);
        check("ab\n cx", "x", 2, 3);
    }

    #[test]
    fn columns_count_characters_not_bytes() {
        check("\"héé🎉\" x", "x", 1, 8);
        check("🎉\n🎉🎉x", "x", 2, 3);
    }

    #[test]
    fn windows_line_ends_are_one_line_end() {
        check("{\r\n  x", "x", 2, 3);
    }

    #[test]
    fn a_byte_order_mark_has_no_column() {
        check("\u{feff}x", "x", 1, 1);
    }

    #[test]
    fn the_end_has_a_place() {
        assert_eq!(LineIndex::new("a\n").position(2), Position { line: 2, column: 1 });
        assert_eq!(LineIndex::new("").position(0), Position { line: 1, column: 1 });
    }
}
