//! What stored JSON says that goes out as it is: shapes for the API's document. Tests of the API check every answer
//! against them.
#![expect(dead_code, reason = "only their schemas are used: the JSON is written by the engine")]

use utoipa::ToSchema;

/// Somebody who acts.
#[derive(ToSchema)]
#[schema(as = Subject)]
pub(super) struct SubjectView {
    /// `person`, `key` or `agent`.
    kind: String,
    /// Who they are.
    id: String,
}

/// Why a run failed.
#[derive(ToSchema)]
#[schema(as = Failure)]
pub(super) struct FailureView {
    /// The class, such as `E005`.
    code: String,
    /// Where in the config: a JSON pointer.
    path: String,
    /// For a person.
    message: String,
    /// The limit that was reached, where one was.
    limit: Option<LimitView>,
}

/// A limit that was reached.
#[derive(ToSchema)]
#[schema(as = Limit)]
struct LimitView {
    /// Its name, such as `emails`.
    name: String,
    /// The largest value that is allowed.
    value: u64,
}

/// What a run used.
#[derive(ToSchema)]
#[schema(as = Usage)]
pub(super) struct UsageView {
    /// Units of work in the sandbox.
    fuel: u64,
    /// The largest linear memory, in bytes.
    peak_memory_bytes: u64,
    /// Calls from the sandbox to the host.
    host_calls: u64,
    /// Rows that were read.
    rows_read: u64,
    /// Calls of actions that were performed or failed.
    effects: u64,
    /// E-mails.
    emails: u64,
    /// AI calls.
    ai_calls: u64,
    /// Tokens sent to models.
    ai_tokens_in: u64,
    /// Tokens received from models.
    ai_tokens_out: u64,
    /// Time on a worker, in milliseconds.
    wall_ms: u64,
}
