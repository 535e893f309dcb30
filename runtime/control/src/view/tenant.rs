//! A tenant, as operators see it.

use alcove_execution::{TenantSettings, TenantStatus, Tier};
use alcove_ids::TenantId;
use serde::Serialize;
use utoipa::ToSchema;

use super::time::time;

/// A customer of the platform.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TenantView {
    /// Which.
    pub id: String,
    /// `active`, `suspended` or `deleted`.
    pub status: &'static str,
    /// `free`, `starter`, `pro` or `enterprise`; `null`: no quota over time.
    pub tier: Option<&'static str>,
    /// Whether its people may decide about approvals that they caused themselves.
    pub own_approvals: bool,
    /// The origins that its apps may send requests to.
    pub allowed_origins: Vec<String>,
    /// How many of its runs a node carries out at a time; `null`: as many as of every tenant.
    pub runs_max: Option<u32>,
    /// How many turns it has where tenants with one turn each wait too; `null`: one.
    pub weight: Option<u32>,
    /// When it came.
    pub created_at: String,
}

impl TenantView {
    /// A tenant with what was agreed with it.
    pub(crate) fn new(id: &TenantId, settings: TenantSettings, created_at: i64) -> Self {
        let status = match settings.status {
            TenantStatus::Active => "active",
            TenantStatus::Suspended => "suspended",
            TenantStatus::Deleted => "deleted",
        };
        Self {
            id: id.to_string(),
            status,
            tier: settings.tier.map(Tier::name),
            own_approvals: settings.own_approvals,
            allowed_origins: settings.allowed_origins,
            runs_max: settings.runs_max,
            weight: settings.weight,
            created_at: time(created_at),
        }
    }
}
