//! Effects and their handlers.

use alcove_plan::{
    expr::{ExprId, Slot},
    failure::Failure,
    program::BlockId,
    value::{DEPTH_MAX, Record, Value},
};

use super::{Flow, frame::Frame};
use crate::{
    effects::{Answer, Call},
    halt::{At, Halt, malformed},
    host::Host,
    measure,
};

impl<H: Host> Flow<'_, '_, H> {
    /// Performs an action, or buffers it where nothing looks at its outcome.
    pub(super) fn effect(
        &mut self,
        place: u32,
        action: u16,
        outputs: Option<Slot>,
        on_failure: Option<BlockId>,
        deferrable: bool,
    ) -> Result<(), Halt> {
        let program = self.eval.program;
        let called = program.actions.get(usize::from(action)).ok_or_else(|| malformed("no such action")).at(place)?;
        if let Err(failure) = self.evaluate_arguments(&called.args) {
            // Calls before it come first: one of them may have failed, and then this one is not reached.
            self.flush()?;
            return self.failed(place, failure, outputs, on_failure);
        }
        let shape = self.eval.shape(called.shape).at(place)?;
        let call =
            Call { action, outputs: shape.names().len(), place, path: self.here, recover_depth: self.recover_depth };
        self.buffer.call(call, &self.arguments);
        if deferrable && outputs.is_none() && on_failure.is_none() {
            return if self.buffer.is_full(self.batching) { self.flush() } else { Ok(()) };
        }
        match self.settle(true)? {
            Some(Answer::Performed(values)) => {
                let Some(slot) = outputs else { return Ok(()) };
                self.eval.set(slot, Value::Record(Record::new(shape, values).into())).at(place)
            }
            Some(Answer::Failed(failure)) => self.failed(place, failure, outputs, on_failure),
            None => Err(Halt::fatal(place, malformed("an effect without an answer"))),
        }
    }

    fn evaluate_arguments(&mut self, arguments: &[ExprId]) -> Result<(), Failure> {
        self.eval.eval_all(arguments, &mut self.arguments)?;
        self.arguments.iter().try_for_each(|value| measure::check(value, DEPTH_MAX))
    }

    /// Begins the handler of an action that failed, if it has one and may.
    fn failed(
        &mut self,
        place: u32,
        failure: Failure,
        outputs: Option<Slot>,
        on_failure: Option<BlockId>,
    ) -> Result<(), Halt> {
        let Some(handler) = on_failure.filter(|_| !failure.code.stops_run()) else {
            return Err(Halt::failed(place, failure));
        };
        if let Some(slot) = outputs {
            self.eval.set(slot, Value::Null).at(place)?;
        }
        self.frames.push(Frame::Handler { place, handled: failure });
        self.open(handler).at(place)
    }

    /// The block of the handler on top has come to its end.
    pub(super) fn handled(&mut self) -> Result<(), Halt> {
        self.flush()?;
        if let Some(Frame::Handler { place, handled }) = self.frames.pop() {
            self.warn(place, &format!("the action failed and `on_failure` took care of it: {handled}"));
        }
        Ok(())
    }
}
