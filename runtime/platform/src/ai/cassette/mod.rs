//! Scripted model answers, served over real HTTP: for tests, the demo, and trying out an app without a key.
//!
//! A cassette is a JSON file: `{"replies": [{"contains"?: TEXT, "reply": TEXT | OBJECT, "status"?: 200, "times"?: N,
//! "delay_ms"?: N}…]}`.
//! A question gets the first reply whose `contains` stands in its data (any question if it has none) and that is not
//! used up (`times`; without it a reply is never used up). An object is sent as JSON text, which is how models answer
//! `ai_analyze` and `ai_classify`. With a `status` other than 200 the reply is the error message.

mod server;

pub use server::CassetteServer;

use serde::Deserialize;
use serde_json::Value;

/// Scripted answers.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cassette {
    /// The answers, in order of preference.
    pub replies: Vec<Reply>,
}

/// One scripted answer.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reply {
    /// Stands in the data of the questions that it answers.
    #[serde(default)]
    pub contains: Option<String>,
    /// What the model says.
    pub reply: Value,
    /// The HTTP status.
    #[serde(default = "ok")]
    pub status: u16,
    /// How often it may be given.
    #[serde(default)]
    pub times: Option<u32>,
    /// How long the model takes, in milliseconds.
    #[serde(default)]
    pub delay_ms: u64,
}

fn ok() -> u16 {
    200
}

impl Cassette {
    /// Reads a cassette.
    pub fn parse(json: &[u8]) -> Result<Self, serde_json::Error> {
        serde_json::from_slice(json)
    }

    /// The reply to a question about `data`; counts it as given.
    fn take(&mut self, data: &str) -> Option<Reply> {
        let fits = |reply: &&mut Reply| {
            reply.times != Some(0) && reply.contains.as_ref().is_none_or(|text| data.contains(text.as_str()))
        };
        let reply = self.replies.iter_mut().find(fits)?;
        reply.times = reply.times.map(|times| times - 1);
        Some(reply.clone())
    }
}

impl Reply {
    /// The text that is sent.
    fn text(&self) -> String {
        match &self.reply {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Cassette;

    #[test]
    fn replies_are_chosen_by_content_and_used_up_in_order() {
        let mut cassette = Cassette::parse(
            br#"{"replies":[{"contains":"spam","reply":"first","times":1},{"contains":"spam","reply":"then"},{"reply":"else"}]}"#,
        )
        .unwrap();
        let mut said = |data: &str| cassette.take(data).unwrap().text();
        assert_eq!([said("spam"), said("spam"), said("spam"), said("ham")], ["first", "then", "then", "else"]);
    }

    #[test]
    fn a_misspelt_key_is_refused() {
        assert!(Cassette::parse(br#"{"replies":[{"contain":"x","reply":"y"}]}"#).is_err());
    }
}
