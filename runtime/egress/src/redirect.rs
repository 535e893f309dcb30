//! Redirects: a request that follows one is a new request.

use bytes::Bytes;
use reqwest::header::{ACCEPT, ACCEPT_LANGUAGE, HeaderMap};
use url::Url;

use crate::{EgressError, Method, Origin, RedirectProblem};

/// Statuses that say that what was asked for is elsewhere.
const ELSEWHERE: [u16; 5] = [301, 302, 303, 307, 308];
/// Those of them that ask for the very same request.
const REPEATED: [u16; 2] = [307, 308];

/// What is sent next.
#[derive(Clone, Debug)]
pub(crate) struct Hop {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) origin: Origin,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// Whether a status asks to go elsewhere. Of 300 to 399, the others do not, and are answers of no use.
pub(crate) fn leads_elsewhere(status: u16) -> bool {
    ELSEWHERE.contains(&status)
}

impl Hop {
    /// The request that follows an answer with this status and `location`.
    ///
    /// A GET stays one and goes anywhere. Anything else changes something: it is repeated with its body, and only at
    /// the same origin. A server that answers a redirect instead has not done what it was asked to. What another origin
    /// gets are no headers but those that say what is accepted: the others may be credentials, signatures or keys.
    pub(crate) fn follow(mut self, status: u16, location: Option<&str>) -> Result<Self, RedirectProblem> {
        let url = location.and_then(|location| self.url.join(location).ok()).ok_or(RedirectProblem::NoTarget)?;
        let origin = Origin::of(&url).ok_or(RedirectProblem::NoTarget)?;
        let stays = origin == self.origin;
        if self.url.scheme() == "https" && url.scheme() == "http" {
            return Err(RedirectProblem::Downgrade);
        }
        if self.method != Method::Get && !(stays && REPEATED.contains(&status)) {
            return Err(RedirectProblem::NotRepeated { method: self.method.as_str() });
        }
        if !stays {
            let kept =
                [ACCEPT, ACCEPT_LANGUAGE].map(|name| self.headers.get(&name).cloned().map(|value| (name, value)));
            self.headers = kept.into_iter().flatten().collect();
        }
        Ok(Self { url, origin, ..self })
    }

    /// Why this answer, which leads elsewhere, is not followed.
    pub(crate) fn refused(&self, status: u16, problem: RedirectProblem) -> EgressError {
        EgressError::Redirect { origin: self.origin.clone(), status, problem }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hop(method: Method, url: &str) -> Hop {
        let url = Url::parse(url).unwrap();
        let origin = Origin::of(&url).unwrap();
        let names = ["accept", "accept-language", "authorization", "cookie", "idempotency-key", "webhook-id", "x-key"];
        let headers = names.map(|name| (name.parse().unwrap(), "value".parse().unwrap())).into_iter().collect();
        Hop { method, url, origin, headers, body: Bytes::from_static(b"body") }
    }

    fn followed(method: Method, from: &str, status: u16, to: &str) -> Result<Hop, String> {
        hop(method, from).follow(status, Some(to)).map_err(|problem| problem.to_string())
    }

    #[test]
    fn a_get_goes_anywhere_and_another_method_stays_and_is_repeated() {
        for status in ELSEWHERE {
            let away = followed(Method::Get, "https://a.example/x", status, "https://b.example/y").unwrap();
            assert_eq!((away.method, away.url.as_str()), (Method::Get, "https://b.example/y"), "{status}");
            for method in [Method::Post, Method::Put, Method::Patch, Method::Delete] {
                assert!(followed(method, "https://a.example/x", status, "https://b.example/y").is_err(), "{status}");
                let stays = followed(method, "https://a.example/x", status, "/y");
                assert_eq!(stays.is_ok(), [307, 308].contains(&status), "{status}");
                let Ok(stays) = stays else { continue };
                assert_eq!((stays.method, stays.body.as_ref()), (method, b"body".as_slice()));
            }
        }
    }

    #[test]
    fn another_origin_gets_nothing_but_what_is_accepted_and_the_same_one_gets_all() {
        for elsewhere in ["https://b.example/", "https://a.example:8443/", "https://sub.a.example/", "//b.example/"] {
            let away = followed(Method::Get, "https://a.example/x", 307, elsewhere).unwrap();
            let names: Vec<_> = away.headers.keys().map(|name| name.as_str().to_owned()).collect();
            assert_eq!(names, ["accept", "accept-language"], "{elsewhere}");
            let back = away.follow(307, Some("https://a.example/x")).unwrap();
            assert_eq!(back.headers.len(), 2, "what was dropped comes back");
        }
        let stays = followed(Method::Get, "https://a.example/x", 302, "?y").unwrap();
        assert_eq!((stays.url.as_str(), stays.headers.len()), ("https://a.example/x?y", 7));
    }

    #[test]
    fn nothing_leads_from_https_to_http() {
        for to in ["http://a.example/", "http://b.example/", "HTTP://a.example:443/"] {
            assert_eq!(
                followed(Method::Get, "https://a.example/", 301, to).unwrap_err(),
                "it leads from https to http"
            );
        }
        assert!(followed(Method::Get, "http://a.example/", 301, "https://a.example/").is_ok());
        assert!(followed(Method::Get, "http://a.example/", 301, "http://b.example/").is_ok());
    }

    #[test]
    fn where_it_leads_must_be_the_url_of_a_web_page() {
        for to in
            ["file:///etc/passwd", "ftp://b.example", "javascript:alert(1)", "https://me:pw@b.example", "https://"]
        {
            assert!(followed(Method::Get, "https://a.example/", 302, to).is_err(), "{to}");
        }
        assert!(matches!(hop(Method::Get, "https://a.example").follow(302, None), Err(RedirectProblem::NoTarget)));
    }

    #[test]
    fn only_five_statuses_lead_elsewhere() {
        let found: Vec<_> = (200..400).filter(|status| leads_elsewhere(*status)).collect();
        assert_eq!(found, ELSEWHERE);
    }
}
