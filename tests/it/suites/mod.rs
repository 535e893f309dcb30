//! Suites of hostile inputs. They are not part of the repository: they lie beside the checkout, and where they are
//! missing the tests say so and use their own few strings alone.

mod config;
mod data;
mod naughty;

use serde_json::{Map, Value as Json};

/// Stands for the text under test in the run that others are compared with.
const PLAIN: &str = "PlainText";

/// `json` with another text wherever the plain one stands, in keys too.
fn with_text(json: &Json, text: &str) -> Json {
    match json {
        Json::String(string) => Json::String(string.replace(PLAIN, text)),
        Json::Array(items) => items.iter().map(|item| with_text(item, text)).collect(),
        Json::Object(members) => {
            let replaced = members.iter().map(|(name, value)| (name.replace(PLAIN, text), with_text(value, text)));
            Json::Object(replaced.collect::<Map<_, _>>())
        }
        other => other.clone(),
    }
}
