//! Keys as they are shown: once, when they are made, and then by whoever holds them.
//!
//! `alc_` (a tenant's) or `alcop_` (an operator's), 43 random characters of base 62, 6 of a checksum. The prefix
//! and the checksum let scanners of source code and logs find a key that was leaked, and tell it from what only
//! looks like one.
//!
//! What is stored is the BLAKE3 hash of the whole. A slow hash would protect what people choose, which can be guessed;
//! 256 bits of chance cannot, however fast each guess is.

use crate::{ControlError, id::fill};

const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// Characters of chance: 256 bits.
const SECRET_CHARS: usize = 43;
/// Characters of the checksum: 32 bits.
const CHECK_CHARS: usize = 6;
/// Characters of the secret that are kept to recognise a key by; what is left of it has more than 220 bits.
const SHOWN_CHARS: usize = 6;
/// Of 256 bytes so many are divided among the characters without a rest; the others are drawn again.
const FAIR: u8 = 248;

/// Whose a key is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A member's of a tenant.
    Tenant,
    /// An operator's.
    Operator,
}

impl Kind {
    fn prefix(self) -> &'static str {
        match self {
            Self::Tenant => "alc_",
            Self::Operator => "alcop_",
        }
    }
}

/// A new key. Nothing prints it by accident.
pub(crate) struct Token {
    text: String,
    kind: Kind,
}

impl Token {
    /// A key by chance.
    pub(crate) fn new(kind: Kind) -> Result<Self, ControlError> {
        let mut text = kind.prefix().to_owned();
        let full = text.len() + SECRET_CHARS;
        while text.len() < full {
            let mut chance = [0; 64];
            fill(&mut chance)?;
            let fair = chance.into_iter().filter(|byte| *byte < FAIR);
            text.extend(fair.map(|byte| character(u32::from(byte))).take(full - text.len()));
        }
        let check = checksum(&text);
        text.push_str(&check);
        Ok(Self { text, kind })
    }

    /// The key itself, for whoever asked for it.
    pub(crate) fn into_text(self) -> String {
        self.text
    }

    /// How it begins: enough to recognise it by.
    pub(crate) fn shown(&self) -> String {
        self.text.chars().take(self.kind.prefix().len() + SHOWN_CHARS).collect()
    }

    /// What it hashes to.
    pub(crate) fn hash(&self) -> [u8; 32] {
        hash(&self.text)
    }
}

/// What a key hashes to.
pub(crate) fn hash(token: &str) -> [u8; 32] {
    *blake3::hash(token.as_bytes()).as_bytes()
}

/// Whose key something looks like; `None`: it is none, and need not be looked up. That this is told sooner tells nobody
/// more than the form of keys, which is no secret.
pub(crate) fn kind(token: &str) -> Option<Kind> {
    let kind = [Kind::Operator, Kind::Tenant].into_iter().find(|kind| token.starts_with(kind.prefix()))?;
    let is_long = token.len() == kind.prefix().len() + SECRET_CHARS + CHECK_CHARS;
    let (body, check) = token.split_at_checked(token.len().checked_sub(CHECK_CHARS)?)?;
    (is_long && checksum(body) == check).then_some(kind)
}

fn checksum(body: &str) -> String {
    let [a, b, c, d, ..] = hash(body);
    let mut rest = u32::from_le_bytes([a, b, c, d]);
    let mut digit = || {
        let digit = character(rest % 62);
        rest /= 62;
        digit
    };
    (0..CHECK_CHARS).map(|_| digit()).collect()
}

fn character(number: u32) -> char {
    let at = usize::try_from(number % 62).unwrap_or_default();
    ALPHABET.get(at).copied().map_or('0', char::from)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{Kind, Token, hash, kind};

    #[test]
    fn a_key_is_recognised_and_nothing_that_differs_from_one_is() {
        for of in [Kind::Tenant, Kind::Operator] {
            let token = Token::new(of).unwrap();
            let (stored, shown) = (token.hash(), token.shown());
            let text = token.into_text();
            assert_eq!((kind(&text), stored), (Some(of), hash(&text)));
            assert!(text.starts_with(&shown) && shown.len() < 16, "{shown}");
            let other = if text.ends_with('0') { "1" } else { "0" };
            let wrong = [
                format!("{}{other}", text.get(..text.len() - 1).unwrap()),
                text.get(1..).unwrap().to_owned(),
                format!("{text}0"),
                text.replacen("alc", "alx", 1),
                text.to_uppercase(),
            ];
            assert!(wrong.iter().all(|text| kind(text).is_none()), "{text}");
        }
        for text in ["", "alc_", "alcop_", "alc_ä", "hunter2"] {
            assert_eq!(kind(text), None, "{text}");
        }
    }

    #[test]
    fn keys_are_letters_and_digits_and_no_two_are_alike() {
        let keys: BTreeSet<String> = (0..100).map(|_| Token::new(Kind::Tenant).unwrap().into_text()).collect();
        assert_eq!(keys.len(), 100);
        let secret = |key: &String| key.strip_prefix("alc_").unwrap().to_owned();
        assert!(keys.iter().map(secret).all(|key| key.len() == 49 && key.chars().all(|c| c.is_ascii_alphanumeric())));
    }
}
