//! Requests of effects against a real server: `webhook_call`, and actions of the platform's own API.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a helper of tests stops the test")]

mod api;
mod receiver;
mod webhook;
