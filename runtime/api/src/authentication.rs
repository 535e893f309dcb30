//! Who sends a request.

use alcove_control::{Keys, Principal};
use axum::http::{HeaderMap, HeaderValue, header};

use crate::problem::{Kind, Problem};

/// How callers are told apart.
#[derive(Clone, Debug)]
pub enum Authentication {
    /// By a bearer token, the keys of which are known.
    Keys(Keys),
    /// Not at all: everybody is this one. For a developer's own machine.
    Everybody(Principal),
}

impl Authentication {
    /// Who sends a request with these headers.
    pub(crate) fn principal(&self, headers: &HeaderMap) -> Result<&Principal, Problem> {
        match self {
            Self::Everybody(principal) => Ok(principal),
            Self::Keys(keys) => {
                let token = bearer(headers).ok_or_else(|| {
                    unauthenticated("send `Authorization: Bearer` with a key", "Bearer realm=\"alcove\"")
                })?;
                keys.principal(token).ok_or_else(|| {
                    unauthenticated("the key is not known", "Bearer realm=\"alcove\", error=\"invalid_token\"")
                })
            }
        }
    }
}

/// The token of `Authorization: Bearer`; the scheme's case does not matter (RFC 9110).
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

fn unauthenticated(detail: &str, challenge: &'static str) -> Problem {
    Problem::new(Kind::UNAUTHENTICATED, detail)
        .with_header(header::WWW_AUTHENTICATE, HeaderValue::from_static(challenge))
}
