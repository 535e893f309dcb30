//! What comes in, and what the sender is answered.

use alcove_ids::ExecutionId;
use alcove_plan::{envelope::Digest, value::Timestamp};

use super::Settled;

/// An event from outside.
#[derive(Clone, Debug, PartialEq)]
pub struct IncomingEvent {
    /// Where it comes from. With the id it names the event: the same two again are the same event.
    pub source: String,
    /// Which event of this source it is.
    pub id: String,
    /// What happened, such as `user.created`.
    pub name: String,
    /// When it happened; `None`: when it is accepted.
    pub timestamp: Option<Timestamp>,
    /// Its data.
    pub payload: serde_json::Value,
}

/// What the sender is answered. All of it is durable.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reply {
    /// The runs that it started.
    pub executions: Vec<ExecutionId>,
    /// Whether it was accepted before; then it starts nothing.
    pub duplicate: bool,
    /// Those of the runs that have ended, or wait, if the sender waited for them.
    pub settled: Vec<Settled>,
}

impl IncomingEvent {
    /// The digest of everything that the sender says but the event's name, in hex: by it a second delivery is told from
    /// another event.
    pub(super) fn digest(&self) -> String {
        let time = self.timestamp.map(Timestamp::micros);
        // Numbers, strings and their lists always have a form as JSON.
        let said = serde_json::to_vec(&(&self.name, time, &self.payload)).unwrap_or_default();
        Digest::of(&said).to_string()
    }
}
