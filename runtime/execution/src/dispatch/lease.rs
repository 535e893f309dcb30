//! Keeps the node alive in the eyes of the others.
//!
//! Where nodes share a database, each has a lease in its time, which it renews three times before it ends. A node whose
//! lease has ended is given up: another one takes its runs over. It learns of that when its commits are refused and
//! when it renews, stops what it was running, and asks for a new lease. Who has an SQLite database has it for itself:
//! its lease does not end, and at its start there is no other node.

use std::{sync::Arc, time::Duration};

use alcove_store::{
    Dialect, StoreError,
    tables::{RowError, nodes},
};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::{Reach, Why};
use crate::node::Node;

/// How often a lease is renewed before it ends.
const RENEWALS: u32 = 3;

/// The lease of a node that nobody can take over, in microseconds: longer than any machine lasts.
const ENDLESS_US: i64 = 1 << 55;

/// Why a node has no lease.
#[derive(Debug, thiserror::Error)]
pub enum LeaseError {
    /// The database did not give one.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A stored row does not read.
    #[error(transparent)]
    Row(#[from] RowError),
    /// Another process goes by the same name.
    #[error("the node `{node}` is running already, as another process")]
    Taken {
        /// Its name.
        node: String,
    },
}

/// Gets the node its first lease, or the next one: from whoever had its name before, who is dead. What other leases
/// there are is left alone, except on SQLite, where their nodes are dead too.
pub(super) async fn register(node: &Node) -> Result<(), LeaseError> {
    let dialect = node.store.dialect();
    let (name, had) = (node.standing.node().as_str(), node.standing.epoch());
    let mut transaction = node.store.begin().await?;
    let all = transaction.enqueue(nodes::list(dialect));
    transaction.flush().await?;
    let all = transaction.take(all)?;
    let all = all.iter().map(|cells| nodes::Row::decode(cells)).collect::<Result<Vec<_>, _>>()?;
    let known = all.iter().find(|row| row.node == name).map_or(0, |row| row.epoch);
    let taken = || LeaseError::Taken { node: name.to_owned() };
    if had != 0 && known > had {
        return Err(taken());
    }
    // Also later than those of which nothing is known any more, as far as clocks go.
    let epoch = had.max(known).max(u64::try_from(now_us(node)).unwrap_or_default()) + 1;
    let registered = transaction.enqueue(nodes::register(dialect, name, epoch, lease_us(node), now_us(node)));
    if dialect == Dialect::Sqlite {
        for dead in all.iter().filter(|row| row.node != name) {
            transaction.enqueue(nodes::delete(dialect, &dead.node, dead.epoch));
        }
    }
    transaction.flush().await?;
    if transaction.take(registered)?.is_empty() {
        return Err(taken());
    }
    transaction.commit().await?;
    node.standing.set_epoch(epoch);
    Ok(())
}

/// Gives the lease back: whatever the node was running is taken over at once.
pub(super) async fn give_back(node: &Node) -> Result<(), LeaseError> {
    let mut transaction = node.store.begin().await?;
    transaction.enqueue(nodes::delete(node.store.dialect(), node.standing.node().as_str(), node.standing.epoch()));
    Ok(transaction.commit().await?)
}

/// Renews the lease until it is told to stop.
pub(super) async fn keep(node: Arc<Node>, stop: CancellationToken) {
    let renew_every = node.config.lease / RENEWALS;
    let mut held_until = Instant::now() + node.config.lease;
    let mut pause = renew_every;
    loop {
        tokio::select! {
            biased;
            () = stop.cancelled() => return,
            () = tokio::time::sleep(pause) => {}
        }
        let asked = Instant::now();
        pause = renew_every;
        match tokio::time::timeout(node.config.lease, renew_or_register(&node)).await {
            Ok(Ok(())) => held_until = asked + node.config.lease,
            // The database may be back before the lease ends.
            Ok(Err(_)) | Err(_) if Instant::now() < held_until => pause = renew_every / RENEWALS,
            Ok(Err(_)) | Err(_) => lose(&node),
        }
    }
}

/// Renews the lease; if somebody has taken it over, gets another one, with nothing running.
async fn renew_or_register(node: &Node) -> Result<(), LeaseError> {
    if renew(node).await? {
        return Ok(());
    }
    lose(node);
    register(node).await
}

/// Whether the lease was renewed; if not, somebody has taken over.
async fn renew(node: &Node) -> Result<bool, LeaseError> {
    let dialect = node.store.dialect();
    let (name, epoch) = (node.standing.node().as_str(), node.standing.epoch());
    let mut transaction = node.store.begin().await?;
    let renewed = transaction.enqueue(nodes::renew(dialect, name, epoch, lease_us(node), now_us(node)));
    transaction.flush().await?;
    let is_renewed = !transaction.take(renewed)?.is_empty();
    transaction.commit().await?;
    Ok(is_renewed)
}

/// The lease has ended: what runs here may be running elsewhere, and must not have another effect.
fn lose(node: &Node) {
    node.dispatcher.interrupt_all(&Reach::Node, Why::LeaseLost);
}

fn lease_us(node: &Node) -> i64 {
    match node.store.dialect() {
        Dialect::Sqlite => ENDLESS_US,
        Dialect::Postgres => micros(node.config.lease),
    }
}

fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(ENDLESS_US).min(ENDLESS_US)
}

fn now_us(node: &Node) -> i64 {
    node.clock.now().micros()
}
