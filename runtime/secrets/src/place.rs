//! Where a secret lies: what it is bound to when it is sealed.

use std::fmt;

use alcove_ids::TenantId;

/// The longest name of a secret, in bytes.
pub const NAME_BYTES_MAX: usize = 64;
/// The longest secret, in bytes: a private key in PEM fits.
pub const VALUE_BYTES_MAX: usize = 16 << 10;

/// The name by which a tenant's configuration refers to a secret.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SecretName(
    // INVARIANT: 1 to 64 of a-z, 0-9 and `_`, a letter first; upheld by `parse`.
    String,
);

/// Why a text is no name of a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the name of a secret has 1 to {NAME_BYTES_MAX} of a-z, 0-9 and `_`, and begins with a letter")]
pub struct NameError;

impl SecretName {
    /// Reads a name.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        let starts = text.starts_with(|c: char| c.is_ascii_lowercase());
        let fits = text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
        if starts && fits && text.len() <= NAME_BYTES_MAX { Ok(Self(text.to_owned())) } else { Err(NameError) }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SecretName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whose secret, which, and which of its versions.
#[derive(Clone, Copy, Debug)]
pub struct SecretPlace<'a> {
    /// Whose.
    pub tenant: &'a TenantId,
    /// Its name.
    pub name: &'a SecretName,
    /// How often it was replaced, from 1.
    pub version: u32,
}

impl SecretPlace<'_> {
    /// What the sealed bytes are bound to (`sealing.md`).
    pub(crate) fn bytes(self) -> Vec<u8> {
        bound("alcove/secret@1", &[self.tenant.as_str(), self.name.as_str()], self.version)
    }
}

/// What the wrapped data key of a tenant is bound to (`sealing.md`).
pub(crate) fn of_data_key(tenant: &TenantId, version: u32) -> Vec<u8> {
    bound("alcove/data-key@1", &[tenant.as_str()], version)
}

/// Each part with its length before it, so that no two places have the same bytes.
fn bound(kind: &str, parts: &[&str], version: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    for part in [kind].iter().chain(parts) {
        bytes.extend_from_slice(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_le_bytes());
        bytes.extend_from_slice(part.as_bytes());
    }
    bytes.extend_from_slice(&version.to_le_bytes());
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_short_and_plain() {
        let longest = "a".repeat(NAME_BYTES_MAX);
        for good in ["a", "crm_token", "key2", &longest] {
            assert!(SecretName::parse(good).is_ok(), "{good}");
        }
        let too_long = "a".repeat(NAME_BYTES_MAX + 1);
        for bad in ["", "2key", "_a", "Token", "a-b", "a.b", "a b", "é", "{{x}}", &too_long] {
            assert_eq!(SecretName::parse(bad), Err(NameError), "{bad}");
        }
    }

    #[test]
    fn no_two_places_are_the_same_bytes() {
        let tenants = ["a", "ab", "abc"].map(|text| TenantId::parse(text).unwrap());
        let names = ["a", "ab", "bc", "c"].map(|text| SecretName::parse(text).unwrap());
        let mut seen = std::collections::BTreeSet::new();
        for tenant in &tenants {
            for version in 1..3 {
                assert!(seen.insert(of_data_key(tenant, version)));
                for name in &names {
                    assert!(seen.insert(SecretPlace { tenant, name, version }.bytes()));
                }
            }
        }
    }
}
