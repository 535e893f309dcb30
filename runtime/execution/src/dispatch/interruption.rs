//! How a run that is on this node is told to stop.

use std::sync::{Arc, OnceLock};

use alcove_host::CancellationToken;

/// Why a run is to stop at its next host call or epoch tick.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Why {
    /// Somebody wants it to end. That is durable: the transition of whatever its worker says next ends it as cancelled.
    Cancelled,
    /// It is given back, and goes on later, here or on another node. Its worker says so (`Event::Yielded`).
    GivenBack,
    /// The node has lost its lease: nothing of the run can be committed, and its worker says nothing.
    LeaseLost,
}

/// How one run is told to stop. Clones mean the same run.
#[derive(Clone, Debug, Default)]
pub(crate) struct Interruption {
    cancel: CancellationToken,
    why: Arc<OnceLock<Why>>,
}

impl Interruption {
    /// What the sandbox looks at.
    pub(crate) fn cancel(&self) -> CancellationToken {
        self.cancel.clone()
    }

    /// Why the run is to stop; `None`: it is not.
    pub(crate) fn why(&self) -> Option<Why> {
        self.why.get().copied()
    }

    /// Tells the run to stop. The first reason stays.
    pub(super) fn interrupt(&self, why: Why) {
        // A second reason comes too late: the run is stopping already.
        let _ = self.why.set(why);
        self.cancel.cancel();
    }
}
