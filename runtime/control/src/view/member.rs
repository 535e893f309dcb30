//! Members, teams, and what was granted to them.

use alcove_ids::AppId;
use alcove_store::tables::{grants, members, teams};
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::{json::json, stored::SubjectView, time::time};

/// A member of a tenant.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MemberView {
    /// Who: `person:ann`, `service:ci`, `agent:helper`.
    pub subject: String,
    /// What people call them.
    pub name: String,
    /// When they came.
    pub created_at: String,
    /// Who brought them.
    #[schema(value_type = Option<SubjectView>)]
    pub created_by: Option<Box<RawValue>>,
    /// The teams that they are in; not in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub teams: Option<Vec<String>>,
    /// What they have, themselves or through a team; not in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grants: Option<Vec<GrantView>>,
}

/// A team.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TeamView {
    /// Which: `ops`, of the subject `team:ops`.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// When it was made.
    pub created_at: String,
    /// Who made it.
    #[schema(value_type = Option<SubjectView>)]
    pub created_by: Option<Box<RawValue>>,
    /// Who is in it; not in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub members: Option<Vec<String>>,
}

/// A role that somebody has.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct GrantView {
    /// A member or a team.
    pub subject: String,
    /// The role.
    pub role: String,
    /// For which app; absent: for all of the tenant's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub app: Option<String>,
    /// When it was given.
    pub created_at: String,
    /// Who gave it.
    #[schema(value_type = Option<SubjectView>)]
    pub created_by: Option<Box<RawValue>>,
}

impl MemberView {
    /// A member with everything that is known of them.
    pub(crate) fn new(row: members::Row, teams: Vec<String>, grants: Vec<grants::Row>) -> Self {
        let grants = grants.into_iter().map(GrantView::from).collect();
        Self { teams: Some(teams), grants: Some(grants), ..Self::from(row) }
    }
}

impl TeamView {
    /// A team with who is in it.
    pub(crate) fn new(row: teams::Row, members: Vec<String>) -> Self {
        Self { members: Some(members), ..Self::from(row) }
    }
}

impl From<members::Row> for MemberView {
    fn from(row: members::Row) -> Self {
        let (created_at, created_by) = (time(row.created_at), json(Some(row.created_by)));
        Self { subject: row.subject, name: row.name, created_at, created_by, teams: None, grants: None }
    }
}

impl From<teams::Row> for TeamView {
    fn from(row: teams::Row) -> Self {
        let (created_at, created_by) = (time(row.created_at), json(Some(row.created_by)));
        Self { id: row.id, name: row.name, created_at, created_by, members: None }
    }
}

impl From<grants::Row> for GrantView {
    fn from(row: grants::Row) -> Self {
        let grants::Row { key, created_at, created_by } = row;
        Self {
            subject: key.subject,
            role: key.role,
            app: key.app.as_ref().map(AppId::to_string),
            created_at: time(created_at),
            created_by: json(Some(created_by)),
        }
    }
}
