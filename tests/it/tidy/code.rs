use super::checkout::File;

const FILE_LINES_MAX: usize = 500;
const FUNCTION_LINES_MAX: usize = 70;
const LINE_CHARS_MAX: usize = 120;

/// Files, functions (outside tests) and lines that are too long to be read in one piece.
pub(super) fn sizes(file: &File) -> Vec<String> {
    let lines = file.text.lines().collect::<Vec<_>>();
    let mut findings = Vec::new();
    if lines.len() > FILE_LINES_MAX {
        findings.push(file.at(lines.len(), &format!("more than {FILE_LINES_MAX} lines in the file")));
    }
    for (number, line) in (1..).zip(&lines) {
        // A line of a raw string is data, which a break would change.
        if line.chars().count() > LINE_CHARS_MAX && !line.contains("r#\"") {
            findings.push(file.at(number, &format!("more than {LINE_CHARS_MAX} characters in the line")));
        }
    }
    if !file.is_test() {
        let product = lines.split(|line| *line == "mod tests {").next().unwrap_or_default();
        for (number, length) in functions(product).filter(|(_, length)| *length > FUNCTION_LINES_MAX) {
            findings.push(file.at(number, &format!("{length} lines in the function, more than {FUNCTION_LINES_MAX}")));
        }
    }
    findings
}

/// Where each function begins and how many lines it has. The source is formatted: a body that does not end in the line
/// where the function begins ends with the first brace at its indentation.
fn functions<'a>(lines: &'a [&'a str]) -> impl Iterator<Item = (usize, usize)> + 'a {
    lines.iter().enumerate().filter(|(_, line)| begins_function(line)).filter_map(|(start, line)| {
        let end = format!("{}}}", " ".repeat(line.len() - line.trim_start().len()));
        let length = lines.iter().skip(start).position(|line| *line == end)? + 1;
        Some((start + 1, length))
    })
}

fn begins_function(line: &str) -> bool {
    let mut words = line.split_whitespace().skip_while(|word| {
        matches!(*word, "async" | "const" | "extern" | "pub" | "unsafe" | "\"C\"") || word.starts_with("pub(")
    });
    words.next() == Some("fn") && !line.ends_with([';', '}'])
}

/// A library without a first line that says what it is.
pub(super) fn introduction(file: &File) -> Vec<String> {
    if file.text.starts_with("//! ") { Vec::new() } else { vec![file.at(1, "no `//!` that says what it is")] }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: String) -> File {
        File { path: "runtime/x/src/lib.rs".to_owned(), text }
    }

    fn function_of(lines: usize) -> String {
        format!("    pub(crate) fn f(\n{}    }}\n", "        x,\n".repeat(lines - 2))
    }

    #[test]
    fn files_up_to_the_limit_pass_and_one_line_more_does_not() {
        assert_eq!(sizes(&file("\n".repeat(FILE_LINES_MAX))).len(), 0);
        assert_eq!(sizes(&file("\n".repeat(FILE_LINES_MAX + 1))).len(), 1);
    }

    #[test]
    fn lines_up_to_the_limit_pass_and_one_character_more_does_not() {
        assert_eq!(sizes(&file("ü".repeat(LINE_CHARS_MAX))).len(), 0);
        assert_eq!(sizes(&file("ü".repeat(LINE_CHARS_MAX + 1))).len(), 1);
    }

    #[test]
    fn functions_up_to_the_limit_pass_and_one_line_more_does_not() {
        assert_eq!(sizes(&file(function_of(FUNCTION_LINES_MAX))).len(), 0);
        assert_eq!(sizes(&file(function_of(FUNCTION_LINES_MAX + 1))).len(), 1);
    }

    #[test]
    fn functions_of_tests_may_be_longer() {
        assert_eq!(sizes(&file(format!("mod tests {{\n{}", function_of(FUNCTION_LINES_MAX + 1)))).len(), 0);
    }

    #[test]
    fn a_library_that_says_nothing_is_found() {
        assert_eq!(introduction(&file("mod a;\n".to_owned())).len(), 1);
        assert_eq!(introduction(&file("//! What it is.\n".to_owned())).len(), 0);
    }
}
