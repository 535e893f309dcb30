//! What an operator may set about the engine.

use std::time::Duration;

use crate::Planted;

/// The settings of an [`Engine`](crate::Engine).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EngineConfig {
    /// Runs at a time, on this node. Each needs a slot of the sandbox.
    pub runs_max: u32,
    /// Runs at a time of one tenant, unless the tenant's own settings say otherwise.
    pub runs_per_tenant_max: u32,
    /// Units of one tenant that may wait for a commit; whoever brings more waits before it is taken.
    pub units_waiting_per_tenant: usize,
    /// Prepared plans that are kept in memory.
    pub plans_kept: usize,
    /// How long a node's lease lasts; it is renewed every third of it.
    pub lease: Duration,
    /// How long runs may go on after shutdown has begun, before they are given back.
    pub drain: Duration,
    /// How often the work lists are read, whatever has or has not been told: what another node left behind is found.
    pub scan: Duration,
    /// How long accepted events are kept, and so how long a second delivery is recognised.
    pub events_kept: Duration,
    /// How long runs are kept after their end, with their journals. Those that wait, and dead letters, stay.
    pub runs_kept: Duration,
    /// Runs of a tenant that are kept; of more, the oldest that have ended are forgotten before their time.
    pub runs_kept_max: u32,
    /// A defect that is planted on purpose.
    pub planted: Option<Planted>,
}

impl Default for EngineConfig {
    /// | setting | default | because |
    /// |---|---|---|
    /// | `runs_max` | 64 | the slots of an embedded sandbox |
    /// | `runs_per_tenant_max` | 16 | four tenants fill a node |
    /// | `units_waiting_per_tenant` | 1,024 | four commits' worth |
    /// | `plans_kept` | 1,024 | some tens of KiB each |
    /// | `lease` | 10 s | a pause of the machine that is shorter costs nothing |
    /// | `drain` | 5 s | most runs end by then, and a supervisor kills after 10 s |
    /// | `scan` | 1 s | the longest that a run of a dead node waits after its lease |
    /// | `events_kept` | 7 days | the promise of ingestion |
    /// | `runs_kept` | 30 days | somebody who was away for a month still finds them |
    /// | `runs_kept_max` | 1,000,000 | a few GiB |
    fn default() -> Self {
        Self {
            runs_max: 64,
            runs_per_tenant_max: 16,
            units_waiting_per_tenant: 1_024,
            plans_kept: 1_024,
            lease: Duration::from_secs(10),
            drain: Duration::from_secs(5),
            scan: Duration::from_secs(1),
            events_kept: Duration::from_hours(7 * 24),
            runs_kept: Duration::from_hours(30 * 24),
            runs_kept_max: 1_000_000,
            planted: None,
        }
    }
}

impl EngineConfig {
    /// Whether this defect is planted.
    pub(crate) fn has(&self, planted: Planted) -> bool {
        self.planted == Some(planted)
    }
}
