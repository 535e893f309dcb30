//! What a tenant has used.

use alcove_execution::{ResourceUsage, TenantUsage, Window};
use serde::Serialize;
use utoipa::ToSchema;

/// What a tenant has used, as callers see it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct UsageView {
    /// `free`, `starter`, `pro` or `enterprise`; null: no quota, and what is used over time is not counted.
    pub tier: Option<&'static str>,
    /// Every resource, always in the same order.
    pub resources: Vec<ResourceUsageView>,
}

/// What a tenant has used of one resource: in this window, if it has windows.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ResourceUsageView {
    /// Its stable name, such as `emails_per_day`.
    pub resource: &'static str,
    /// `hour` or `day` of UTC; null: a stock, which shrinks as things are removed.
    pub window: Option<&'static str>,
    /// How much the tier allows; null: as much as the tenant likes.
    pub limit: Option<u64>,
    /// How much was used.
    pub used: u64,
    /// How much effects on their way have reserved.
    pub reserved: u64,
    /// How much is left.
    pub remaining: Option<u64>,
    /// When the window began.
    pub window_start: Option<String>,
    /// When the next one begins.
    pub reset_at: Option<String>,
}

impl From<TenantUsage> for UsageView {
    fn from(usage: TenantUsage) -> Self {
        let resources = usage.resources.iter().map(ResourceUsageView::from).collect();
        Self { tier: usage.tier.map(alcove_execution::Tier::name), resources }
    }
}

impl From<&ResourceUsage> for ResourceUsageView {
    fn from(usage: &ResourceUsage) -> Self {
        Self {
            resource: usage.resource.name(),
            window: usage.resource.window().map(|window| match window {
                Window::Hour => "hour",
                Window::Day => "day",
            }),
            limit: usage.limit,
            used: usage.used,
            reserved: usage.reserved,
            remaining: usage.remaining(),
            window_start: usage.window_start.map(|at| at.to_string()),
            reset_at: usage.reset_at.map(|at| at.to_string()),
        }
    }
}
