//! Derived ids, numbered: they follow from the digest of the plan, so that each change of the compiler would change
//! them.

use std::collections::BTreeMap;

use serde_json::Value as Json;

/// Characters of a derived id after its prefix and the `_`.
const DIGEST_CHARS: usize = 26;
/// Characters of a prefix, such as `eff`.
const PREFIX_CHARS: usize = 3;

/// The JSON with `eff_1`, `eff_2` … `ntf_1` … in place of derived ids, in the order of their first appearance.
pub(super) fn numbered(json: &Json) -> Json {
    Numbers::default().json(json)
}

#[derive(Default)]
struct Numbers {
    known: BTreeMap<String, String>,
    used: BTreeMap<String, usize>,
}

impl Numbers {
    fn json(&mut self, json: &Json) -> Json {
        match json {
            Json::String(text) => Json::String(self.text(text)),
            Json::Array(items) => items.iter().map(|item| self.json(item)).collect(),
            Json::Object(members) => {
                Json::Object(members.iter().map(|(name, value)| (name.clone(), self.json(value))).collect())
            }
            other => other.clone(),
        }
    }

    fn text(&mut self, text: &str) -> String {
        let mut out = String::new();
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let (taken, replaced) = match rest.get(..PREFIX_CHARS + 1 + DIGEST_CHARS).filter(|id| is_derived(id)) {
                Some(id) => (id.len(), self.number(id)),
                None => (first.len_utf8(), first.to_string()),
            };
            out.push_str(&replaced);
            rest = &rest[taken..];
        }
        out
    }

    fn number(&mut self, id: &str) -> String {
        if let Some(known) = self.known.get(id) {
            return known.clone();
        }
        let prefix = &id[..PREFIX_CHARS];
        let used = self.used.entry(prefix.to_owned()).or_default();
        *used += 1;
        let number = format!("{prefix}_{used}");
        self.known.insert(id.to_owned(), number.clone());
        number
    }
}

fn is_derived(id: &str) -> bool {
    let digest_char = |c: char| c.is_ascii_digit() || c.is_ascii_lowercase();
    id.split_once('_').is_some_and(|(prefix, digest)| {
        prefix.len() == PREFIX_CHARS
            && prefix.chars().all(|c| c.is_ascii_lowercase())
            && digest.len() == DIGEST_CHARS
            && digest.chars().all(digest_char)
    })
}

#[test]
fn the_same_id_has_the_same_number_wherever_it_stands() {
    let (a, b) = (format!("ntf_{}", "0a".repeat(13)), format!("ntf_{}", "1b".repeat(13)));
    let got = numbered(&serde_json::json!([a, format!("<{b}>"), { "again": a }, "ntf_x", "a…é"]));
    assert_eq!(got, serde_json::json!(["ntf_1", "<ntf_2>", { "again": "ntf_1" }, "ntf_x", "a…é"]));
}
