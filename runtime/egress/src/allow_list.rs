//! Which origins somebody allows.

use std::collections::BTreeSet;

use url::{Host, Url};

use crate::origin::{Origin, without_credentials};

/// How an entry begins that stands for all subdomains.
const ANY_SUBDOMAIN: &str = "https://*.";

/// Origins that requests may go to. An entry is an origin (`https://api.example.com`, with a port if it is not 443), or
/// all subdomains of a domain (`https://*.example.com`, which is not `https://example.com` itself). Empty denies all.
///
/// `http` has to be said for each origin, as does a port: no entry stands for either.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AllowList {
    origins: BTreeSet<Origin>,
    /// Each is what follows the subdomain: `.example.com`, with a port if it is not 443.
    subdomains_of: BTreeSet<String>,
}

/// Text that is not an entry of an allow-list.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not an entry of an allow-list: {problem}")]
pub struct EntryError {
    /// What was given, without what stands where credentials stand.
    pub text: String,
    /// What is wrong with it, and what to do.
    pub problem: &'static str,
}

impl AllowList {
    /// Reads a list of entries.
    pub fn parse<S: AsRef<str>>(entries: impl IntoIterator<Item = S>) -> Result<Self, EntryError> {
        let mut list = Self::default();
        for entry in entries {
            let text = entry.as_ref();
            list.add(text).map_err(|problem| EntryError { text: without_credentials(text), problem })?;
        }
        Ok(list)
    }

    fn add(&mut self, text: &str) -> Result<(), &'static str> {
        let (url, is_wildcard) = match text.strip_prefix(ANY_SUBDOMAIN) {
            Some(domain) => (format!("https://{domain}"), true),
            None => (text.to_owned(), false),
        };
        let url = Url::parse(&url).map_err(|_| "it is not a URL")?;
        let origin = Origin::of(&url).ok_or("it has to be an http or https URL with a host and without credentials")?;
        if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
            return Err("it names more than an origin: end it after the host, or the port");
        }
        match url.host() {
            Some(Host::Domain(domain)) if domain.contains('*') => {
                return Err("`*` stands only for all subdomains of a domain, with https: `https://*.example.com`");
            }
            Some(Host::Domain(domain)) if is_wildcard && domain.trim_matches('.').contains('.') => {
                let domain = origin.as_str().trim_start_matches("https://");
                self.subdomains_of.insert(format!(".{domain}"));
            }
            _ if is_wildcard => return Err("`*` has to be followed by a domain of two names or more"),
            _ => {
                self.origins.insert(origin);
            }
        }
        Ok(())
    }

    /// Whether `origin` is on the list.
    pub fn allows(&self, origin: &Origin) -> bool {
        self.origins.contains(origin)
            || origin.as_str().strip_prefix("https://").is_some_and(|host| self.is_below(host))
    }

    fn is_below(&self, host: &str) -> bool {
        let below = |domain: &String| host.strip_suffix(domain.as_str()).is_some_and(|subdomain| !subdomain.is_empty());
        self.subdomains_of.iter().any(below)
    }

    /// Whether nothing is on the list.
    pub fn is_empty(&self) -> bool {
        self.origins.is_empty() && self.subdomains_of.is_empty()
    }

    /// Adds what is on another list.
    pub(crate) fn extend(&mut self, other: Self) {
        self.origins.extend(other.origins);
        self.subdomains_of.extend(other.subdomains_of);
    }
}

impl FromIterator<Origin> for AllowList {
    fn from_iter<I: IntoIterator<Item = Origin>>(origins: I) -> Self {
        Self { origins: origins.into_iter().collect(), subdomains_of: BTreeSet::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::AllowList;
    use crate::Origin;

    fn allows(entry: &str, url: &str) -> bool {
        AllowList::parse([entry]).unwrap().allows(&Origin::parse(url).unwrap())
    }

    #[test]
    fn origins_are_compared_after_parsing() {
        for same in ["https://api.example.com/v1/messages", "HTTPS://API.example.com:443/", "https://api%2Eexample.com"]
        {
            assert!(allows("https://api.example.com", same), "{same}");
        }
    }

    #[test]
    fn another_scheme_host_or_port_is_another_origin() {
        for other in [
            "http://api.example.com",
            "https://api.example.com:8443",
            "https://example.com",
            "https://api.example.com./",
            "https://api.example.com.evil.test",
            "https://evil.test/#https://api.example.com",
        ] {
            assert!(!allows("https://api.example.com", other), "{other}");
        }
    }

    #[test]
    fn a_wildcard_is_for_all_subdomains_and_for_nothing_else() {
        for below in ["https://a.example.com", "https://a.b.example.com/x", "https://A.EXAMPLE.com:443"] {
            assert!(allows("https://*.example.com", below), "{below}");
        }
        for other in [
            "https://example.com",
            "http://a.example.com",
            "https://a.example.com:8443",
            "https://aexample.com",
            "https://a.example.com.evil.test",
            "https://a.example.com./",
            "https://evil.test/.example.com",
        ] {
            assert!(!allows("https://*.example.com", other), "{other}");
        }
        assert!(allows("https://*.example.com:8443", "https://a.example.com:8443"));
        assert!(!allows("https://*.example.com:8443", "https://a.example.com"));
    }

    #[test]
    fn what_is_no_entry_is_refused_and_says_why() {
        for (entry, problem) in [
            ("https://*.com", "two names or more"),
            ("https://*.", "not a URL"),
            ("https://*.1.2.3.4", "two names or more"),
            ("http://*.example.com", "with https"),
            ("https://a.*.example.com", "stands only for"),
            ("https://*", "stands only for"),
            ("https://example.com/hooks", "more than an origin"),
            ("https://example.com?a", "more than an origin"),
            ("https://me:secret@example.com", "without credentials"),
            ("ftp://example.com", "http or https"),
            ("example.com", "not a URL"),
            ("*", "not a URL"),
            ("", "not a URL"),
        ] {
            let error = AllowList::parse([entry]).unwrap_err();
            assert!(error.problem.contains(problem), "{entry}: {error}");
            assert!(!error.to_string().contains("secret"), "{error}");
        }
    }

    #[test]
    fn an_empty_list_denies_all() {
        let empty = AllowList::parse::<&str>([]).unwrap();
        assert!(empty.is_empty() && !empty.allows(&Origin::parse("https://example.com").unwrap()));
        assert!(!AllowList::parse(["https://*.example.com"]).unwrap().is_empty());
    }
}
