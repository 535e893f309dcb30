//! Windows of time: the hours and days of UTC.

/// How long something is counted before it begins anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Window {
    /// From one full hour to the next.
    Hour,
    /// From midnight to midnight.
    Day,
}

impl Window {
    /// How long it is, in microseconds.
    pub(crate) fn us(self) -> i64 {
        match self {
            Self::Hour => 3_600_000_000,
            Self::Day => 86_400_000_000,
        }
    }

    /// How long it is, in seconds.
    pub fn seconds(self) -> i64 {
        self.us() / 1_000_000
    }

    /// When the window began that this time is in. All times are in microseconds since 1970-01-01T00:00:00Z.
    pub(crate) fn start(self, now_us: i64) -> i64 {
        now_us.saturating_sub(now_us.rem_euclid(self.us()))
    }

    /// When the window ends that this time is in, and the next one begins.
    pub(crate) fn end(self, now_us: i64) -> i64 {
        self.start(now_us).saturating_add(self.us())
    }
}

#[cfg(test)]
mod tests {
    use alcove_plan::value::Timestamp;

    use super::Window;

    fn at(text: &str) -> i64 {
        Timestamp::parse(text).unwrap().micros()
    }

    #[test]
    fn windows_are_the_hours_and_days_of_utc_and_leave_no_gap() {
        let cases = [
            (Window::Hour, "2026-11-20T12:00:00Z", "2026-11-20T12:00:00Z", "2026-11-20T13:00:00Z"),
            (Window::Hour, "2026-11-20T12:59:59.999999Z", "2026-11-20T12:00:00Z", "2026-11-20T13:00:00Z"),
            (Window::Day, "2026-11-20T00:00:00Z", "2026-11-20T00:00:00Z", "2026-11-21T00:00:00Z"),
            (Window::Day, "2026-11-20T23:59:59.999999Z", "2026-11-20T00:00:00Z", "2026-11-21T00:00:00Z"),
            (Window::Day, "1969-12-31T23:59:59Z", "1969-12-31T00:00:00Z", "1970-01-01T00:00:00Z"),
        ];
        for (window, now, start, end) in cases {
            assert_eq!((window.start(at(now)), window.end(at(now))), (at(start), at(end)), "{now}");
        }
    }
}
