//! What a transition goes by besides the run and the event.

use alcove_plan::{action::Retry, settings::Settings};

/// The moment of a transition.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// What time it is, in microseconds since 1970-01-01T00:00:00Z.
    pub now_us: i64,
    /// Chance, for the spread of retries.
    pub seed: u64,
    /// Failed runs of the app in a row before this one.
    pub failures_in_row: u32,
    /// Whether the app is active: it is paused once.
    pub app_is_active: bool,
    /// What holds for the run.
    pub policy: &'a Policy,
}

/// What holds for a run, from its plan, its trigger and its tenant.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    /// How a failed run is tried again.
    pub retry: Option<Retry>,
    /// Failed runs in a row before the app goes to `error`.
    pub auto_pause_after: u32,
    /// Whether admins hear of each failed run.
    pub notify_on_error: bool,
    /// Whether what started the run is lost with it (an event, a delay): if it fails, it is a dead letter.
    pub keeps_dead_letters: bool,
    /// How many workers in a row may lose the run before it is taken to be what stops them.
    pub leases_lost_max: u32,
    /// Whether the tenant allows people to decide about their own approvals.
    pub own_approvals: bool,
}

impl Policy {
    /// Workers in a row that may lose a run, unless configured otherwise.
    pub const LEASES_LOST_MAX: u32 = 16;

    /// The policy of a plan's settings, for a run and a tenant of which the caller knows the rest.
    pub fn from_settings(settings: &Settings, keeps_dead_letters: bool, own_approvals: bool) -> Self {
        Self {
            retry: settings.retry,
            auto_pause_after: settings.auto_pause_after,
            notify_on_error: settings.notify_on_error,
            keeps_dead_letters,
            leases_lost_max: Self::LEASES_LOST_MAX,
            own_approvals,
        }
    }
}
