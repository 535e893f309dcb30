//! Where the program writes.

use std::io::{self, IsTerminal, Write};

use crate::escape;

/// Standard output and standard error.
pub(crate) struct Terminal {
    out: io::Stdout,
    err: io::Stderr,
    color: bool,
}

/// How to write a word.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Style {
    Good,
    Bad,
    Warn,
    Dim,
    Bold,
}

impl Terminal {
    /// Colours only for a person who has not asked for none (<https://no-color.org>).
    pub(crate) fn detect() -> Self {
        let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let out = io::stdout();
        let color = out.is_terminal() && !refused;
        Self { out, err: io::stderr(), color }
    }

    pub(crate) fn color(&self) -> bool {
        self.color
    }

    /// A line of output. A closed pipe ends the output, not the program.
    pub(crate) fn line(&mut self, text: &str) {
        let _ = writeln!(self.out.lock(), "{}", escape::for_terminal(text, self.color));
    }

    /// Output without a line end of its own.
    pub(crate) fn text(&mut self, text: &str) {
        let _ = write!(self.out.lock(), "{}", escape::for_terminal(text, self.color));
    }

    /// A line on standard error.
    pub(crate) fn complain(&mut self, text: &str) {
        let _ = writeln!(self.err.lock(), "{}", escape::for_terminal(text, self.color));
    }

    /// A JSON document on a line.
    pub(crate) fn json(&mut self, json: &str) {
        let _ = writeln!(self.out.lock(), "{}", escape::for_json(json));
    }

    /// A word in a style, where there are colours. The word is the program's own, or passed through [`escape::shown`].
    pub(crate) fn paint(&self, style: Style, text: &str) -> String {
        if !self.color {
            return text.to_owned();
        }
        let code = match style {
            Style::Good => "32",
            Style::Bad => "31",
            Style::Warn => "33",
            Style::Dim => "2",
            Style::Bold => "1",
        };
        format!("\u{1b}[{code}m{text}\u{1b}[0m")
    }
}
