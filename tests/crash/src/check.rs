//! What must be true in the end.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use alcove_store::{Sql, SqlValue, Statement, Store, StoreOptions};
use anyhow::{Context, Result};

use crate::{
    events::{Event, Kind},
    provider::Provider,
    server::TENANT,
};

/// What was found.
#[derive(Debug, Default)]
pub(crate) struct Verdict {
    pub(crate) stops: u32,
    pub(crate) events: usize,
    pub(crate) effects: u64,
    pub(crate) requests: u64,
    pub(crate) unknown: usize,
    pub(crate) violations: Vec<String>,
}

impl Verdict {
    pub(crate) fn add(&mut self, other: Self) {
        self.stops += other.stops;
        self.events += other.events;
        self.effects += other.effects;
        self.requests += other.requests;
        self.unknown += other.unknown;
        self.violations.extend(other.violations);
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { stops: _, events, effects, requests, unknown, violations } = self;
        write!(f, "{events} events acknowledged, {effects} effects in the ledger, {requests} requests carried out, ")?;
        write!(f, "{unknown} of unknown outcome and reported so, {} violations", violations.len())
    }
}

/// How a run of one event ended.
struct Run {
    state: String,
    code: String,
    has_letter: bool,
}

/// Holds what was acknowledged against the tables and the provider's book.
pub(crate) async fn check(database: &str, events: &[Event], provider: &Provider) -> Result<Verdict> {
    let store = Store::open(database, &StoreOptions::DURABLE).await?;
    let notifications =
        counts(&store, "SELECT message, count(*) FROM notifications WHERE tenant_id = ?1 GROUP BY message").await?;
    let runs = runs(&store).await?;
    let (keyed, blind) = (provider.keyed.done(), provider.blind.done());
    let mut verdict = Verdict {
        events: events.len(),
        effects: number(&store, "SELECT count(*) FROM effects WHERE tenant_id = ?1").await?,
        requests: keyed.values().chain(blind.values()).map(|count| u64::from(*count)).sum(),
        ..Verdict::default()
    };
    let mut expected = BTreeSet::new();
    for event in events {
        let done = match event.kind {
            Kind::Keyed => keyed.get(&event.id).copied().unwrap_or(0),
            Kind::Blind => blind.get(&event.id).copied().unwrap_or(0),
            _ => 1,
        };
        let is_unknown = outcome_is_unknown(event, done, runs.get(&event.id), &mut verdict);
        for message in event.notifications() {
            let found = notifications.get(&message).copied().unwrap_or(0);
            let wanted = u64::from(!is_unknown);
            if found != wanted {
                verdict.violations.push(format!("{event:?}: {found} times `{message}`, not {wanted}"));
            }
            expected.insert(message);
        }
    }
    let strange = notifications.keys().filter(|message| !expected.contains(*message));
    verdict.violations.extend(strange.map(|message| format!("`{message}` comes from no acknowledged event")));
    check_xp(&store, events, &mut verdict).await?;
    store.close().await;
    Ok(verdict)
}

/// Whether the run may have stopped for want of knowledge; complains where the request was not carried out once.
fn outcome_is_unknown(event: &Event, done: u32, run: Option<&Run>, verdict: &mut Verdict) -> bool {
    let is_unknown = run.is_some_and(|run| run.code == "E013");
    if is_unknown {
        verdict.unknown += 1;
        let reported = run.is_some_and(|run| run.state == "failed" && run.has_letter);
        if event.kind != Kind::Blind || done > 1 || !reported {
            verdict.violations.push(format!("{event:?}: E013 with {done} requests carried out, reported: {reported}"));
        }
    } else if done != 1 {
        let end = run.map_or("no run", |run| run.state.as_str());
        verdict.violations.push(format!("{event:?}: {done} requests carried out, not 1 ({end})"));
    }
    is_unknown
}

/// Every direct event gives one point, once.
async fn check_xp(store: &Store, events: &[Event], verdict: &mut Verdict) -> Result<()> {
    let points = number(store, "SELECT CAST(sum(xp_total) AS BIGINT) FROM users WHERE tenant_id = ?1").await?;
    let wanted = events.iter().filter(|event| event.kind == Kind::Direct).count() as u64;
    if points != wanted {
        verdict.violations.push(format!("{points} points of experience, not {wanted}"));
    }
    Ok(())
}

async fn runs(store: &Store) -> Result<BTreeMap<String, Run>> {
    let sql = "SELECT e.event_id, e.state, e.error, d.execution_id FROM executions AS e
        LEFT JOIN dead_letters AS d ON d.tenant_id = e.tenant_id AND d.execution_id = e.id AND d.status = 'open'
        WHERE e.tenant_id = ?1 AND e.app_id IN ('keyed', 'blind')";
    let mut runs = BTreeMap::new();
    for row in rows(store, sql).await? {
        let text = |at: usize| row.get(at).and_then(SqlValue::as_str).unwrap_or_default().to_owned();
        let error: serde_json::Value = serde_json::from_str(&text(2)).unwrap_or_default();
        let code = error.get("code").and_then(|code| code.as_str()).unwrap_or_default().to_owned();
        runs.insert(text(0), Run { state: text(1), code, has_letter: !text(3).is_empty() });
    }
    Ok(runs)
}

async fn counts(store: &Store, sql: &'static str) -> Result<BTreeMap<String, u64>> {
    let read = |row: &Vec<SqlValue>| {
        let count = row.get(1).and_then(SqlValue::as_int).and_then(|count| u64::try_from(count).ok());
        Some((row.first()?.as_str()?.to_owned(), count?))
    };
    rows(store, sql).await?.iter().map(|row| read(row).context("a row of another shape")).collect()
}

async fn number(store: &Store, sql: &'static str) -> Result<u64> {
    let rows = rows(store, sql).await?;
    let count = rows.first().and_then(|row| row.first()).and_then(SqlValue::as_int);
    Ok(count.and_then(|count| u64::try_from(count).ok()).unwrap_or(0))
}

async fn rows(store: &Store, sql: &'static str) -> Result<Vec<Vec<SqlValue>>> {
    Ok(store.query(&Statement::new(Sql::fixed(sql), vec![SqlValue::text(TENANT)])).await?)
}
