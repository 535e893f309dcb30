//! The trigger's filter alone: what decides whether an event makes a run.

use alcove_plan::{codec::Input, failure::Failure, program::Program};

use crate::eval::Evaluator;

/// Whether the program's filter lets an event through; a program without a filter lets every event through.
///
/// Bounded as in a run: it evaluates one expression, which has no loops. Nothing is read or changed.
pub fn matches(program: &Program, input: &Input) -> Result<bool, Failure> {
    match program.filter {
        None => Ok(true),
        Some(filter) => Evaluator::new(program, input)?.holds(filter),
    }
}
