//! The tasks of the dispatcher.

use std::sync::Arc;

use alcove_store::Dialect;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{
    Reach, Why,
    lease::{self, LeaseError},
    read, start, takeover,
};
use crate::node::Node;

/// The tasks of the dispatcher, which go on until they are [shut down](Self::shut_down).
#[derive(Debug)]
pub(crate) struct Dispatching {
    /// Those that find runs and start them.
    starting: CancellationToken,
    /// Those that keep the lease and look after runs, which workers need to their end.
    keeping: CancellationToken,
    tasks: TaskTracker,
    workers: TaskTracker,
}

impl Dispatching {
    /// Gets the node its lease and starts to run what is queued. On SQLite, runs that a process before this one has
    /// left are queued again first.
    pub(crate) async fn start(node: &Arc<Node>) -> Result<Self, LeaseError> {
        lease::register(node).await?;
        // What fails is looked for again.
        let _ = takeover::look(node).await;
        let (starting, keeping) = (CancellationToken::new(), CancellationToken::new());
        let (tasks, workers) = (TaskTracker::new(), TaskTracker::new());
        if node.store.dialect() == Dialect::Postgres {
            tasks.spawn(lease::keep(Arc::clone(node), keeping.clone()));
        }
        tasks.spawn(takeover::keep_looking(Arc::clone(node), keeping.clone()));
        tasks.spawn(read::run(Arc::clone(node), starting.clone()));
        tasks.spawn(start::run(Arc::clone(node), workers.clone(), starting.clone()));
        Ok(Self { starting, keeping, tasks, workers })
    }

    /// Starts nothing more; gives runs the configured time to end, then has them given back; gives the lease back last,
    /// so that whatever is left is taken over at once.
    pub(crate) async fn shut_down(self, node: &Arc<Node>) -> Result<(), LeaseError> {
        let dispatcher = &node.dispatcher;
        dispatcher.close();
        self.starting.cancel();
        if tokio::time::timeout(node.config.drain, dispatcher.empty()).await.is_err() {
            dispatcher.interrupt_all(&Reach::Node, Why::GivenBack);
            // A run that does not stop is taken over like one of a dead node.
            let _ = tokio::time::timeout(node.config.drain, dispatcher.empty()).await;
        }
        self.keeping.cancel();
        self.tasks.close();
        self.tasks.wait().await;
        self.workers.close();
        lease::give_back(node).await
    }
}
