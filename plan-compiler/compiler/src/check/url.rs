//! Literal URLs: a constant origin that egress would not refuse.

use alcove_catalog::link::refusal;

use crate::{
    codes::Code,
    source::Loc,
    syntax::{Template, TemplatePart},
};

use super::Checker;

impl Checker<'_> {
    pub(super) fn url_literal(&mut self, text: &str, loc: &Loc) -> Option<()> {
        self.allowed_url(text, loc, refusal(text))
    }

    /// The text before the first placeholder must hold the whole origin.
    pub(super) fn url_template(&mut self, template: &Template, loc: &Loc) -> Option<()> {
        let start = match template.parts.first() {
            Some(TemplatePart::Text(text)) => text.as_str(),
            _ => "",
        };
        let reason = if origin_is_complete(start) {
            refusal(start)
        } else {
            Some("its origin must be written out, up to the `/` after the host".to_owned())
        };
        self.allowed_url(start, loc, reason)
    }

    fn allowed_url(&mut self, text: &str, loc: &Loc, reason: Option<String>) -> Option<()> {
        let Some(reason) = reason else { return Some(()) };
        let shown = if text.is_empty() { "this URL".to_owned() } else { format!("`{}`", text.escape_debug()) };
        let suggestion = "write a public address, such as `https://example.com/path`".to_owned();
        self.suggest(Code::ForbiddenUrl, loc, format!("{shown} is not allowed: {reason}"), Some(suggestion));
        None
    }
}

/// Whether a placeholder behind this text can no longer change scheme, user or host.
fn origin_is_complete(start: &str) -> bool {
    start.split_once("://").is_some_and(|(_, rest)| rest.contains(['/', '?', '#']))
}

#[cfg(test)]
mod tests {
    use super::origin_is_complete;

    #[test]
    fn a_placeholder_cannot_reach_the_host() {
        assert!(origin_is_complete("https://example.com/"));
        assert!(origin_is_complete("https://example.com?q="));
        for start in ["", "https://", "https://example.com", "https://example."] {
            assert!(!origin_is_complete(start), "{start}");
        }
    }
}
