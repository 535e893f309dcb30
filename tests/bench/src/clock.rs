//! The one place that asks the clock.

use std::time::Instant;

/// The current instant.
#[expect(clippy::disallowed_methods, reason = "durations are what this program is for")]
pub(crate) fn now() -> Instant {
    Instant::now()
}
