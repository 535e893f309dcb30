//! What a parameter's value must be, beyond its type: text must not become structure.

use std::net::IpAddr;

use alcove_catalog::{ParamKind, ParamSpec};
use alcove_plan::{limits::STRING_BYTES_MAX, value::Value};
use email_address::{EmailAddress, Options};
use url::{Host, Url};

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
    #[error("is not a URL that begins with https:// and names a public host without user or password")]
    Url,
    #[error("sets `{field}`, which {reason}")]
    Member { field: String, reason: Box<Unfit> },
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
        ParamKind::Url => https_url(text),
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

fn https_url(text: &str) -> Result<(), Unfit> {
    let url = Url::parse(text).map_err(|_| Unfit::Url)?;
    let bare = url.username().is_empty() && url.password().is_none();
    let public = match url.host() {
        Some(Host::Domain(name)) => name.contains('.') && !name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => public_address(IpAddr::V4(address)),
        Some(Host::Ipv6(address)) => public_address(IpAddr::V6(address)),
        None => false,
    };
    // The parser drops tabs and line breaks; a link that holds some is not what its author wrote.
    let clean = !text.contains(|c: char| c.is_control() || c.is_whitespace());
    if url.scheme() == "https" && bare && public && clean { Ok(()) } else { Err(Unfit::Url) }
}

/// Whether an address that is written out in a link may be public. What is fetched is judged by the egress, not here.
fn public_address(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => !(v4.is_loopback() || v4.is_private() || v4.is_link_local() || v4.is_unspecified()),
        IpAddr::V6(v6) => !(v6.is_loopback() || v6.is_unspecified() || v6.to_ipv4_mapped().is_some()),
    }
}

#[cfg(test)]
mod tests {
    use super::{email_address, event_name, https_url};

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
    fn a_link_is_https_to_a_public_host_without_credentials() {
        for text in ["https://example.com", "https://example.com:8443/a?b=c#d", "https://203.0.113.7/x"] {
            assert!(https_url(text).is_ok(), "{text}");
        }
        let refused = [
            "",
            "example.com",
            "http://example.com",
            "javascript:alert(1)",
            "https://user@example.com",
            "https://user:pw@example.com",
            "https://localhost",
            "https://127.0.0.1",
            "https://2130706433",
            "https://10.0.0.1",
            "https://169.254.169.254/meta",
            "https://[::1]",
            "https://[::ffff:10.0.0.1]",
            "https://exam\nple.com",
            "https://",
        ];
        for text in refused {
            assert!(https_url(text).is_err(), "{text:?}");
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
