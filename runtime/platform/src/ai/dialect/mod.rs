//! The two wire formats that model APIs speak.

mod anthropic;
mod openai;

use serde_json::Value;

use super::{Completion, Prompt};

/// A wire format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// Anthropic's Messages API.
    Anthropic,
    /// OpenAI's Chat Completions API, which many others speak.
    OpenAi,
}

impl Dialect {
    /// The dialect of a name in configurations.
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "anthropic" => Some(Self::Anthropic),
            "openai" => Some(Self::OpenAi),
            _ => None,
        }
    }

    /// The path of the endpoint, after the base URL.
    pub fn path(self) -> &'static str {
        match self {
            Self::Anthropic => anthropic::PATH,
            Self::OpenAi => openai::PATH,
        }
    }

    /// The header that carries the key, with its value.
    pub(super) fn key_header(self, key: &str) -> (&'static str, String) {
        match self {
            Self::Anthropic => ("x-api-key", key.to_owned()),
            Self::OpenAi => ("authorization", format!("Bearer {key}")),
        }
    }

    /// Further headers.
    pub(super) fn headers(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Anthropic => &[("content-type", "application/json"), anthropic::VERSION_HEADER],
            Self::OpenAi => &[("content-type", "application/json")],
        }
    }

    /// The body of a request.
    pub(super) fn request(self, model: &str, prompt: &Prompt) -> Value {
        match self {
            Self::Anthropic => anthropic::request(model, prompt),
            Self::OpenAi => openai::request(model, prompt),
        }
    }

    /// Reads the body of an answer.
    pub(super) fn completion(self, body: &Value) -> Result<Completion, &'static str> {
        match self {
            Self::Anthropic => anthropic::completion(body),
            Self::OpenAi => openai::completion(body),
        }
    }

    /// The prompt of a request, for the side that answers.
    pub(super) fn read_request(self, body: &Value) -> Result<Prompt, &'static str> {
        match self {
            Self::Anthropic => anthropic::read_request(body),
            Self::OpenAi => openai::read_request(body),
        }
    }

    /// The body of an answer, for the side that answers.
    pub(super) fn answer(self, model: &Value, completion: &Completion) -> Value {
        match self {
            Self::Anthropic => anthropic::answer(model, completion),
            Self::OpenAi => openai::answer(model, completion),
        }
    }

    /// The body of an error, for the side that answers.
    pub(super) fn error(self, message: &str) -> Value {
        match self {
            Self::Anthropic => serde_json::json!({
                "type": "error", "error": { "type": "invalid_request_error", "message": message },
            }),
            Self::OpenAi => serde_json::json!({
                "error": { "type": "invalid_request_error", "message": message },
            }),
        }
    }
}
