//! When a schedule is due: five fields of cron in a time zone, at most once a minute.
//!
//! The library reads expressions and finds days and times in the calendar; a zone's clock changes follow two rules:
//! - An expression that **names times of day** (no `*` in minute and hour, such as `30 2 * * MON`) keeps each of them:
//!   a time that the clock skips is due at the first instant after the gap, one that the clock shows twice is due once,
//!   the first time. Several that fall into one gap are due together, once.
//! - An expression that **names a pace** (`*/15 * * * *`, `0 * * * *`) follows elapsed time: it skips what the clock
//!   skips and is due in both passes of what the clock repeats, so that it neither hurries nor pauses.

mod error;

use alcove_plan::value::Timestamp;
use croner::{
    Cron,
    parser::{CronParser, Seconds, Year},
};
use jiff::{
    civil::DateTime,
    tz::{AmbiguousOffset, TimeZone, TimeZoneDatabase},
};

pub use error::ScheduleError;

/// Missed ticks are counted one by one up to this number; a count that reaches it stands for that many or more.
pub const MISSED_MAX: u64 = 10_000;

/// A schedule in its zone.
#[derive(Clone, Debug)]
pub struct Schedule {
    cron: Cron,
    zone: TimeZone,
    names_times: bool,
}

/// What is due of a schedule that was not looked at for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// The latest tick.
    pub at: Timestamp,
    /// Ticks before it that nobody ran, up to [`MISSED_MAX`].
    pub missed: u64,
}

impl Schedule {
    /// Reads an expression of five fields and the IANA name of a zone.
    pub fn parse(cron: &str, zone: &str) -> Result<Self, ScheduleError> {
        let invalid = |reason: String| ScheduleError::Cron { cron: cron.to_owned(), reason };
        let fields: Vec<&str> = cron.split_whitespace().collect();
        let [minute, hour, _, _, _] = fields.as_slice() else {
            return Err(invalid(format!("it has {} fields, not 5", fields.len())));
        };
        let names_times = !minute.contains('*') && !hour.contains('*');
        let parser = CronParser::builder().seconds(Seconds::Disallowed).year(Year::Disallowed).build();
        let cron = parser.parse(cron).map_err(|error| invalid(error.to_string()))?;
        let zone = TimeZoneDatabase::bundled().get(zone).map_err(|_| ScheduleError::Zone { name: zone.to_owned() })?;
        Ok(Self { cron, zone, names_times })
    }

    /// The first tick after an instant; `None` where there is none (`0 0 30 2 *`), or none before the year 5000.
    pub fn next_after(&self, after: Timestamp) -> Option<Timestamp> {
        if self.names_times { self.next_named(after) } else { self.next_of_pace(after) }
    }

    /// The latest tick from `from` to `to`, both included, and how many come before it; `None` if there is none.
    pub fn missed(&self, from: Timestamp, to: Timestamp) -> Option<Due> {
        let before = Timestamp::from_micros(from.micros().checked_sub(1)?)?;
        let mut at = self.next_after(before).filter(|at| *at <= to)?;
        let mut missed = 0;
        while missed < MISSED_MAX {
            let Some(next) = self.next_after(at).filter(|next| *next <= to) else { return Some(Due { at, missed }) };
            at = next;
            missed += 1;
        }
        Some(Due { at: self.latest(to).unwrap_or(at), missed })
    }

    /// The latest tick up to `to` of a schedule that has ticked before: looks back twice as far each time.
    fn latest(&self, to: Timestamp) -> Option<Timestamp> {
        let mut back_micros: i64 = 60_000_000;
        loop {
            let from = Timestamp::from_micros(to.micros().checked_sub(back_micros)?)?;
            if let Some(first) = self.next_after(from).filter(|at| *at <= to) {
                let ticks = std::iter::successors(Some(first), |at| self.next_after(*at).filter(|next| *next <= to));
                return ticks.last();
            }
            back_micros = back_micros.checked_mul(2)?;
        }
    }

    /// The calendar is searched by the clock on the wall; each time found is then placed on the line of instants, which
    /// keeps its order.
    fn next_named(&self, after: Timestamp) -> Option<Timestamp> {
        let mut wall = self.zone.to_datetime(after.instant());
        loop {
            wall = self.cron.find_next_occurrence(&wall, false).ok()?;
            let at = self.instant_of(wall)?;
            if at > after {
                return Some(at);
            }
        }
    }

    fn next_of_pace(&self, after: Timestamp) -> Option<Timestamp> {
        let start = after.instant().to_zoned(self.zone.clone());
        let next = self.cron.find_next_occurrence(&start, false).ok()?;
        Timestamp::from_micros(next.timestamp().as_microsecond())
    }

    /// When a time on the wall is due: the first of two, and the end of the gap for one that never comes.
    fn instant_of(&self, wall: DateTime) -> Option<Timestamp> {
        let ambiguous = self.zone.to_ambiguous_timestamp(wall);
        let instant = match ambiguous.offset() {
            AmbiguousOffset::Unambiguous { offset } => offset.to_timestamp(wall).ok()?,
            AmbiguousOffset::Fold { before, .. } => before.to_timestamp(wall).ok()?,
            AmbiguousOffset::Gap { after, .. } => {
                // By the offset of after the gap the time lies before the change, by less than the gap is wide.
                let before_change = after.to_timestamp(wall).ok()?;
                let mut changes = self.zone.following(before_change);
                changes.find(|change| change.offset() == after)?.timestamp()
            }
        };
        Timestamp::from_micros(instant.as_microsecond())
    }
}
