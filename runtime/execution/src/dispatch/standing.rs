//! Which lease a node has.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use alcove_ids::NodeId;
use alcove_store::{Dialect, Statement, tables::nodes};

/// Which lease a node has: what each of its commits has to show. Clones share it.
#[derive(Clone, Debug)]
pub(crate) struct Standing {
    node: NodeId,
    /// Grows with each lease that the node had to ask for anew. Zero: it never had one.
    epoch: Arc<AtomicU64>,
}

impl Standing {
    /// A node that has no lease yet.
    pub(crate) fn new(node: NodeId) -> Self {
        Self { node, epoch: Arc::default() }
    }

    /// Which node.
    pub(crate) fn node(&self) -> &NodeId {
        &self.node
    }

    /// Which of its leases.
    pub(crate) fn epoch(&self) -> u64 {
        self.epoch.load(Ordering::Acquire)
    }

    /// It has got this lease.
    pub(super) fn set_epoch(&self, epoch: u64) {
        self.epoch.store(epoch, Ordering::Release);
    }

    /// Asks whether the lease holds; while the transaction lasts, nobody takes it over.
    pub(crate) fn alive(&self, dialect: Dialect, now_us: i64) -> Statement {
        nodes::alive(dialect, self.node.as_str(), self.epoch(), now_us)
    }
}
