//! A provider behind HTTP.

use std::{fmt, time::Duration};

use alcove_egress::{Egress, EgressError, Limits, Method, Origin, Policy, Request, Sender};
use async_trait::async_trait;
use serde_json::Value;

use super::{Completion, Dialect, Prompt, Provider, ProviderError};

/// A prompt holds texts of a run, of which each may be large; an answer is one text. The key follows no redirect.
const LIMITS: Limits = Limits {
    timeout: Duration::from_mins(1),
    request_bytes_max: 8 * 1024 * 1024,
    response_bytes_max: 1024 * 1024,
    redirects_max: 0,
};
/// The shortest key that is a secret.
const KEY_BYTES_MIN: usize = 12;
/// How much of a refusal is passed on.
const REFUSAL_CHARS_MAX: usize = 300;

/// Where a model is, as the operator configures it.
#[derive(Clone, PartialEq, Eq)]
pub struct ProviderConfig {
    /// The wire format.
    pub dialect: Dialect,
    /// Scheme, host, port and path prefix, without a slash at the end, such as `https://api.anthropic.com`.
    pub base_url: String,
    /// The model's name.
    pub model: String,
    /// The key. Never logged, never shown.
    pub key: String,
}

impl fmt::Debug for ProviderConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { dialect, base_url, model, key: _ } = self;
        write!(f, "ProviderConfig({dialect:?}, {base_url}, {model})")
    }
}

/// A model API over HTTP.
#[derive(Debug)]
pub struct HttpProvider {
    egress: Egress,
    config: ProviderConfig,
}

impl HttpProvider {
    /// A provider that may reach its own origin and nothing else. The operator has named it, so it may be at a private
    /// address.
    pub fn new(config: ProviderConfig) -> Result<Self, EgressError> {
        let origin = Origin::parse(&config.base_url).map_err(|error| EgressError::InvalidUrl { url: error.text })?;
        let policy = Policy::allow([origin.clone()]).with_route(origin.clone(), origin);
        Ok(Self { egress: Egress::new(policy)?, config })
    }
}

#[async_trait]
impl Provider for HttpProvider {
    async fn complete(&self, prompt: &Prompt) -> Result<Completion, ProviderError> {
        let ProviderConfig { dialect, base_url, model, key } = &self.config;
        let (key_name, key_value) = dialect.key_header(key);
        let mut headers = dialect.headers().to_vec();
        headers.push((key_name, &key_value));
        let response = self
            .egress
            .send(Request {
                sender: Sender::Operator,
                method: Method::Post,
                url: &format!("{}{}", base_url.trim_end_matches('/'), dialect.path()),
                headers: &headers,
                body: dialect.request(model, prompt).to_string().into_bytes(),
                limits: LIMITS,
                not_after: None,
                sink: None,
            })
            .await?;
        let body: Result<Value, _> = serde_json::from_slice(&response.body);
        if response.status != 200 {
            return Err(refusal(response.status, body.ok().as_ref(), key));
        }
        let body = body.map_err(|_| ProviderError::Malformed("it is not JSON"))?;
        let completion = dialect.completion(&body).map_err(ProviderError::Malformed)?;
        Ok(Completion { text: without_key(&completion.text, key), ..completion })
    }
}

/// Both APIs put their complaint at `/error/message`.
fn refusal(status: u16, body: Option<&Value>, key: &str) -> ProviderError {
    let said = body.and_then(|body| body.pointer("/error/message")).and_then(Value::as_str);
    let message = without_key(said.unwrap_or("without a message"), key).chars().take(REFUSAL_CHARS_MAX).collect();
    ProviderError::Refused { status, message }
}

/// What a provider says, without the key should it repeat it: runs and logs see what it says. A key of a few letters is
/// the word that a local model takes for one, and may well stand in an answer.
fn without_key(text: &str, key: &str) -> String {
    if key.len() < KEY_BYTES_MIN { text.to_owned() } else { text.replace(key, "[key]") }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{refusal, without_key};

    #[test]
    fn a_provider_that_repeats_the_key_does_not_give_it_away() {
        let key = "sk-0123456789";
        let body = json!({ "error": { "message": "Incorrect API key provided: sk-0123456789." } });
        let refused = refusal(401, Some(&body), key).to_string();
        assert_eq!(refused, "the AI provider answered with status 401: Incorrect API key provided: [key].");
        assert_eq!(without_key(&key.repeat(2), key), "[key][key]");
        assert_eq!(without_key("the cassette", "cassette"), "the cassette");
    }
}
