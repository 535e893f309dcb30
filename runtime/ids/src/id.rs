//! The registry: append, alphabetical.

use std::fmt;

/// The longest id, in bytes.
pub const ID_BYTES_MAX: usize = 128;

/// Why text is not an id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// Empty or too long.
    #[error("an id has 1 to {ID_BYTES_MAX} bytes, not {len}")]
    Length {
        /// Its length in bytes.
        len: usize,
    },
    /// A character that ids do not have.
    #[error("`{found}` may not stand in an id: letters, digits, `_`, `-`, `.` and `:` may")]
    Character {
        /// The character.
        found: char,
    },
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(
            // INVARIANT: 1 to 128 bytes of ASCII letters, digits, `_-.:`; upheld by `parse` and by `derive`.
            String,
        );

        impl $name {
            /// Reads an id.
            pub fn parse(text: &str) -> Result<Self, IdError> {
                check(text).map(|()| Self(text.to_owned()))
            }

            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )*};
}

ids! {
    /// An app of a tenant.
    AppId;
    /// One effect of one execution: the idempotency key of whatever it does.
    EffectId;
    /// One run of an app, retries included.
    ExecutionId;
    /// One process that runs an engine.
    NodeId;
    /// A customer of the platform: the border that nothing crosses.
    TenantId;
}

/// Ids that are derived need no check: their alphabet and length are within the rules.
macro_rules! derived {
    ($($name:ident),*) => {$(
        impl $name {
            pub(crate) fn trusted(text: String) -> Self {
                Self(text)
            }
        }
    )*};
}

derived!(AppId, EffectId, ExecutionId);

fn check(text: &str) -> Result<(), IdError> {
    if text.is_empty() || text.len() > ID_BYTES_MAX {
        return Err(IdError::Length { len: text.len() });
    }
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | ':');
    match text.chars().find(|c| !allowed(*c)) {
        Some(found) => Err(IdError::Character { found }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::{ID_BYTES_MAX, IdError, TenantId};

    #[test]
    fn an_id_may_be_as_long_as_the_limit_and_no_longer() {
        assert!(TenantId::parse(&"a".repeat(ID_BYTES_MAX)).is_ok());
        assert_eq!(TenantId::parse(&"a".repeat(ID_BYTES_MAX + 1)), Err(IdError::Length { len: 129 }));
        assert_eq!(TenantId::parse(""), Err(IdError::Length { len: 0 }));
    }

    #[test]
    fn an_id_has_no_quotes_spaces_or_separators_of_keys() {
        for text in ["a b", "a'b", "a/b", "a\0b", "ä"] {
            assert!(matches!(TenantId::parse(text), Err(IdError::Character { .. })), "{text:?}");
        }
    }
}
