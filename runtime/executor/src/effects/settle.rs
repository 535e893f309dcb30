//! Outcomes of a batch, mapped back to the items and nodes that its calls came from.

use alcove_plan::{
    codec::{Outcome, OutcomesReader},
    failure::{Code, Failure},
    value::Value,
};

use super::{
    Call, Path,
    buffer::{Buffer, Event},
};
use crate::{
    halt::{Halt, undecodable},
    host::Host,
    run::RunError,
};

/// What became of a batch.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    /// Items that were done.
    pub(crate) items_done: u64,
    /// Items that were thought done and have failed, in order.
    pub(crate) failed_items: Vec<(Path, RunError)>,
    /// The answer to the last call.
    pub(crate) last: Option<Answer>,
    /// Why the machine cannot go on where it is.
    pub(crate) halt: Option<Halt>,
}

/// What became of a call that somebody waits for.
#[derive(Debug)]
pub(crate) enum Answer {
    Performed(Vec<Value>),
    Failed(Failure),
}

impl Buffer {
    /// Performs what is buffered. `here`: the loops around the current place. `awaited`: the last call's failure is an
    /// answer and raises nothing.
    pub(crate) fn settle(self, here: Path, awaited: bool, host: &mut impl Host) -> Batch {
        let Self { batch, actions, events, .. } = self;
        let left = batch.count();
        let place = events.iter().find_map(Event::place).unwrap_or_default();
        let bytes = match host.perform(&actions, &batch.finish()) {
            Ok(bytes) => bytes,
            Err(failure) => return Batch { halt: Some(Halt::fatal(place, failure)), ..Batch::default() },
        };
        let mut settled = Batch::default();
        if let Err(halt) = read(&bytes, events, &mut settled, here, awaited.then_some(left), place) {
            settled.halt = Some(halt);
        }
        settled
    }
}

/// Reads the answers to `events`. `awaited`: the number of the call whose answer somebody waits for, counted from 1.
fn read(
    bytes: &[u8],
    events: Vec<Event>,
    batch: &mut Batch,
    here: Path,
    awaited: Option<usize>,
    place: u32,
) -> Result<(), Halt> {
    let malformed = |error| Halt::fatal(place, undecodable("outcomes", error));
    let reader = OutcomesReader::new(bytes).map_err(malformed)?;
    let mut settling = Settling { reader, here, batch, lost: None, calls: 0, awaited };
    for event in events {
        settling.event(event)?;
    }
    match settling.reader.next_outcome(0).map_err(malformed)? {
        None => Ok(()),
        Some(_) => Err(Halt::fatal(place, Failure::new(Code::Internal, "the host answered calls that were not made"))),
    }
}

struct Settling<'b> {
    reader: OutcomesReader<'b>,
    here: Path,
    batch: &'b mut Batch,
    /// The scope whose later calls are not performed.
    lost: Option<Path>,
    /// Calls that were answered.
    calls: usize,
    awaited: Option<usize>,
}

impl Settling<'_> {
    fn event(&mut self, event: Event) -> Result<(), Halt> {
        match event {
            Event::ItemDone(path) => {
                self.batch.items_done += u64::from(!self.is_lost(&path));
                Ok(())
            }
            Event::Call(call) => self.call(call),
        }
    }

    fn call(&mut self, call: Call) -> Result<(), Halt> {
        self.calls += 1;
        let awaited = self.awaited == Some(self.calls);
        let outcome = self
            .reader
            .next_outcome(call.outputs)
            .map_err(|error| Halt::fatal(call.place, undecodable("outcomes", error)))?;
        let lost = self.is_lost(&call.path);
        match outcome {
            Some(Outcome::NotPerformed) if lost => {}
            Some(Outcome::Performed(outputs)) if !lost => {
                if awaited {
                    self.batch.last = Some(Answer::Performed(outputs));
                }
            }
            Some(Outcome::Failed(failure)) if !lost => self.failed(call, failure, awaited)?,
            Some(Outcome::Suspended) if !lost => return Err(Halt::Waiting),
            _ => {
                let message =
                    "the host performed a call after a failure that excludes it, or left out one without a cause";
                return Err(Halt::fatal(call.place, Failure::new(Code::Internal, message)));
            }
        }
        Ok(())
    }

    fn failed(&mut self, call: Call, failure: Failure, awaited: bool) -> Result<(), Halt> {
        if failure.code.stops_run() {
            return Err(Halt::fatal(call.place, failure));
        }
        if awaited {
            self.batch.last = Some(Answer::Failed(failure));
            return Ok(());
        }
        let error = RunError { failure, place: call.place };
        let scope = call.path.prefix(call.recover_depth);
        if self.here.is_in(&scope) {
            self.batch.halt = Some(Halt::Late { error, recover_depth: call.recover_depth });
        } else {
            self.batch.failed_items.push((scope, error));
        }
        self.lost = Some(scope);
        Ok(())
    }

    fn is_lost(&self, path: &Path) -> bool {
        self.lost.is_some_and(|scope| path.is_in(&scope))
    }
}
