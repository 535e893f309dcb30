//! Texts of the author that go to special places: addresses and header lines.

use crate::{
    codes::Code,
    source::Loc,
    syntax::{Template, TemplatePart},
};

use super::Checker;

/// The longest address (RFC 5321, path without brackets), and its parts: before the `@`, and between the dots behind
/// it.
const ADDRESS_BYTES_MAX: usize = 254;
const LOCAL_BYTES_MAX: usize = 64;
const LABEL_BYTES_MAX: usize = 63;

impl Checker<'_> {
    /// Whether a text is exactly one e-mail address.
    pub(super) fn email(&mut self, text: &str, loc: &Loc) -> Option<()> {
        if is_address(text) {
            return Some(());
        }
        let message = format!("`{}` is not an e-mail address", text.escape_debug());
        self.suggest(
            Code::InvalidEmail,
            loc,
            message,
            Some("write exactly one address, such as `ana@example.com`".into()),
        );
        None
    }

    /// Whether a text is one line.
    pub(super) fn one_line(&mut self, text: &str, loc: &Loc, name: &str) -> Option<()> {
        if !text.contains(['\r', '\n', '\0']) {
            return Some(());
        }
        self.report(Code::InvalidValue, loc, format!("`{name}` is a single line, but this has a line break"));
        None
    }

    /// The same for the author's own parts of a template; values are checked when they are there.
    pub(super) fn one_line_template(&mut self, template: &Template, loc: &Loc, name: &str) -> Option<()> {
        template.parts.iter().try_for_each(|part| match part {
            TemplatePart::Text(text) => self.one_line(text, loc, name),
            TemplatePart::Placeholder(_) => Some(()),
        })
    }
}

/// One address: a local part of atoms, and a host name with a dot. Quoted local parts, comments and lists are refused,
/// as no member has one and each is a way to smuggle in a second address.
fn is_address(text: &str) -> bool {
    let Some((local, host)) = text.rsplit_once('@') else { return false };
    let atom = |c: char| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c);
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= LABEL_BYTES_MAX
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    text.len() <= ADDRESS_BYTES_MAX
        && !local.is_empty()
        && local.len() <= LOCAL_BYTES_MAX
        && local.chars().all(atom)
        && local.split('.').all(|part| !part.is_empty())
        && host.contains('.')
        && host.split('.').all(label)
}

#[cfg(test)]
mod tests {
    use super::is_address;

    #[test]
    fn each_part_has_its_length_and_not_one_byte_more() {
        let address = |local: usize, label: usize| format!("{}@{}.example", "l".repeat(local), "h".repeat(label));
        assert!(is_address(&address(64, 63)));
        assert!(!is_address(&address(65, 63)));
        assert!(!is_address(&address(64, 64)));
    }

    #[test]
    fn one_address_and_nothing_else() {
        for text in
            ["a@example.com", "ana.lopez+news@mail.example.co.uk", "josé@example.org", "a@xn--bcher-kva.example"]
        {
            assert!(is_address(text), "{text}");
        }
        for text in [
            "",
            "a",
            "a@",
            "@b.com",
            "a@b",
            "a b@c.com",
            "a@b.com,c@d.com",
            "a@b.com\r\nBcc: c@d.com",
            "<a@b.com>",
            "a@b..com",
            "a@-b.com",
            ".a@b.com",
            "a..b@c.com",
            "a@b@c.com",
            "\"a\"@b.com",
        ] {
            assert!(!is_address(text), "{text:?}");
        }
    }
}
