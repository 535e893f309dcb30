//! What a model provider is to the platform.

use std::fmt;

use async_trait::async_trait;

/// One question to a model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prompt {
    /// What the platform and the app's author want: trusted.
    pub system: String,
    /// What it is about: data, never instructions.
    pub user: String,
    /// The longest answer, in tokens.
    pub tokens_max: u32,
}

/// An answer, with what it cost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// The text.
    pub text: String,
    /// Tokens of the prompt.
    pub tokens_in: u64,
    /// Tokens of the answer.
    pub tokens_out: u64,
}

/// Why there is no answer. Never holds a key.
#[derive(Debug, thiserror::Error)]
pub enum ProviderError {
    /// No answer came.
    #[error("the AI provider could not be reached: {0}")]
    Unreachable(#[from] alcove_egress::EgressError),
    /// The provider refused.
    #[error("the AI provider answered with status {status}: {message}")]
    Refused {
        /// The status.
        status: u16,
        /// What it said, cut.
        message: String,
    },
    /// The answer is not what its API promises.
    #[error("the AI provider's answer is malformed: {0}")]
    Malformed(&'static str),
}

/// Completes prompts.
#[async_trait]
pub trait Provider: fmt::Debug + Send + Sync {
    /// Asks once.
    async fn complete(&self, prompt: &Prompt) -> Result<Completion, ProviderError>;
}
