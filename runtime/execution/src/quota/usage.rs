//! What a tenant has used, for its people and for callers who want to know how far they may go.

use alcove_ids::TenantId;
use alcove_plan::value::Timestamp;
use alcove_store::{
    SqlValue, Statement, StoreError,
    tables::{api_keys, apps, counters, reservations},
};

use super::{
    Resource, Window,
    rooms::{Counter, amount},
};
use crate::{Engine, Tier, node::Node};

/// What a tenant has used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Usage {
    /// Its tier; `None`: it has no quota, and what it uses over time is not counted.
    pub tier: Option<Tier>,
    /// Every resource, in the order of [`Resource::ALL`].
    pub resources: Vec<ResourceUsage>,
}

/// What a tenant has used of a resource: in this window, if it has windows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ResourceUsage {
    /// Which.
    pub resource: Resource,
    /// How much it may; `None`: as much as it likes.
    pub limit: Option<u64>,
    /// How much was used.
    pub used: u64,
    /// How much is reserved by effects that are on their way.
    pub reserved: u64,
    /// When the window began.
    pub window_start: Option<Timestamp>,
    /// When the next one begins.
    pub reset_at: Option<Timestamp>,
}

/// How far a tenant may go with runs in this hour, as this node saw it at most two seconds ago.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// Of what.
    pub resource: Resource,
    /// How much of it there is in a window.
    pub limit: u64,
    /// How long the window is.
    pub window: Window,
    /// How much is left of it.
    pub remaining: u64,
    /// How many seconds it lasts from now on, at least one.
    pub reset_seconds: u64,
}

impl ResourceUsage {
    /// How much is left; `None`: as much as the tenant likes.
    pub fn remaining(&self) -> Option<u64> {
        self.limit.map(|limit| limit.saturating_sub(self.used.saturating_add(self.reserved)))
    }
}

impl Engine {
    /// What a tenant has used of everything that its tier limits.
    pub async fn usage(&self, tenant: &TenantId) -> Result<Usage, StoreError> {
        let node = self.node();
        let tier = node.tenants.settings(tenant).await?.tier;
        let (now_us, dialect) = (node.clock.now().micros(), node.store.dialect());
        // What is settled in between is then not subtracted from what it was added to.
        let counted = rows(node, tenant, &counters::from(dialect, tenant, Window::Day.start(now_us))).await?;
        let reserved = rows(node, tenant, &reservations::sums(dialect, tenant)).await?;
        let mut resources = Vec::with_capacity(Resource::ALL.len());
        for resource in Resource::ALL {
            let window = resource.window();
            let of = |rows: &[counters::Row]| value_of(rows, tenant, resource, now_us);
            let (used, reserved) = match resource {
                _ if window.is_some() => (of(&counted).saturating_sub(of(&reserved)), of(&reserved)),
                Resource::Apps => (count(node, tenant, &apps::count(dialect, tenant)).await?, 0),
                Resource::ApiKeys => (count(node, tenant, &api_keys::count_valid(dialect, tenant, now_us)).await?, 0),
                _ => (node.platform.state_keys(tenant).await?, 0),
            };
            resources.push(ResourceUsage {
                resource,
                limit: tier.and_then(|tier| resource.amount(tier)),
                used,
                reserved,
                window_start: window.and_then(|window| Timestamp::from_micros(window.start(now_us))),
                reset_at: window.and_then(|window| Timestamp::from_micros(window.end(now_us))),
            });
        }
        Ok(Usage { tier, resources })
    }

    /// How far a tenant may go with runs in this hour; `None`: as far as it likes.
    pub async fn rate(&self, tenant: &TenantId) -> Result<Option<Rate>, StoreError> {
        let (node, resource) = (self.node(), Resource::Executions);
        let Some(tier) = node.tenants.settings(tenant).await?.tier else { return Ok(None) };
        let now = node.clock.now();
        let limits = resource.window().zip(resource.amount(tier)).zip(Counter::at(tenant, resource, now.micros()));
        let Some(((window, limit), counter)) = limits else { return Ok(None) };
        let value = if let Some(value) = node.seen.value(tenant, resource, now) {
            value
        } else {
            let get = counters::get(node.store.dialect(), tenant, resource.name(), counter.window_start);
            let value = rows(node, tenant, &get).await?.first().map_or(0, |row| row.value);
            node.seen.keep(&counter, value, now);
            value
        };
        let left_us = window.end(now.micros()).saturating_sub(now.micros()).unsigned_abs();
        Ok(Some(Rate {
            resource,
            limit,
            window,
            remaining: amount(limit).saturating_sub(value).max(0).unsigned_abs(),
            reset_seconds: left_us.div_ceil(1_000_000),
        }))
    }
}

async fn rows(node: &Node, tenant: &TenantId, statement: &Statement) -> Result<Vec<counters::Row>, StoreError> {
    let rows = node.store.query_of(tenant.as_str(), statement).await?;
    Ok(rows.iter().map(|row| counters::Row::decode(row)).collect::<Result<_, _>>()?)
}

async fn count(node: &Node, tenant: &TenantId, statement: &Statement) -> Result<u64, StoreError> {
    let rows = node.store.query_of(tenant.as_str(), statement).await?;
    let count = rows.first().and_then(|row| row.first()).and_then(SqlValue::as_int);
    Ok(count.map_or(0, i64::unsigned_abs))
}

fn value_of(rows: &[counters::Row], tenant: &TenantId, resource: Resource, now_us: i64) -> u64 {
    let counter = Counter::at(tenant, resource, now_us);
    let found = rows.iter().find(|row| Counter::of(row) == counter);
    found.map_or(0, |row| row.value.max(0).unsigned_abs())
}
