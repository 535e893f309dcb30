//! What a parameter's value must be, beyond its type: text must not become structure.

use alcove_catalog::{ParamKind, ParamSpec, link};
use alcove_plan::{limits::STRING_BYTES_MAX, value::Value};
use email_address::{EmailAddress, Options};

/// Why a value cannot be a parameter: the second half of a sentence that begins with the parameter's name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Unfit {
    #[error("is null")]
    Null,
    #[error("is of type {got}, not {want}")]
    Type { want: String, got: &'static str },
    #[error("holds a string of more than {STRING_BYTES_MAX} bytes")]
    TooLong,
    #[error("is none of {allowed}")]
    Closed { allowed: String },
    #[error("is not exactly one e-mail address")]
    EmailAddress,
    #[error("has a line break or a NUL, which a header may not")]
    HeaderValue,
    #[error("is not a link that may be sent out: {reason}")]
    Url { reason: String },
    #[error("sets `{field}`, which {reason}")]
    Member { field: String, reason: Box<Unfit> },
    #[error("holds the character U+0000, which PostgreSQL does not store")]
    Nul,
    #[error("is no field that may be written")]
    NotWritable,
    #[error("is not the name of an event of apps: `custom.` and then letters, digits, `_`, `.` or `-`")]
    EventName,
}

/// Checks a value that is not null against everything that its parameter says.
pub(crate) fn value(spec: &ParamSpec, value: &Value) -> Result<(), Unfit> {
    if !spec.ty.ty.admits(value) {
        return Err(Unfit::Type { want: spec.ty.ty.to_string(), got: value.kind_name() });
    }
    strings(value)?;
    let Some(text) = value.as_str() else { return Ok(()) };
    if !spec.values.is_empty() && !spec.values.iter().any(|allowed| allowed == text) {
        return Err(Unfit::Closed { allowed: format!("`{}`", spec.values.join("`, `")) });
    }
    match spec.kind {
        ParamKind::EmailAddress => email_address(text),
        ParamKind::HeaderValue if text.contains(['\r', '\n', '\0']) => Err(Unfit::HeaderValue),
        ParamKind::Url => link::refusal(text).map_or(Ok(()), |reason| Err(Unfit::Url { reason })),
        _ => Ok(()),
    }
}

/// Checks the length of every string in a value. Values are of bounded depth, so this may recurse.
pub(crate) fn strings(value: &Value) -> Result<(), Unfit> {
    match value {
        Value::Str(text) if text.len() > STRING_BYTES_MAX => Err(Unfit::TooLong),
        Value::List(items) => items.iter().try_for_each(strings),
        Value::Record(record) => record.cells().iter().try_for_each(strings),
        _ => Ok(()),
    }
}

/// Checks the name of an event that an app emits.
pub(crate) fn event_name(name: &str) -> Result<(), Unfit> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
    match name.strip_prefix("custom.") {
        Some(rest) if !rest.is_empty() && rest.len() <= 128 && rest.chars().all(allowed) => Ok(()),
        _ => Err(Unfit::EventName),
    }
}

fn email_address(text: &str) -> Result<(), Unfit> {
    let options = Options::default().without_display_text().without_domain_literal().with_required_tld();
    // The crate follows RFC 5321 and lets quoted local parts through; a header or a log is no place for those.
    let plain = !text.contains(['"', '\r', '\n', '\0', ' ', ',', ';', '<', '>']);
    let one = plain && EmailAddress::parse_with_options(text, options).is_ok();
    if one { Ok(()) } else { Err(Unfit::EmailAddress) }
}

#[cfg(test)]
mod tests {
    use super::{email_address, event_name};

    #[test]
    fn one_plain_address_is_an_e_mail_address() {
        for text in ["ann@example.com", "ann+tag@mail.example.co.uk", "o'neil@example.com"] {
            assert!(email_address(text).is_ok(), "{text}");
        }
        let refused = [
            "",
            "ann",
            "ann@",
            "@example.com",
            "a@example.com,b@example.com",
            "a@example.com b@example.com",
            "Ann <ann@example.com>",
            "a@example.com\r\nBcc: b@example.com",
            "\"a b\"@example.com",
            "a@[127.0.0.1]",
            "a@example.com\0",
            "a@localhost",
        ];
        for text in refused {
            assert!(email_address(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn apps_emit_custom_events_only() {
        assert!(event_name("custom.level-up.v2").is_ok());
        for name in ["custom.", "user.created", "Custom.x", "custom.a b", "xcustom.a"] {
            assert!(event_name(name).is_err(), "{name}");
        }
        assert!(event_name(&format!("custom.{}", "a".repeat(128))).is_ok());
        assert!(event_name(&format!("custom.{}", "a".repeat(129))).is_err());
    }
}
