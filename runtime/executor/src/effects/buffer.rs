//! Calls that were evaluated and not yet performed.

use alcove_plan::{codec::BatchWriter, limits::BATCH_CALLS_MAX, value::Value};

use super::Path;

/// When a buffer is full: at the first of these.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Batching {
    /// Calls.
    pub(crate) calls: usize,
    /// Bytes of calls.
    pub(crate) bytes: usize,
    /// Calls and finished items together, so that loops without effects do not make it grow.
    pub(crate) events: usize,
}

impl Batching {
    /// As many calls as one message may have, because each batch is a commit and a commit is what costs; few enough
    /// bytes to keep a guest's memory small. An item with one call is two events.
    pub(crate) const DEFAULT: Self = Self { calls: BATCH_CALLS_MAX, bytes: 256 * 1024, events: 2 * BATCH_CALLS_MAX };
}

/// One call.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Call {
    /// Which of the plan's actions.
    pub(crate) action: u16,
    /// The number of its outputs.
    pub(crate) outputs: usize,
    /// Where its failure points.
    pub(crate) place: u32,
    /// The loops around it.
    pub(crate) path: Path,
    /// How many of them its failure leaves: those up to the innermost loop that continues on error.
    pub(crate) recover_depth: usize,
}

/// What happened, in order.
#[derive(Clone, Copy, Debug)]
pub(super) enum Event {
    Call(Call),
    /// An item was done, if the calls before it have not failed.
    ItemDone(Path),
}

impl Event {
    pub(super) fn place(&self) -> Option<u32> {
        match self {
            Self::Call(call) => Some(call.place),
            Self::ItemDone(_) => None,
        }
    }
}

/// Calls, and what must be known to tell afterwards what an execution one by one would have done.
#[derive(Debug, Default)]
pub(crate) struct Buffer {
    pub(super) batch: BatchWriter,
    /// The actions that the batch names by position.
    pub(super) actions: Vec<u16>,
    pub(super) events: Vec<Event>,
    /// Around the last loop that continues on error and is over, if calls of it may be here.
    closed: Option<Path>,
}

impl Buffer {
    pub(crate) fn is_empty(&self) -> bool {
        self.batch.is_empty()
    }

    pub(crate) fn is_full(&self, batching: Batching) -> bool {
        self.batch.count() >= batching.calls
            || self.batch.len() >= batching.bytes
            || self.events.len() >= batching.events
    }

    pub(crate) fn call(&mut self, call: Call, values: &[Value]) {
        let position = self.actions.iter().position(|action| *action == call.action).unwrap_or_else(|| {
            self.actions.push(call.action);
            self.actions.len() - 1
        });
        // A position is below the number of actions, which are numbered with 16 bits.
        let position = u32::try_from(position).unwrap_or(u32::MAX);
        self.batch.call(position, call.path.indices(), values);
        self.events.push(Event::Call(call));
    }

    /// Notes that an item is done. Not to be called while nothing is buffered: then it is done for certain.
    pub(crate) fn item_done(&mut self, path: Path) {
        self.events.push(Event::ItemDone(path));
    }

    /// Notes that a loop which continues on error is over.
    pub(crate) fn loop_closed(&mut self, around: Path) {
        if !self.is_empty() {
            self.closed = Some(around);
        }
    }

    /// Whether a loop that begins here could have items with the same indices as calls in the buffer: the host, which
    /// tells scopes apart by their indices, would take the one for the other.
    pub(crate) fn confuses(&self, around: Path) -> bool {
        self.closed.is_some_and(|closed| closed.is_in(&around))
    }
}
