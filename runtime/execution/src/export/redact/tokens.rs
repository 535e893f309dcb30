//! Tokens: what stands for personal values.

use std::{collections::BTreeMap, sync::Arc};

use aho_corasick::{AhoCorasick, MatchKind};
use alcove_plan::value::Value;

use super::RedactError;

/// The shortest value, in bytes, that is looked for inside other texts. Shorter ones are replaced where they stand
/// alone: inside a text they tell nothing.
const INSIDE_BYTES_MIN: usize = 4;

/// The characters of an account of a chain after its `0x`.
const ACCOUNT_DIGITS: usize = 40;

/// What stands for each personal value.
pub(super) struct Tokens {
    of: BTreeMap<Arc<str>, String>,
    inside: AhoCorasick,
    /// The tokens of the values that are looked for inside texts, in the order of `inside`.
    replacements: Vec<String>,
}

impl Tokens {
    /// Tokens that follow from a key.
    pub(super) fn new(key: &[u8; 32], values: impl IntoIterator<Item = Arc<str>>) -> Result<Self, RedactError> {
        let of: BTreeMap<Arc<str>, String> =
            values.into_iter().map(|value| (value.clone(), token(key, &value))).collect();
        let looked_for = || of.iter().filter(|(value, _)| value.len() >= INSIDE_BYTES_MIN);
        let inside = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .ascii_case_insensitive(true)
            .build(looked_for().map(|(value, _)| value.as_bytes()))
            .map_err(|error| RedactError::TooMuch { problem: error.to_string() })?;
        let replacements = looked_for().map(|(_, token)| token.clone()).collect();
        Ok(Self { of, inside, replacements })
    }

    /// A text with tokens in it.
    pub(super) fn text(&self, text: &str) -> String {
        match self.of.get(text) {
            Some(token) => token.clone(),
            None => self.inside.replace_all(text, &self.replacements),
        }
    }

    /// A value with tokens in it.
    pub(super) fn value(&self, value: &Value) -> Value {
        match value {
            Value::Str(text) => Value::str(self.text(text)),
            Value::List(items) => Value::list(items.iter().map(|item| self.value(item)).collect()),
            Value::Record(record) => {
                Value::object(record.members().map(|(name, value)| (self.text(name), self.value(value))))
            }
            Value::Null | Value::Bool(_) | Value::Int(_) | Value::Num(_) | Value::Time(_) => value.clone(),
        }
    }

    /// Whether bytes hold a value in whose place a token should be.
    pub(super) fn are_missing_in(&self, bytes: &[u8]) -> bool {
        self.inside.is_match(bytes)
    }
}

/// Whether a text is an e-mail address, as a whole.
pub(super) fn is_address(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else { return false };
    let plain = !text.contains(|c: char| c.is_whitespace() || c.is_control());
    plain && !local.is_empty() && domain.contains('.') && !domain.contains('@') && text.len() <= 254
}

/// The token of a value: of its shape, and of no part of it.
fn token(key: &[u8; 32], value: &str) -> String {
    if is_address(value) {
        let domain = value.rsplit_once('@').map_or("", |(_, domain)| domain);
        return format!("p{}@d{}.invalid", digits(key, value, 20), digits(key, domain, 12));
    }
    match value.strip_prefix("0x") {
        Some(account) if account.len() == ACCOUNT_DIGITS && account.bytes().all(|byte| byte.is_ascii_hexdigit()) => {
            format!("0x{}", digits(key, value, ACCOUNT_DIGITS))
        }
        _ => format!("redacted-{}", digits(key, value, 24)),
    }
}

fn digits(key: &[u8; 32], value: &str, count: usize) -> String {
    blake3::keyed_hash(key, value.as_bytes()).to_hex().chars().take(count).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: [u8; 32] = [7; 32];

    fn tokens(values: &[&str]) -> Tokens {
        Tokens::new(&KEY, values.iter().map(|&value| Arc::from(value))).unwrap()
    }

    #[test]
    fn the_same_value_has_the_same_token_of_the_same_shape() {
        let account = format!("0x{}", "Ab".repeat(20));
        let tokens = tokens(&["ada@example.com", "bob@example.com", "eve@other.org", &account, "somebody"]);
        let [ada, bob, eve] = ["ada@example.com", "bob@example.com", "eve@other.org"].map(|text| tokens.text(text));
        let domain = |text: &str| text.split_once('@').unwrap().1.to_owned();
        assert!(is_address(&ada) && ada != bob && domain(&ada) == domain(&bob) && domain(&ada) != domain(&eve));
        assert_eq!(tokens.text("ada@example.com"), ada);
        let other = tokens.text(&account);
        assert!(other.starts_with("0x") && other.len() == account.len() && other != account);
        assert!(tokens.text("somebody").starts_with("redacted-"));
    }

    #[test]
    fn a_value_is_found_inside_texts_lists_and_objects_whatever_its_case() {
        let tokens = tokens(&["ada@example.com", "ad"]);
        let value = Value::object([
            ("ada@example.com", Value::list(vec![Value::from("to ADA@example.com!"), Value::Int(1)])),
            ("short", Value::from("an ad is not found inside")),
            ("alone", Value::from("ad")),
        ]);
        let mut text = String::new();
        alcove_plan::value::to_json(&tokens.value(&value), &mut text);
        assert!(!tokens.are_missing_in(text.as_bytes()), "{text}");
        assert!(text.contains("an ad is") && !text.contains("\"ad\""), "{text}");
        assert!(tokens.are_missing_in(b"..ada@Example.com.."));
    }

    #[test]
    fn what_is_no_address_as_a_whole_is_none() {
        for text in ["", "ada", "@example.com", "ada@example", "a b@example.com", "a@b@example.com", "see a@b.c now"] {
            assert!(!is_address(text), "{text}");
        }
        assert!(is_address("a@b.c"));
    }
}
