//! Instants.

use core::fmt;

/// An instant: microseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(
    // INVARIANT: within jiff's range (years -9999 to 9999); upheld by `from_micros`.
    jiff::Timestamp,
);

impl Timestamp {
    /// The instant `micros` microseconds after the epoch; `None` outside years -9999 to 9999.
    pub fn from_micros(micros: i64) -> Option<Self> {
        jiff::Timestamp::from_microsecond(micros).ok().map(Self)
    }

    /// Microseconds since the epoch.
    pub fn micros(self) -> i64 {
        self.0.as_microsecond()
    }

    /// Reads RFC 3339. Digits beyond microseconds are cut.
    pub fn parse(text: &str) -> Option<Self> {
        let instant: jiff::Timestamp = text.parse().ok()?;
        Self::from_micros(instant.as_microsecond())
    }

    /// The instant for calendar arithmetic.
    pub fn instant(self) -> jiff::Timestamp {
        self.0
    }
}

/// RFC 3339 in UTC, with a fraction only where there is one.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}
