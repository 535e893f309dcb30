//! The settings of a tenant.

use alcove_store::tables::RowError;
use serde::{Deserialize, Serialize};

use super::Grants;
use crate::Tier;

/// What was agreed with a tenant. Stored as JSON in its row; what the JSON leaves out is as in the default, and a
/// member that is not known is refused.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TenantSettings {
    /// Whether it is served.
    pub status: TenantStatus,
    /// What it may use over time; `None`: as much as it likes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tier: Option<Tier>,
    /// Whether its people may decide about approvals that they caused themselves.
    pub own_approvals: bool,
    /// The origins that its apps may send requests to, such as `https://hooks.example.com`, or all subdomains of a
    /// domain: `https://*.example.com`. What the operator forbids stays forbidden.
    pub allowed_origins: Vec<String>,
    /// How many of its runs a node carries out at a time, at least one; `None`: as many as of every tenant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub runs_max: Option<u32>,
    /// How many turns it has where tenants with one turn each wait too, at least one; `None`: one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weight: Option<u32>,
    /// What its apps may touch; `None`: everything that the catalog has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grants: Option<Grants>,
}

/// Whether something may stand among [`TenantSettings::allowed_origins`]: an entry of an
/// [`AllowList`](alcove_egress::AllowList).
pub fn is_origin(text: &str) -> bool {
    alcove_egress::AllowList::parse([text]).is_ok()
}

/// Whether a tenant is served.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TenantStatus {
    /// It is.
    #[default]
    Active,
    /// Its requests are refused and its runs do not start, until the operator says otherwise.
    Suspended,
    /// The same for ever. What belonged to it is gone, or about to go.
    Deleted,
}

impl TenantSettings {
    /// Reads what is stored.
    ///
    /// # Errors
    ///
    /// [`RowError::Kind`] if it is no JSON of this shape: another build has written it.
    pub fn parse(stored: &str) -> Result<Self, RowError> {
        // A list of the members in their order would do for the derived reader, and is nothing that anybody has
        // written.
        let object = stored.trim_start().starts_with('{').then(|| serde_json::from_str(stored).ok()).flatten();
        object.ok_or(RowError::Kind { column: "settings" })
    }

    /// As it is stored.
    pub fn to_json(&self) -> String {
        // Words, numbers and lists always have a form as JSON.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Whether the tenant's requests are answered and its runs start.
    pub fn is_served(&self) -> bool {
        self.status == TenantStatus::Active
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_read_back_as_they_were_written() {
        let full = TenantSettings {
            status: TenantStatus::Suspended,
            tier: Some(Tier::Pro),
            own_approvals: true,
            allowed_origins: vec!["https://hooks.example.com".to_owned()],
            runs_max: Some(3),
            weight: Some(2),
            grants: Some(Grants::default()),
        };
        for settings in [TenantSettings::default(), full] {
            assert_eq!(TenantSettings::parse(&settings.to_json()).unwrap(), settings);
        }
    }

    #[test]
    fn what_is_not_said_is_as_usual() {
        assert_eq!(TenantSettings::parse("{}").unwrap(), TenantSettings::default());
        let said = TenantSettings::parse(r#"{"tier":"starter","own_approvals":true}"#).unwrap();
        let wanted = TenantSettings { tier: Some(Tier::Starter), own_approvals: true, ..TenantSettings::default() };
        assert_eq!(said, wanted);
    }

    #[test]
    fn what_no_build_of_this_version_writes_is_refused() {
        for text in ["", "[]", "null", r#"{"tier":"gold"}"#, r#"{"teir":"pro"}"#, r#"{"runs_max":-1}"#] {
            assert_eq!(TenantSettings::parse(text), Err(RowError::Kind { column: "settings" }), "{text}");
        }
    }
}
