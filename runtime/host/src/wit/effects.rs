//! `interface effects`: a handle is one action of the plan; its index is all that the guest holds.

use alcove_plan::{codec::OutcomesWriter, failure::Failure};
use wasmtime::component::Resource;

use crate::{
    batch,
    bindings::alcove::executor::{
        effects::{Host, HostAction},
        failure::Failure as WitFailure,
    },
    ctx::{ActionHandle, RunContext},
    perform,
    stop::limit,
};

impl Host for RunContext {
    async fn perform(&mut self, actions: Vec<Resource<ActionHandle>>, batch: Vec<u8>) -> Result<Vec<u8>, WitFailure> {
        let lent: Vec<usize> =
            actions.iter().map(|handle| usize::try_from(handle.rep()).unwrap_or(usize::MAX)).collect();
        Ok(perform(self, &lent, &batch).await?)
    }
}

impl HostAction for RunContext {
    async fn drop(&mut self, _handle: Resource<ActionHandle>) -> wasmtime::Result<()> {
        // A handle is an index: there is nothing to give back, and no function makes another.
        Ok(())
    }
}

async fn perform(run: &mut RunContext, lent: &[usize], message: &[u8]) -> Result<Vec<u8>, Failure> {
    run.enter()?;
    if run.effects.suspended {
        return Err(run.defect("a batch was sent although an approval before it is not decided"));
    }
    if message.len() > run.limits.message_bytes {
        let failure = limit("message_bytes", run.limits.message_bytes, "a batch of effects takes more than", "bytes");
        return Err(run.fail(failure));
    }
    let prepared = run.prepared.clone();
    let calls = match batch::read(message, lent, &prepared) {
        Ok(calls) => calls,
        Err(error) => return Err(run.defect(format!("a batch of effects: {error}"))),
    };
    run.queries.end_open();
    let outcomes = perform::perform(run, calls).await?;
    let mut answer = OutcomesWriter::new();
    for outcome in &outcomes {
        answer.outcome(outcome);
    }
    Ok(answer.finish())
}
