//! Runs that nobody has any more: they go back into the queue, or are given up.

use std::sync::Arc;

use alcove_journal::transition::{Event, Run, State, Token};
use alcove_store::{
    Dialect, StoreError,
    tables::{
        RowError,
        executions::{self, Held},
        nodes,
    },
};

use tokio_util::sync::CancellationToken;

use super::{Why, paused};
use crate::{
    node::Node,
    transition::{self, TransitError},
};

/// Runs that are taken over in one round.
const ROUND_MAX: u32 = 256;

/// Why a look was not finished. What was done stays done.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TakeoverError {
    /// The database did not do it.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A stored row does not read.
    #[error(transparent)]
    Row(#[from] RowError),
}

/// Looks again and again until it is told to stop.
pub(super) async fn keep_looking(node: Arc<Node>, stop: CancellationToken) {
    loop {
        tokio::select! {
            biased;
            () = stop.cancelled() => return,
            () = tokio::time::sleep(node.config.scan) => {}
        }
        // What fails is looked for again.
        if let Err(error) = look(&node).await {
            tracing::warn!(%error, "runs that nobody has were not looked for");
        }
        if let Err(error) = paused::look(&node).await {
            tracing::warn!(%error, "paused apps were not looked for");
        }
    }
}

/// Looks once: takes dead nodes out, takes over the runs that no node has, gives back the runs that this node is said
/// to have and has not, and tells those to stop that somebody wants to end.
pub(super) async fn look(node: &Node) -> Result<(), TakeoverError> {
    // What fails keeps nobody from the rest.
    let done = [take_out_the_dead(node).await, take_over_orphans(node).await, look_at_own(node).await];
    done.into_iter().collect()
}

/// Takes out the nodes whose leases have ended. Their commits wait for this, or this for them; afterwards all of theirs
/// are refused.
async fn take_out_the_dead(node: &Node) -> Result<(), TakeoverError> {
    let dialect = node.store.dialect();
    if dialect == Dialect::Sqlite {
        // The only other nodes were dead when this one came.
        return Ok(());
    }
    let now_us = node.clock.now().micros();
    let mut transaction = node.store.begin().await?;
    let expired = transaction.enqueue(nodes::expired(dialect, now_us));
    transaction.flush().await?;
    for cells in transaction.take(expired)? {
        let dead = nodes::Row::decode(&cells)?;
        if dead.node == node.standing.node().as_str() {
            // It is alive enough to look: nobody has taken over yet, and the next renewal comes in time.
            continue;
        }
        transaction.enqueue(nodes::delete(dialect, &dead.node, dead.epoch));
    }
    Ok(transaction.commit().await?)
}

async fn take_over_orphans(node: &Node) -> Result<(), TakeoverError> {
    loop {
        let rows = node.store.query(&executions::orphans(node.store.dialect(), ROUND_MAX)).await?;
        let orphans = rows.iter().map(|cells| Held::decode(cells)).collect::<Result<Vec<_>, _>>()?;
        let mut given_back = 0;
        for orphan in &orphans {
            given_back += u32::from(give_back(node, orphan).await?);
        }
        // A round that gets nowhere is for another look: somebody else is at it, or a run does not read.
        if given_back < ROUND_MAX {
            return Ok(());
        }
    }
}

/// A worker that has gone without a word has left its run: it panicked, or could not commit its end.
async fn look_at_own(node: &Node) -> Result<(), TakeoverError> {
    let running = executions::running_of(node.store.dialect(), node.standing.node().as_str());
    for cells in &node.store.query(&running).await? {
        let held = Held::decode(cells)?;
        if !node.dispatcher.has(&held.key.id) {
            give_back(node, &held).await?;
        } else if is_to_be_cancelled(&held) {
            node.dispatcher.interrupt(&held.key.id, Why::Cancelled);
        }
    }
    Ok(())
}

fn is_to_be_cancelled(held: &Held) -> bool {
    Run::decode(&held.run).is_ok_and(|run| matches!(run.state, State::Running { cancelling: Some(_), .. }))
}

/// Takes a run from a worker that is no more. Whether it did: the run may have gone on meanwhile, which its token
/// shows.
async fn give_back(node: &Node, held: &Held) -> Result<bool, TakeoverError> {
    match lease_lost(node, held).await {
        Ok(()) => Ok(true),
        Err(TransitError::Store(error)) => Err(error.into()),
        Err(_) => Ok(false),
    }
}

async fn lease_lost(node: &Node, held: &Held) -> Result<(), TransitError> {
    let tenant = &held.key.tenant;
    let mut transaction = node.store.begin().await?;
    transaction.for_tenant(tenant.as_str());
    let event = Event::LeaseLost { token: Token(held.token) };
    let after = transition::apply_in(&mut transaction, node, tenant, &held.key.id, event).await?;
    transaction.commit().await?;
    node.wakes.tell(after);
    Ok(())
}
