//! A run from its first byte to its last.

use alcove_plan::{
    codec::Input,
    envelope::decode_program,
    failure::{Code, Failure},
    program::Program,
};

use crate::{
    effects::Batching,
    entities,
    eval::Evaluator,
    flow,
    halt::{At, Halt, undecodable},
    host::Host,
    report,
    steps::StepRunner,
};

/// The place of what has none of its own: the root of the config.
const ROOT: u32 = 0;

/// How a run ended that did not fail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RunEnd {
    /// All nodes ran. A *report* message.
    Succeeded(Vec<u8>),
    /// The trigger's filter, or the `when` of the delay, refused the event.
    Skipped,
    /// The run came to an approval that is not decided.
    Waiting,
}

/// How a run failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunError {
    /// What happened.
    pub failure: Failure,
    /// Where: an index into the plan's places.
    pub place: u32,
}

/// Runs the program section of a verified plan with an *input* message.
pub fn run(program: &[u8], input: &[u8], host: &mut impl Host) -> Result<RunEnd, RunError> {
    run_batched(program, input, host, Batching::DEFAULT)
}

pub(crate) fn run_batched(
    program: &[u8],
    input: &[u8],
    host: &mut impl Host,
    batching: Batching,
) -> Result<RunEnd, RunError> {
    let defect = |failure| RunError { failure, place: ROOT };
    let program = decode_program(program).map_err(|error| defect(Failure::new(Code::Internal, error)))?;
    let input = Input::decode(input).map_err(|error| defect(undecodable("input", error)))?;
    match phases(&program, &input, host, batching) {
        Ok(end) => Ok(end),
        Err(Halt::Waiting) => Ok(RunEnd::Waiting),
        Err(Halt::Failed(error) | Halt::Late { error, .. } | Halt::Fatal(error)) => Err(error),
    }
}

fn phases(program: &Program, input: &Input, host: &mut impl Host, batching: Batching) -> Result<RunEnd, Halt> {
    let mut eval = Evaluator::new(program, input).at(ROOT)?;
    if !eval.permits(program.filter).at(ROOT)? {
        return Ok(RunEnd::Skipped);
    }
    for entity in &program.entities {
        entities::fetch(entity, &mut eval, host)?;
    }
    let delay = input.delay.and_then(|index| program.delays.get(index.0 as usize));
    if !eval.permits(delay.and_then(|delay| delay.when)).at(ROOT)? {
        return Ok(RunEnd::Skipped);
    }
    let runner = StepRunner::new();
    let mut steps = Vec::with_capacity(program.steps.len());
    for step in &program.steps {
        steps.push(runner.run(step, &mut eval, host)?);
    }
    let items_processed = flow::run_root(&mut eval, host, batching)?;
    Ok(RunEnd::Succeeded(report::encode(&mut eval, &steps, items_processed).at(ROOT)?))
}
