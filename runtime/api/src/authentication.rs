//! Who sends a request.

use alcove_control::{Caller, CallerError, Control, Keys, Operator, Principal};
use axum::http::{HeaderMap, HeaderValue, header};

use crate::problem::{Kind, Problem};

/// What a client is told that has sent no key, and what it can do about it.
const ASK: &str = "Bearer realm=\"alcove\"";
/// The same where it has sent one.
const INVALID: &str = "Bearer realm=\"alcove\", error=\"invalid_token\"";

/// How callers are told apart.
#[derive(Clone, Debug)]
pub enum Authentication {
    /// By a bearer token: one of these keys, or one that is stored.
    Keys(Keys),
    /// Not at all: everybody is this one. For a developer's own machine.
    Everybody(Principal),
}

impl Authentication {
    /// Somebody of a tenant who sends a request with these headers.
    pub(crate) async fn principal(&self, control: &Control, headers: &HeaderMap) -> Result<Principal, Problem> {
        match self.caller(control, headers).await? {
            Caller::Tenant(principal) => Ok(principal),
            Caller::Operator(_) => {
                Err(Problem::new(Kind::DENIED, "an operator's key opens `/v1/admin` and nothing else"))
            }
        }
    }

    /// The operator who sends a request with these headers.
    pub(crate) async fn operator(&self, control: &Control, headers: &HeaderMap) -> Result<Operator, Problem> {
        match self.caller(control, headers).await? {
            Caller::Operator(operator) => Ok(operator),
            Caller::Tenant(_) => Err(Problem::new(Kind::DENIED, "this needs the key of an operator")),
        }
    }

    async fn caller(&self, control: &Control, headers: &HeaderMap) -> Result<Caller, Problem> {
        let principal = match self {
            Self::Everybody(principal) => principal,
            Self::Keys(keys) => {
                let token = bearer(headers).ok_or_else(|| {
                    refused(Kind::UNAUTHENTICATED, "send `Authorization: Bearer` with a key".to_owned(), ASK)
                })?;
                match keys.principal(token) {
                    Some(principal) => principal,
                    None => return control.caller(token).await.map_err(unrecognised),
                }
            }
        };
        control.admit(principal).await?;
        Ok(Caller::Tenant(principal.clone()))
    }
}

/// The token of `Authorization: Bearer`; the scheme's case does not matter (RFC 9110).
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

fn unrecognised(error: CallerError) -> Problem {
    match error {
        CallerError::Unknown => refused(Kind::UNAUTHENTICATED, error.to_string(), INVALID),
        CallerError::Expired => refused(Kind::KEY_EXPIRED, error.to_string(), INVALID),
        CallerError::Control(error) => error.into(),
    }
}

fn refused(kind: Kind, detail: String, challenge: &'static str) -> Problem {
    Problem::new(kind, detail).with_header(header::WWW_AUTHENTICATE, HeaderValue::from_static(challenge))
}
