//! Schedules: the cases of `tests/cron/`, and every minute around clock changes by brute force.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test whose help cannot go on has failed")]

use alcove_catalog::Catalog;
use alcove_compiler::compile;
use alcove_plan::value::Timestamp;
use alcove_trigger::cron::{Due, MISSED_MAX, Schedule, ScheduleError};
use jiff::{
    Span, ToSpan,
    civil::{DateTime, Weekday},
    tz::{TimeZone, TimeZoneDatabase},
};
use proptest::prelude::*;
use serde_json::json;

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap_or_else(|| panic!("`{text}` is no timestamp"))
}

fn minutes_after(at: Timestamp, minutes: i64) -> Timestamp {
    Timestamp::from_micros(at.micros() + minutes * 60_000_000).unwrap()
}

/// Runs the cases of a file; the number of them.
fn check_cases(file: &str, text: &str) -> usize {
    let blocks = text.split("\n\n").filter(|block| !block.trim().is_empty());
    blocks.map(|block| check_case(file, block)).count()
}

fn check_case(file: &str, block: &str) {
    let mut lines = block.lines();
    let what = lines.next().and_then(|line| line.strip_prefix("# ")).unwrap_or_else(|| panic!("{file}: {block}"));
    let (cron, zone) = lines.next().and_then(|line| line.split_once(" | ")).unwrap();
    let mut schedules = vec![(cron, Schedule::parse(cron, zone).unwrap())];
    let mut reached = Vec::new();
    for line in lines {
        if line == "ends" {
            for ((cron, schedule), after) in schedules.iter().zip(&reached) {
                assert_eq!(schedule.next_after(*after), None, "{file}: {what}: `{cron}` after {after}");
            }
            continue;
        }
        let (word, rest) = line.split_once(' ').unwrap();
        match word {
            "same" => schedules.push((rest, Schedule::parse(rest, zone).unwrap())),
            "after" => reached = vec![at(rest); schedules.len()],
            "due" => {
                for ((cron, schedule), after) in schedules.iter().zip(&mut reached) {
                    let next = schedule.next_after(*after);
                    assert_eq!(next, Some(at(rest)), "{file}: {what}: `{cron}` after {after}");
                    *after = at(rest);
                }
            }
            other => panic!("{file}: unknown word `{other}`"),
        }
    }
    assert!(!reached.is_empty(), "{file}: {what}: a case needs `after`");
}

#[test]
fn the_librarys_own_cases_hold() {
    assert_eq!(check_cases("library-calendar.txt", include_str!("cron/library-calendar.txt")), 36);
    assert_eq!(check_cases("library-clock-changes.txt", include_str!("cron/library-clock-changes.txt")), 14);
}

#[test]
fn clock_changes_follow_the_two_rules() {
    assert_eq!(check_cases("clock-changes.txt", include_str!("cron/clock-changes.txt")), 25);
}

#[test]
fn leap_days_month_ends_and_weekdays_are_found() {
    assert_eq!(check_cases("calendar.txt", include_str!("cron/calendar.txt")), 10);
}

#[test]
fn a_schedule_without_a_further_tick_ends() {
    assert_eq!(check_cases("ends.txt", include_str!("cron/ends.txt")), 4);
}

/// Whether the compiler takes an expression.
fn compiles(cron: &str) -> bool {
    let app = json!({
        "schema": "alcove/app@1", "name": "Test", "trigger": {"type": "scheduled", "cron": cron},
        "actions": [{"type": "delete_state", "params": {"key": "a"}}],
    });
    !compile(app.to_string().as_bytes(), Catalog::shipped()).failed()
}

#[test]
fn the_compiler_and_the_schedule_take_and_refuse_the_same_expressions() {
    for cron in include_str!("cron/accepted.txt").lines() {
        assert!(compiles(cron), "`{cron}` should compile");
        assert!(Schedule::parse(cron, "UTC").is_ok(), "`{cron}` should be a schedule");
    }
    for cron in include_str!("cron/refused.txt").lines() {
        assert!(!compiles(cron), "`{cron}` should not compile");
        let refused = Schedule::parse(cron, "UTC");
        assert!(matches!(refused, Err(ScheduleError::Cron { .. })), "`{cron}` should be no schedule");
    }
}

#[test]
fn a_zone_that_is_not_known_is_refused() {
    let refused = Schedule::parse("0 8 * * *", "Europe/Atlantis").unwrap_err();
    assert_eq!(refused.to_string(), "the time zone `Europe/Atlantis` is not known");
}

#[test]
fn missed_ticks_are_the_latest_and_how_many_came_before_it() {
    let hourly = Schedule::parse("0 * * * *", "UTC").unwrap();
    let due = at("2026-01-01T08:00:00Z");
    let missed = |to: &str| hourly.missed(due, at(to));
    assert_eq!(missed("2026-01-01T07:59:59.999999Z"), None);
    assert_eq!(missed("2026-01-01T08:00:00Z"), Some(Due { at: due, missed: 0 }));
    assert_eq!(missed("2026-01-01T08:59:59.999999Z"), Some(Due { at: due, missed: 0 }));
    assert_eq!(missed("2026-01-01T09:00:00Z"), Some(Due { at: at("2026-01-01T09:00:00Z"), missed: 1 }));
    assert_eq!(missed("2026-01-03T08:30:00Z"), Some(Due { at: at("2026-01-03T08:00:00Z"), missed: 48 }));
}

#[test]
fn a_missed_hour_that_repeats_counts_as_the_schedule_runs_it() {
    let (from, to) = (at("2026-10-25T00:00:00+02:00"), at("2026-10-25T04:00:00+01:00"));
    let missed = |cron: &str| Schedule::parse(cron, "Europe/Paris").unwrap().missed(from, to);
    assert_eq!(missed("0 * * * *"), Some(Due { at: to, missed: 5 }));
    assert_eq!(missed("0 0-4 * * *"), Some(Due { at: to, missed: 4 }));
}

#[test]
fn the_count_of_missed_ticks_stops_at_its_bound_and_the_latest_is_still_found() {
    let minutely = Schedule::parse("* * * * *", "UTC").unwrap();
    let from = at("2020-01-01T00:00:00Z");
    let bound = i64::try_from(MISSED_MAX).unwrap();
    for (minutes, missed) in [(bound - 1, MISSED_MAX - 1), (bound, MISSED_MAX), (bound + 1, MISSED_MAX)] {
        let to = minutes_after(from, minutes);
        assert_eq!(minutely.missed(from, to), Some(Due { at: to, missed }));
    }
    let late = at("2026-07-01T12:34:56Z");
    assert_eq!(minutely.missed(from, late), Some(Due { at: at("2026-07-01T12:34:00Z"), missed: MISSED_MAX }));
}

/// Minutes or hours of a generated expression.
#[derive(Clone, Debug)]
enum Field {
    Any,
    Step(i8),
    These(Vec<i8>),
}

impl Field {
    fn text(&self) -> String {
        match self {
            Self::Any => "*".to_owned(),
            Self::Step(step) => format!("*/{step}"),
            Self::These(values) => values.iter().map(ToString::to_string).collect::<Vec<_>>().join(","),
        }
    }

    fn holds(&self, value: i8) -> bool {
        match self {
            Self::Any => true,
            Self::Step(step) => value % step == 0,
            Self::These(values) => values.contains(&value),
        }
    }
}

/// A generated expression: minute, hour, and whether only on Sundays.
#[derive(Clone, Debug)]
struct Generated {
    minute: Field,
    hour: Field,
    sundays: bool,
}

impl Generated {
    fn text(&self) -> String {
        format!("{} {} * * {}", self.minute.text(), self.hour.text(), if self.sundays { "SUN" } else { "*" })
    }

    fn names_times(&self) -> bool {
        matches!((&self.minute, &self.hour), (Field::These(_), Field::These(_)))
    }

    fn shows(&self, wall: DateTime) -> bool {
        self.minute.holds(wall.minute())
            && self.hour.holds(wall.hour())
            && (!self.sundays || wall.weekday() == Weekday::Sunday)
    }

    /// Whether a minute is a tick, by the words of the rule.
    fn is_due(&self, zone: &TimeZone, minute: Timestamp) -> bool {
        let wall = zone.to_datetime(minute.instant());
        if !self.names_times() {
            return self.shows(wall);
        }
        let first = zone.to_ambiguous_timestamp(wall).earlier().unwrap() == minute.instant();
        let before = zone.to_datetime(minutes_after(minute, -1).instant());
        let skipped = std::iter::successors(Some(before), |wall| Some(minute_later(*wall))).skip(1);
        let mut skipped = skipped.take_while(|skipped| *skipped < wall);
        (first && self.shows(wall)) || skipped.any(|wall| self.shows(wall))
    }
}

fn minute_later(wall: DateTime) -> DateTime {
    let minute: Span = 1.minute();
    wall.checked_add(minute).unwrap()
}

fn field(max: i8) -> impl Strategy<Value = Field> {
    prop_oneof![
        1 => Just(Field::Any),
        1 => (2..max).prop_map(Field::Step),
        3 => prop::collection::btree_set(0..max, 1..4).prop_map(|values| Field::These(values.into_iter().collect())),
    ]
}

/// Hours near the changes, so that most expressions meet them.
fn hour() -> impl Strategy<Value = Field> {
    let near = prop::collection::btree_set(prop::sample::select(vec![0_i8, 1, 2, 3, 23]), 1..4);
    prop_oneof![field(24), near.prop_map(|hours| Field::These(hours.into_iter().collect()))]
}

/// A zone, and a minute less than a day before one of its changes.
fn before_a_change() -> impl Strategy<Value = (&'static str, Timestamp)> {
    let changes = vec![
        ("Europe/Paris", "2026-03-29T01:00:00Z"),
        ("Europe/Paris", "2026-10-25T01:00:00Z"),
        ("America/New_York", "2026-03-08T07:00:00Z"),
        ("America/New_York", "2026-11-01T06:00:00Z"),
        ("Australia/Lord_Howe", "2026-04-04T15:00:00Z"),
        ("Australia/Lord_Howe", "2026-10-03T15:30:00Z"),
        ("America/Santiago", "2026-04-05T03:00:00Z"),
        ("America/Santiago", "2026-09-06T04:00:00Z"),
        ("Africa/Cairo", "2026-04-23T22:00:00Z"),
        ("Africa/Cairo", "2026-10-29T21:00:00Z"),
        ("Pacific/Apia", "2011-12-30T10:00:00Z"),
    ];
    (prop::sample::select(changes), 0..24 * 60_i64)
        .prop_map(|((zone, change), before)| (zone, minutes_after(at(change), -before)))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn the_next_tick_is_the_first_minute_that_is_one(
        minute in field(60),
        hour in hour(),
        sundays in prop::bool::weighted(0.2),
        (zone, start) in before_a_change(),
    ) {
        let generated = Generated { minute, hour, sundays };
        let schedule = Schedule::parse(&generated.text(), zone).unwrap();
        let zone = TimeZoneDatabase::bundled().get(zone).unwrap();
        let mut expected = schedule.next_after(start);
        for minutes in 1..=2 * 24 * 60 {
            let minute = minutes_after(start, minutes);
            let is_due = generated.is_due(&zone, minute);
            prop_assert_eq!(is_due, expected == Some(minute), "`{}` at {}", generated.text(), minute);
            if is_due {
                expected = schedule.next_after(minute);
            }
        }
    }
}
