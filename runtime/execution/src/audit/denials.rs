//! Refusals that are counted.

use std::{
    collections::BTreeMap,
    error::Error,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use alcove_ids::TenantId;
use alcove_plan::value::Timestamp;
use alcove_store::{StoreError, audit};
use serde_json::json;
use tokio_util::sync::CancellationToken;

use super::log::append;
use crate::node::Node;

/// How long identical refusals are one.
const WINDOW: Duration = Duration::from_mins(1);
/// Different refusals that are told apart at a time; those of a tenant that do not fit are counted together.
const KINDS_MAX: usize = 1_000;

/// Refusals of the last minute.
#[derive(Debug, Default)]
pub(crate) struct Denials(Mutex<BTreeMap<Kind, Window>>);

/// What makes refusals identical.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Kind {
    pub(super) tenant: TenantId,
    /// Who, as JSON.
    pub(super) subject: String,
    pub(super) operation: String,
}

/// Refusals of a kind that count as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Window {
    from_us: i64,
    last_us: i64,
    /// How many came after the first.
    more: u64,
}

impl Denials {
    /// Counts a refusal; `true` if it is the first of its kind in this minute. What came before it in an older minute
    /// is then in the list.
    pub(super) fn count(&self, kind: Kind, now_us: i64) -> (bool, Vec<audit::Note>) {
        let mut windows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_full = windows.len() >= KINDS_MAX && !windows.contains_key(&kind);
        let kind = if is_full { kind.together() } else { kind };
        let before = windows.get(&kind).filter(|window| is_over(window, now_us)).copied();
        if before.is_some() {
            windows.remove(&kind);
        }
        let mut is_first = false;
        let window = windows.entry(kind.clone()).or_insert_with(|| {
            is_first = true;
            Window { from_us: now_us, last_us: now_us, more: 0 }
        });
        if !is_first {
            (window.last_us, window.more) = (now_us, window.more.saturating_add(1));
        }
        (is_first, before.and_then(|before| before.note(&kind)).into_iter().collect())
    }

    /// Closes the minutes that are over at this time, or all of them; gives what there is to write down of them.
    fn close(&self, until_us: Option<i64>) -> Vec<audit::Note> {
        let mut windows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut notes = Vec::new();
        windows.retain(|kind, window| {
            let is_over = until_us.is_none_or(|now_us| is_over(window, now_us));
            notes.extend(window.note(kind).filter(|_| is_over));
            !is_over
        });
        notes
    }
}

/// A clock that was set back ends a minute too.
fn is_over(window: &Window, now_us: i64) -> bool {
    let length_us = i64::try_from(WINDOW.as_micros()).unwrap_or(i64::MAX);
    !(window.from_us..window.from_us.saturating_add(length_us)).contains(&now_us)
}

impl Kind {
    /// All of a tenant that do not fit.
    fn together(self) -> Self {
        Self { tenant: self.tenant, subject: json!({ "kind": "many" }).to_string(), operation: "many".to_owned() }
    }
}

impl Window {
    /// What is written down of those after the first; nothing if there were none.
    fn note(self, kind: &Kind) -> Option<audit::Note> {
        let time = |us| Timestamp::from_micros(us).map(|at| at.to_string());
        let detail = json!({
            "operation": kind.operation, "more": self.more, "from": time(self.from_us), "to": time(self.last_us),
        });
        (self.more > 0).then(|| audit::Note {
            tenant: kind.tenant.clone(),
            at: self.last_us,
            subject: kind.subject.clone(),
            what: "call.denied".to_owned(),
            detail: detail.to_string(),
        })
    }
}

/// Writes down what was counted, minute by minute until it is told to stop, and then all the rest.
pub(crate) async fn run(node: Arc<Node>, stop: CancellationToken) {
    let window_us = i64::try_from(WINDOW.as_micros()).unwrap_or(i64::MAX);
    loop {
        let now = node.clock.now();
        let again = Timestamp::from_micros(now.micros().saturating_add(window_us)).unwrap_or(now);
        tokio::select! {
            biased;
            () = stop.cancelled() => break,
            () = node.clock.sleep_until(again) => {}
        }
        report(write(&node, node.denials.close(Some(node.clock.now().micros()))).await);
    }
    report(write(&node, node.denials.close(None)).await);
}

/// Each tenant's notes are a transaction of their own.
async fn write(node: &Node, notes: Vec<audit::Note>) -> Result<(), StoreError> {
    for notes in notes.chunk_by(|a, b| a.tenant == b.tenant) {
        append(node, notes).await?;
    }
    Ok(())
}

fn report(written: Result<(), StoreError>) {
    if let Err(error) = written {
        tracing::warn!(error = &error as &dyn Error, "the number of refused calls could not be written down");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE_US: i64 = 60_000_000;

    fn kind(subject: &str, operation: &str) -> Kind {
        let tenant = TenantId::parse("t").unwrap();
        Kind { tenant, subject: subject.to_owned(), operation: operation.to_owned() }
    }

    fn more(notes: &[audit::Note]) -> Vec<u64> {
        let more =
            |note: &audit::Note| serde_json::from_str::<serde_json::Value>(&note.detail).unwrap()["more"].as_u64();
        notes.iter().map(|note| more(note).unwrap()).collect()
    }

    #[test]
    fn identical_refusals_of_a_minute_are_one_and_a_number() {
        let denials = Denials::default();
        assert_eq!(denials.count(kind("ada", "pause"), 0), (true, Vec::new()));
        for at_us in [1, 2, MINUTE_US - 1] {
            assert_eq!(denials.count(kind("ada", "pause"), at_us), (false, Vec::new()));
        }
        assert!(denials.count(kind("ada", "resume"), 1).0, "another operation");
        assert!(denials.count(kind("bob", "pause"), 1).0, "another caller");
        let (is_first, before) = denials.count(kind("ada", "pause"), MINUTE_US);
        assert_eq!((is_first, more(&before)), (true, vec![3]));
        assert_eq!(denials.close(Some(10 * MINUTE_US)), Vec::new(), "nothing came after the first of the others");
    }

    #[test]
    fn what_was_counted_is_told_when_the_minute_is_over_or_the_node_stops() {
        let denials = Denials::default();
        for at_us in [0, 1, 2] {
            denials.count(kind("ada", "pause"), at_us);
        }
        assert_eq!(denials.close(Some(MINUTE_US - 1)), Vec::new());
        assert_eq!(more(&denials.close(Some(MINUTE_US))), [2]);
        denials.count(kind("ada", "pause"), 0);
        denials.count(kind("ada", "pause"), 0);
        assert_eq!(more(&denials.close(None)), [1]);
        assert_eq!(denials.close(None), Vec::new());
    }

    #[test]
    fn so_many_kinds_are_told_apart_and_more_are_counted_together() {
        let denials = Denials::default();
        for number in 0..KINDS_MAX {
            assert!(denials.count(kind("ada", &number.to_string()), 0).0);
        }
        assert!(denials.count(kind("ada", "one more"), 0).0);
        assert!(!denials.count(kind("bob", "and another"), 0).0);
        assert!(!denials.count(kind("ada", "0"), 0).0, "those that are known are still told apart");
        assert_eq!(denials.0.lock().unwrap().len(), KINDS_MAX + 1);
    }
}
