//! AI actions: prompts, providers over HTTP, and the check of what a model says.
//!
//! A [`Provider`] completes a [`Prompt`]; [`perform`] makes prompts from an action's parameters and turns the reply
//! into the action's outputs, or fails. Instructions and data never share a message: what the platform and the app's
//! author say is the system text, what users wrote is one JSON document in the user message.

mod action;
pub mod cassette;
mod dialect;
mod http;
mod provider;
mod reply;

pub use action::{perform, tokens_max};
pub use dialect::Dialect;
pub use http::{HttpProvider, ProviderConfig};
pub use provider::{Completion, Prompt, Provider, ProviderError};
