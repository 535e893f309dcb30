//! Where requests may go.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

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

/// The allow-list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    allowed: BTreeSet<Origin>,
    routes: BTreeMap<Origin, Origin>,
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
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Policy {
    /// Denies everything.
    pub fn deny_all() -> Self {
        Self::default()
    }

    /// Allows these origins and no other.
    pub fn allow(origins: impl IntoIterator<Item = Origin>) -> Self {
        Self { allowed: origins.into_iter().collect(), routes: BTreeMap::new() }
    }

    /// Sends what is for one origin to another: a gateway, a sidecar, a stand-in. For the operator to say, never for an
    /// app: whoever may reach the first reaches the second.
    #[must_use]
    pub fn with_route(mut self, from: Origin, to: Origin) -> Self {
        self.routes.insert(from, to);
        self
    }

    /// Whether requests may go to `origin`.
    pub fn allows(&self, origin: &Origin) -> bool {
        self.allowed.contains(origin)
    }

    /// The URL that a request for this one goes to.
    pub(crate) fn routed(&self, origin: &Origin, url: &Url) -> Url {
        let route = self.routes.get(origin).and_then(|to| Url::parse(&to.0).ok());
        let Some(mut to) = route else { return url.clone() };
        to.set_path(url.path());
        to.set_query(url.query());
        to
    }
}

#[cfg(test)]
mod tests {
    use super::{Origin, Policy};

    #[test]
    fn origins_are_compared_after_parsing() {
        let policy = Policy::allow([Origin::parse("https://api.example.com").unwrap()]);
        for same in ["https://api.example.com/v1/messages", "HTTPS://API.example.com:443/", "https://api%2Eexample.com"]
        {
            assert!(policy.allows(&Origin::parse(same).unwrap()), "{same}");
        }
    }

    #[test]
    fn another_scheme_host_or_port_is_another_origin() {
        let policy = Policy::allow([Origin::parse("https://api.example.com").unwrap()]);
        for other in [
            "http://api.example.com",
            "https://api.example.com:8443",
            "https://example.com",
            "https://api.example.com.evil.test",
            "https://evil.test/#https://api.example.com",
        ] {
            assert!(!policy.allows(&Origin::parse(other).unwrap()), "{other}");
        }
    }

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

    #[test]
    fn an_empty_allow_list_denies_all() {
        assert!(!Policy::deny_all().allows(&Origin::parse("https://example.com").unwrap()));
    }
}
