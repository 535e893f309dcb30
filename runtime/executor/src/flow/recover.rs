//! Failures on their way out: handlers name what they handled, loops that continue on error catch.

use alcove_plan::failure::Failure;

use super::{Flow, frame::Frame};
use crate::{
    effects::Path,
    halt::Halt,
    host::{Host, Level},
    run::RunError,
};

/// Bytes of a failure's message (`wit/executor/failure.wit`).
const MESSAGE_BYTES_MAX: usize = 1024;

impl<H: Host> Flow<'_, '_, H> {
    /// Leaves frames until one catches; gives the error back if none does.
    pub(super) fn recover(&mut self, halt: Halt) -> Result<(), Halt> {
        let (mut error, catching_depth) = match halt {
            // What is buffered came before: where it has failed too, this failure was never reached.
            Halt::Failed(error) => match self.flush() {
                Ok(()) => (error, self.recover_depth),
                Err(Halt::Late { error, recover_depth }) => (error, recover_depth),
                Err(other) => return Err(other),
            },
            Halt::Late { error, recover_depth } => (error, recover_depth),
            other @ (Halt::Fatal(_) | Halt::Waiting) => return Err(other),
        };
        while let Some(frame) = self.frames.pop() {
            match frame {
                Frame::Block(_) => {}
                Frame::Handler { handled, .. } => mention(&mut error.failure, &handled),
                Frame::Loop(mut frame) => {
                    if frame.path.depth() == catching_depth && !error.failure.code.stops_run() {
                        frame.in_item = false;
                        self.here = frame.path.with_item(frame.next.saturating_sub(1));
                        self.recover_depth = catching_depth;
                        self.log_failed_item(self.here, &error);
                        self.frames.push(Frame::Loop(frame));
                        return Ok(());
                    }
                    self.leave(&frame);
                }
            }
        }
        Err(Halt::Failed(error))
    }

    pub(super) fn log_failed_item(&mut self, item: Path, error: &RunError) {
        let indices: Vec<_> = item.indices().iter().map(u32::to_string).collect();
        let message = format!("item {} failed, the loop goes on: {}", indices.join("."), error.failure);
        self.host.log(Level::Error, error.place, &message);
    }
}

/// Adds what a handler was there for to the failure that it ended with.
fn mention(failure: &mut Failure, handled: &Failure) {
    failure.message = format!("{} (while handling {handled})", failure.message);
    if failure.message.len() > MESSAGE_BYTES_MAX {
        let end = failure.message.floor_char_boundary(MESSAGE_BYTES_MAX);
        failure.message.truncate(end);
    }
}
