//! Times as RFC 3339.

use alcove_plan::value::Timestamp;

/// Microseconds since 1970-01-01T00:00:00Z as text.
pub(super) fn time(micros: i64) -> String {
    // What is stored was a timestamp once.
    Timestamp::from_micros(micros).map_or_else(String::new, |time| time.to_string())
}
