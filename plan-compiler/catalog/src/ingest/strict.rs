//! JSON whose objects say each thing once.

use std::{collections::BTreeSet, fmt};

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};

/// Reads a JSON document. A name that occurs twice in one object is an error: of two readers, one would take the first
/// value and the other the last, and what was checked would not be what is used.
pub fn json(bytes: &[u8]) -> serde_json::Result<serde_json::Value> {
    serde_json::from_slice::<NamesOnce>(bytes)?;
    serde_json::from_slice(bytes)
}

/// Any JSON in which no name is repeated. Nesting is bounded by the reader.
struct NamesOnce;

impl<'de> Deserialize<'de> for NamesOnce {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Self)
    }
}

impl<'de> Visitor<'de> for NamesOnce {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self, A::Error> {
        let mut names = BTreeSet::new();
        while let Some(name) = members.next_key::<String>()? {
            if names.contains(&name) {
                let shown: String = name.chars().take(SHOWN_CHARS).collect();
                return Err(A::Error::custom(format_args!("the name `{shown}` is repeated")));
            }
            names.insert(name);
            members.next_value::<Self>()?;
        }
        Ok(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self, A::Error> {
        while items.next_element::<Self>()?.is_some() {}
        Ok(self)
    }

    fn visit_unit<E: Error>(self) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<Self, E> {
        Ok(self)
    }
}

/// How much of a name messages show.
const SHOWN_CHARS: usize = 60;

#[cfg(test)]
mod tests {
    use super::json;

    #[test]
    fn a_repeated_name_is_refused_at_any_depth_and_however_it_is_written() {
        for text in [r#"{"a":1,"a":2}"#, r#"[{"b":{"a":1,"c":[],"a":null}}]"#, r#"{"a":1,"\u0061":2}"#] {
            let error = json(text.as_bytes()).unwrap_err().to_string();
            assert!(error.contains("the name `a` is repeated"), "{text}: {error}");
        }
        assert!(json(br#"{"a":{"a":{"a":1}},"b":[{"a":1},{"a":1.5e3}],"A":true}"#).is_ok());
    }

    #[test]
    fn what_is_not_json_or_too_deep_is_an_error() {
        let deep = "[".repeat(100_000);
        let half = r#"{"a":"\ud800"}"#;
        for text in ["", "{", "[1,]", "nul", "{} {}", "\u{feff}{}", &deep, half] {
            assert!(json(text.as_bytes()).is_err(), "{}", text.chars().take(20).collect::<String>());
        }
    }
}
