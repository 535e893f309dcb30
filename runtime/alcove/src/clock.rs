//! The one place of the binary that asks what time it is; from here on time is an argument.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

use alcove_plan::value::Timestamp;

/// The current instant; the epoch on a machine whose clock stands before it.
#[expect(clippy::disallowed_methods, reason = "the edge of the program reads the clock once and passes it on")]
pub(crate) fn now() -> Option<Timestamp> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_micros(i64::try_from(since.as_micros()).ok()?)
}

/// A stopwatch for what the demo reports.
#[expect(clippy::disallowed_methods, reason = "durations that a person reads; nothing depends on them")]
pub(crate) fn stopwatch() -> Instant {
    Instant::now()
}
