//! A *batch* message, read and checked whole before its first call is performed.

use alcove_plan::codec::{BatchReader, CallHeader, DecodeError};

use crate::{
    backend::Call,
    check::{Misfit, fit},
    prepared::Prepared,
};

/// Why a batch is refused.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BatchError {
    /// Not a batch, or one of too many calls.
    #[error(transparent)]
    Malformed(#[from] DecodeError),
    /// A call names an action that was not lent with the batch.
    #[error("call {call} names action {action} of {lent}")]
    Action {
        /// Which call.
        call: usize,
        /// The position that it names.
        action: u32,
        /// The number of actions that were lent.
        lent: usize,
    },
    /// The indices are not those of the loops around the action.
    #[error("call {call} has indices {found:?}, but the loops around its action have {loops:?} items at most")]
    Indices {
        /// Which call.
        call: usize,
        /// What it says.
        found: Vec<u32>,
        /// Items of the loops, outermost first.
        loops: Vec<u32>,
    },
    /// A value does not fit its hole.
    #[error("call {call}, hole {hole}: {misfit}")]
    Value {
        /// Which call.
        call: usize,
        /// Which hole.
        hole: usize,
        /// Why.
        misfit: Misfit,
    },
}

/// Reads a batch. `lent` are the actions, by index in the plan, that its positions refer to.
pub(crate) fn read(bytes: &[u8], lent: &[usize], prepared: &Prepared) -> Result<Vec<Call>, BatchError> {
    let mut reader = BatchReader::new(bytes)?;
    let mut calls = Vec::with_capacity(reader.calls_left());
    while let Some(header) = reader.next_call()? {
        let call = read_call(&mut reader, calls.len(), header, lent, prepared)?;
        calls.push(call);
    }
    Ok(calls)
}

fn read_call(
    reader: &mut BatchReader<'_>,
    call: usize,
    header: CallHeader,
    lent: &[usize],
    prepared: &Prepared,
) -> Result<Call, BatchError> {
    let position = usize::try_from(header.action).ok().and_then(|position| lent.get(position)).copied();
    let Some((action, shape)) = position.and_then(|action| Some((action, prepared.actions.get(action)?))) else {
        return Err(BatchError::Action { call, action: header.action, lent: lent.len() });
    };
    let indices = header.indices;
    let fits =
        indices.len() == shape.loops.len() && indices.iter().zip(&shape.loops).all(|(index, items)| index < items);
    if !fits {
        return Err(BatchError::Indices { call, found: indices, loops: shape.loops.clone() });
    }
    let mut values = Vec::with_capacity(shape.holes.len());
    for (position, hole) in shape.holes.iter().enumerate() {
        let value = fit(reader.value()?, *hole);
        values.push(value.map_err(|misfit| BatchError::Value { call, hole: position, misfit })?);
    }
    Ok(Call { action, indices, values })
}
