//! The keys of a file: who a bearer token stands for.

use alcove_ids::{IdError, TenantId};
use alcove_journal::transition::{Subject, SubjectKind};
use serde::Deserialize;

use crate::Principal;

/// The shortest key, in bytes. What is shorter can be guessed.
const KEY_BYTES_MIN: usize = 16;

/// Keys and who they stand for. The keys themselves are not kept.
#[derive(Clone, Debug, Default)]
pub struct Keys(Vec<(blake3::Hash, Principal)>);

/// Why a file of keys cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    /// It is not JSON, or not of the shape that is wanted.
    #[error("the keys cannot be read")]
    Json(#[from] serde_json::Error),
    /// A tenant that is not an id.
    #[error("the tenant of key {at} is not an id")]
    Tenant {
        /// Which key, from 0.
        at: usize,
        /// Why.
        #[source]
        source: IdError,
    },
    /// A key that can be guessed.
    #[error("key {at} is shorter than {KEY_BYTES_MIN} bytes")]
    Short {
        /// Which key, from 0.
        at: usize,
    },
    /// Two lines for one key.
    #[error("key {at} is the same as one before it")]
    Repeated {
        /// Which key, from 0.
        at: usize,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    keys: Vec<Line>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    key: String,
    tenant: String,
    subject: Who,
    roles: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Who {
    kind: Kind,
    id: String,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Person,
    Key,
    Agent,
}

impl Keys {
    /// Reads `{"keys": [{"key", "tenant", "subject": {"kind": "person|key|agent", "id"}, "roles": […]}]}`.
    pub fn parse(json: &[u8]) -> Result<Self, KeysError> {
        let File { keys: lines } = serde_json::from_slice(json)?;
        let mut keys = Vec::with_capacity(lines.len());
        for (at, line) in lines.into_iter().enumerate() {
            if line.key.len() < KEY_BYTES_MIN {
                return Err(KeysError::Short { at });
            }
            let hash = blake3::hash(line.key.as_bytes());
            if keys.iter().any(|(known, _)| *known == hash) {
                return Err(KeysError::Repeated { at });
            }
            let tenant = TenantId::parse(&line.tenant).map_err(|source| KeysError::Tenant { at, source })?;
            let subject = Subject { kind: line.subject.kind.into(), id: line.subject.id };
            keys.push((hash, Principal::new(tenant, subject, line.roles.into_iter().collect())));
        }
        Ok(Self(keys))
    }

    /// Who a token stands for. Every key is compared, each in constant time, so that the time says nothing about them.
    pub fn principal(&self, token: &str) -> Option<&Principal> {
        let hash = blake3::hash(token.as_bytes());
        self.0.iter().fold(None, |found, (known, principal)| if *known == hash { Some(principal) } else { found })
    }

    /// The tenants that have keys, each once.
    pub fn tenants(&self) -> std::collections::BTreeSet<&TenantId> {
        self.0.iter().map(|(_, principal)| &principal.tenant).collect()
    }
}

impl From<Kind> for SubjectKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Person => Self::Person,
            Kind::Key => Self::Key,
            Kind::Agent => Self::Agent,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Keys, KeysError};

    fn file(key: &str, tenant: &str) -> String {
        let line = r#"{"key":"KEY","tenant":"TENANT","subject":{"kind":"person","id":"ann"},"roles":["admin"]}"#;
        line.replace("KEY", key).replace("TENANT", tenant)
    }

    fn keys(lines: &[String]) -> Result<Keys, KeysError> {
        Keys::parse(format!(r#"{{"keys":[{}]}}"#, lines.join(",")).as_bytes())
    }

    #[test]
    fn a_token_stands_for_the_principal_of_its_line_and_no_other_token_does() {
        let keys = keys(&[file("0123456789abcdef", "acme"), file("fedcba9876543210", "globex")]).unwrap();
        let tenant = |token: &str| keys.principal(token).map(|who| who.tenant.to_string());
        assert_eq!(tenant("0123456789abcdef").as_deref(), Some("acme"));
        assert_eq!(tenant("fedcba9876543210").as_deref(), Some("globex"));
        for token in ["", "0123456789abcde", "0123456789abcdef0", "0123456789ABCDEF"] {
            assert_eq!(tenant(token), None, "{token}");
        }
        assert_eq!(keys.tenants().len(), 2);
    }

    #[test]
    fn a_key_that_is_short_or_repeated_a_tenant_that_is_no_id_and_unknown_members_are_refused() {
        let good = file("0123456789abcdef", "acme");
        assert!(matches!(keys(&[file("0123456789abcde", "acme")]), Err(KeysError::Short { at: 0 })));
        assert!(matches!(keys(&[good.clone(), good.clone()]), Err(KeysError::Repeated { at: 1 })));
        assert!(matches!(keys(&[file("0123456789abcdef", "a b")]), Err(KeysError::Tenant { at: 0, .. })));
        assert!(matches!(keys(&[good.replace("roles", "role")]), Err(KeysError::Json(_))));
        assert!(matches!(keys(&[good.replace("person", "robot")]), Err(KeysError::Json(_))));
    }
}
