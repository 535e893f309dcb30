//! One execution of a run's guest: what it is answered, what it has done, and why it is stopped.

use std::sync::Arc;

use alcove_host::Level;
use alcove_journal::{
    cursor::Cursor,
    effects::{Barrier, Buffer, Coming},
    entry::{Asked, Effect, Entry, Log, LogLevel, Record},
};
use alcove_plan::{codec::Outcome, failure::Failure, value::Value};
use alcove_platform::{Cursor as Reading, EffectCall, Scope};

use super::{
    answers::Answers,
    approval::Asking,
    calls::Calls,
    external::Calling,
    halt::{Halt, stopped},
    hold::{Committed, Durable, SharedHold},
    reserved::Reserved,
};
use crate::{LoadedPlan, node::Node};

/// One execution of a run's guest.
pub(super) struct Session {
    pub(super) node: Arc<Node>,
    pub(super) plan: Arc<LoadedPlan>,
    pub(super) scope: Scope,
    pub(super) hold: SharedHold,
    pub(super) cursor: Cursor,
    pub(super) calls: Calls,
    /// Reads and local effects that are not durable.
    pub(super) buffer: Buffer<EffectCall>,
    /// How many effects the buffer holds.
    pub(super) kept: usize,
    /// Of how many of them, counted from the first, the guest was told that they were performed.
    pub(super) told: usize,
    /// Entries that are not durable and come before those of the buffer.
    pub(super) pending: Vec<Record>,
    /// Lines of the log since the first effect in the buffer. What a run says that was misled, nobody said.
    pub(super) lines: Vec<Record>,
    /// The query that is being read: one at a time, so that a run never holds more than one of the database's readers.
    pub(super) reading: Option<(usize, Reading)>,
    /// The external effect that is being sent. It is on its way even if nobody waits for it any more.
    pub(super) calling: Option<Calling>,
    /// The last question whose answer was a failure.
    pub(super) failed: Option<(Asked, Failure)>,
    /// The approval that the run has come to.
    pub(super) asking: Option<Box<Asking>>,
    /// Why the guest is stopped.
    pub(super) halt: Option<Halt>,
    /// Tokens that models were given and gave.
    pub(super) tokens: (u64, u64),
    /// What external effects that are not settled have reserved.
    pub(super) reserved: Reserved,
}

/// What an execution begins with.
pub(super) struct Beginning {
    pub(super) node: Arc<Node>,
    pub(super) plan: Arc<LoadedPlan>,
    pub(super) scope: Scope,
    pub(super) hold: SharedHold,
    pub(super) cursor: Cursor,
    pub(super) calls: Calls,
    pub(super) reserved: Reserved,
}

impl Session {
    /// Nothing has happened.
    pub(super) fn new(beginning: Beginning) -> Self {
        let Beginning { node, plan, scope, hold, cursor, calls, reserved } = beginning;
        Self {
            node,
            plan,
            scope,
            hold,
            cursor,
            calls,
            buffer: Buffer::new(),
            kept: 0,
            told: 0,
            pending: Vec::new(),
            lines: Vec::new(),
            reading: None,
            calling: None,
            failed: None,
            asking: None,
            halt: None,
            tokens: (0, 0),
            reserved,
        }
    }

    /// What time it is, in microseconds since 1970-01-01T00:00:00Z.
    pub(super) fn now_us(&self) -> i64 {
        self.node.clock.now().micros()
    }

    /// An entry of now.
    pub(super) fn record(&self, entry: Entry) -> Record {
        Record { at_us: self.now_us(), entry }
    }

    /// Adds an entry to what becomes durable with the next barrier.
    pub(super) fn note(&mut self, entry: Entry) {
        let record = self.record(entry);
        self.pending.push(record);
    }

    /// Adds a line to the log, unless the journal has it.
    pub(super) fn log(&mut self, level: Level, place: u32, message: &str) {
        if !self.cursor.log() {
            return;
        }
        let level = match level {
            Level::Info => LogLevel::Info,
            Level::Warning => LogLevel::Warning,
            Level::Error => LogLevel::Error,
        };
        let record = self.record(Entry::Log(Log { level, place, message: message.to_owned() }));
        if self.kept == 0 { self.pending.push(record) } else { self.lines.push(record) }
    }

    /// Keeps a local effect back. A barrier that it is itself is for the caller to go through.
    pub(super) fn keep(&mut self, effect: Effect, call: EffectCall, coming: Coming) -> Option<Barrier> {
        self.kept += 1;
        self.buffer.local(effect, call, coming)
    }

    /// Takes everything that is not durable.
    pub(super) fn take_durable(&mut self) -> Durable {
        (self.kept, self.told) = (0, 0);
        let batch = (!self.buffer.is_empty()).then(|| self.buffer.take());
        let (records, then) = (std::mem::take(&mut self.pending), std::mem::take(&mut self.lines));
        let settled = self.reserved.take_settled();
        Durable { records, batch, then, settled, ..Durable::default() }
    }

    /// Makes everything durable that is not, and learns what became of the effects that were kept back: those that the
    /// guest was told of must have been performed, the others are answers.
    pub(super) async fn flush(&mut self, answers: &mut Answers<'_>) -> Result<(), Halt> {
        let told = self.told;
        let durable = self.take_durable();
        let hold = Arc::clone(&self.hold);
        // On its way whatever becomes of the guest: the run must not be ended while a commit of it is.
        let commit = tokio::spawn(async move { hold.lock_owned().await.commit(durable).await });
        let committed = commit.await.map_err(|_| Halt::defect("a commit was broken off"))??;
        self.learn(committed, told, answers)
    }

    /// Draws the consequences of a commit.
    pub(super) fn learn(&mut self, committed: Committed, told: usize, answers: &mut Answers<'_>) -> Result<(), Halt> {
        if let Some(wait) = committed.refused.and_then(|exceeded| self.wait_for_quota(exceeded)) {
            return Err(Halt::Wait(Box::new(wait)));
        }
        if committed.misled(told) {
            return Err(Halt::Misled);
        }
        if let Some((effect, failure)) = answers.correct(committed.outcomes.into_iter().skip(told)) {
            self.failed = Some((Asked::Effect(effect), failure));
        }
        Ok(())
    }

    /// The answer that stops the guest.
    pub(super) fn stop(&mut self, halt: Halt) -> Failure {
        self.halt.get_or_insert(halt);
        stopped()
    }

    /// What a run is told of an effect that is kept back.
    pub(super) fn guess(call: &EffectCall) -> Outcome {
        Outcome::Performed(vec![Value::Null; call.action.outputs().len()])
    }
}
