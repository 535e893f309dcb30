//! Places in windows to come, for runs that do not fit into this one.
//!
//! A run that is put off is counted at once in the first window that has room for it. So its turn comes in order, is
//! sure, and needs no second look.

use std::collections::BTreeMap;

use alcove_store::{Transaction, tables::counters};

use super::{
    AdmitError,
    rooms::{Counter, amount},
};
use crate::Tier;

/// How many windows ahead a place may be: a week of hours.
const WINDOWS_MAX: usize = 168;
/// How often others may take the same places at the same time before it is given up, and done again from the beginning.
const TRIES_MAX: u32 = 4;

/// A place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// When its window begins, in microseconds since 1970-01-01T00:00:00Z.
    pub(super) window_start: i64,
    /// How many places of the window come before it.
    pub(super) position: i64,
}

/// Takes up to so many places after the window of a counter that is full, in order. There are fewer if the windows that
/// may be looked at are full too.
pub(super) async fn take(
    transaction: &mut Transaction,
    full: &Counter,
    tier: Tier,
    wanted: usize,
) -> Result<Vec<Place>, AdmitError> {
    let Some((window, limit)) = full.resource.window().zip(full.resource.amount(tier)) else { return Ok(Vec::new()) };
    let limit = amount(limit);
    for _ in 0..TRIES_MAX {
        let known = counters::from(transaction.dialect(), &full.tenant, full.window_start);
        let rows = transaction.query(&known.sql, &known.params).await?;
        let mut taken = BTreeMap::new();
        for row in rows {
            let row = counters::Row::decode(&row)?;
            if Counter::of(&row).is_some_and(|counter| counter.resource == full.resource) {
                taken.insert(row.window_start, row.value);
            }
        }
        let windows = std::iter::successors(Some(full.window_start), |start| start.checked_add(window.us()));
        let free = windows.skip(1).take(WINDOWS_MAX).flat_map(|window_start| {
            let first = taken.get(&window_start).copied().unwrap_or(0);
            (first..limit).map(move |position| Place { window_start, position })
        });
        let places: Vec<Place> = free.take(wanted).collect();
        if count(transaction, full, &places, limit).await? {
            return Ok(places);
        }
    }
    Err(AdmitError::Crowded)
}

/// Counts the places; false if somebody else has taken one of them meanwhile, and nothing is counted.
async fn count(
    transaction: &mut Transaction,
    full: &Counter,
    places: &[Place],
    limit: i64,
) -> Result<bool, AdmitError> {
    let mut counts: BTreeMap<i64, i64> = BTreeMap::new();
    for place in places {
        *counts.entry(place.window_start).or_default() += 1;
    }
    let rows = |sign: i64| -> Vec<counters::Row> {
        let counter = |window_start| Counter { window_start, ..full.clone() };
        counts.iter().map(|(window_start, count)| counter(*window_start).row(sign * count)).collect()
    };
    if counts.is_empty() {
        return Ok(true);
    }
    let add = counters::add(transaction.dialect(), &rows(1));
    for row in transaction.query(&add.sql, &add.params).await? {
        if counters::Row::decode(&row)?.value > limit {
            let take_back = counters::add(transaction.dialect(), &rows(-1));
            transaction.query(&take_back.sql, &take_back.params).await?;
            return Ok(false);
        }
    }
    Ok(true)
}
