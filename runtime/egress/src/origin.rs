//! Scheme, host and port.

use std::fmt;

use url::Url;

/// Scheme, host and port, normalised as browsers do (WHATWG URL): the unit of permission.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Origin(
    // INVARIANT: the ASCII serialisation of a tuple origin with scheme http or https; upheld by `of`.
    String,
);

/// Text that is not an origin.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not an http or https URL with a host and without credentials")]
pub struct OriginError {
    /// What was given, without what stands where credentials stand.
    pub text: String,
}

/// A URL for messages: everything up to the last `@` of what may be its authority is left out, as it may be a password.
pub(crate) fn without_credentials(text: &str) -> String {
    match (text.split_once("//"), text.rsplit_once('@')) {
        (Some((scheme, _)), Some((_, rest))) => format!("{scheme}//…@{rest}"),
        (None, Some((_, rest))) => format!("…@{rest}"),
        (_, None) => text.to_owned(),
    }
}

impl Origin {
    /// Reads the origin of a URL.
    pub fn parse(text: &str) -> Result<Self, OriginError> {
        let url = Url::parse(text).ok();
        url.as_ref().and_then(Self::of).ok_or_else(|| OriginError { text: without_credentials(text) })
    }

    /// The origin of a parsed URL: `None` for other schemes and for URLs that carry credentials.
    pub(crate) fn of(url: &Url) -> Option<Self> {
        let plain = url.username().is_empty() && url.password().is_none();
        let web = matches!(url.scheme(), "http" | "https");
        (plain && web && url.has_host()).then(|| Self(url.origin().ascii_serialization()))
    }

    /// As browsers write it: `https://api.example.com`, with a port if it is not the scheme's own.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::Origin;

    #[test]
    fn credentials_and_other_schemes_have_no_origin() {
        for text in ["https://api.example.com@evil.test/", "ftp://example.com", "file:///etc/passwd", "https://", "x"] {
            assert!(Origin::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_refused_url_is_named_without_its_password() {
        for text in
            ["https://me:secret@example.com", "https://me:se//cr@et@example.com", "me:secret@example.com", "//secret@x"]
        {
            let message = Origin::parse(text).unwrap_err().to_string();
            assert!(!message.contains("secret") && !message.contains("cr@et"), "{message}");
        }
    }
}
