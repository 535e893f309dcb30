//! Teams: members who are granted roles together.

use alcove_store::{
    StoreError,
    tables::{grants, members, team_members, teams},
};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::{
    members::{check_name, missing},
    rules::may_give,
    who::{Who, is_name, written},
};
use crate::{Control, ControlError, List, Page, Permission, Principal, TeamView, principal::subject_json};

/// Members that a team may have.
const MEMBERS_MAX: u32 = 1_000;

/// A new team.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTeam {
    /// Which: `ops`, of the subject `team:ops`.
    pub id: String,
    /// What people call it.
    #[serde(default)]
    pub name: String,
}

impl Control {
    /// Makes a team, which nobody is in and which has nothing.
    pub async fn create_team(&self, by: &Principal, new: &NewTeam) -> Result<TeamView, ControlError> {
        by.must(Permission::Admin)?;
        check_name(&new.name)?;
        if !is_name(&new.id) {
            let message = format!("`{}` cannot be a team: it needs 1 to 100 letters, digits and `_-.@+`", new.id);
            return Err(ControlError::Invalid(message));
        }
        let mut change = self.directory.change_own(&by.tenant, subject_json(&by.subject)).await?;
        let dialect = change.dialect();
        if !change.rows(teams::get(dialect, &by.tenant, &new.id)).await?.is_empty() {
            return Err(ControlError::Conflict(format!("there is a team `{}` already", new.id)));
        }
        let row = teams::Row {
            tenant: by.tenant.clone(),
            id: new.id.clone(),
            name: new.name.clone(),
            created_at: change.now,
            created_by: change.by.clone(),
        };
        change.enqueue(teams::insert(dialect, std::slice::from_ref(&row)));
        change.commit("team.created", json!({ "team": new.id })).await?;
        Ok(TeamView::new(row, Vec::new()))
    }

    /// The teams of the caller's tenant, by id, without who is in them.
    pub async fn teams(&self, by: &Principal, page: Page<'_>) -> Result<List<TeamView>, ControlError> {
        by.must(Permission::Admin)?;
        let (limit, store) = (page.limit()?, &self.directory.store);
        let after = page.cursor.unwrap_or_default();
        let rows =
            store.query_of(by.tenant.as_str(), &teams::list(store.dialect(), &by.tenant, after, limit + 1)).await?;
        let rows = rows.iter().map(|cells| teams::Row::decode(cells)).collect::<Result<Vec<_>, _>>();
        Ok(List::of(rows.map_err(StoreError::from)?, limit, |row| row.id.clone()).map(TeamView::from))
    }

    /// A team, with who is in it.
    pub async fn team(&self, by: &Principal, team: &str) -> Result<TeamView, ControlError> {
        by.must(Permission::Admin)?;
        let store = &self.directory.store;
        let rows = store.query_of(by.tenant.as_str(), &teams::get(store.dialect(), &by.tenant, team)).await?;
        let row = teams::Row::decode(rows.first().ok_or_else(|| no_team(team))?).map_err(StoreError::from)?;
        let all = team_members::of_team(store.dialect(), &by.tenant, team, "", MEMBERS_MAX);
        let all = store.query_of(by.tenant.as_str(), &all).await?;
        let all = all.iter().map(|cells| team_members::Row::decode(cells)).collect::<Result<Vec<_>, _>>();
        Ok(TeamView::new(row, all.map_err(StoreError::from)?.into_iter().map(|row| row.subject).collect()))
    }

    /// Takes a team away, and what was granted to it from everybody in it.
    pub async fn delete_team(&self, by: &Principal, team: &str) -> Result<(), ControlError> {
        by.must(Permission::Admin)?;
        let mut change = self.directory.change_own(&by.tenant, subject_json(&by.subject)).await?;
        let dialect = change.dialect();
        let had_admin = change.has_admin().await?;
        if change.perform(teams::delete(dialect, &by.tenant, team)).await? == 0 {
            return Err(no_team(team));
        }
        let subject = Who::Team(team.to_owned()).to_string();
        change.enqueue(grants::delete_of_subject(dialect, &by.tenant, &subject));
        change.enqueue(team_members::delete_of_team(dialect, &by.tenant, team));
        change.keep_admin(had_admin).await?;
        change.commit("team.deleted", json!({ "team": team })).await
    }

    /// Takes a member into a team: they have from now on what it was granted, so its giver must have that too.
    pub async fn join_team(&self, by: &Principal, team: &str, member: &str) -> Result<(), ControlError> {
        by.must(Permission::Admin)?;
        let subject = written(&Who::member(member)?);
        let mut change = self.directory.change_own(&by.tenant, subject_json(&by.subject)).await?;
        let dialect = change.dialect();
        if change.rows(teams::get(dialect, &by.tenant, team)).await?.is_empty() {
            return Err(no_team(team));
        }
        if change.rows(members::get(dialect, &by.tenant, &subject)).await?.is_empty() {
            return Err(missing(&subject));
        }
        let count = team_members::of_team(dialect, &by.tenant, team, "", MEMBERS_MAX);
        if change.rows(count).await?.len() >= usize::try_from(MEMBERS_MAX).unwrap_or(usize::MAX) {
            return Err(ControlError::Conflict(format!("the team has {MEMBERS_MAX} members, and may have no more")));
        }
        let of_team = Who::Team(team.to_owned()).to_string();
        for cells in change.rows(grants::effective(dialect, &by.tenant, &of_team)).await? {
            let key = grants::Row::decode(&cells).map_err(StoreError::from)?.key;
            may_give(by, &key.role, key.app.as_ref())?;
        }
        let row = team_members::Row {
            tenant: by.tenant.clone(),
            team: team.to_owned(),
            subject: subject.clone(),
            created_at: change.now,
            created_by: change.by.clone(),
        };
        change.enqueue(team_members::insert_new(dialect, &[row]));
        change.commit("team.joined", json!({ "team": team, "member": subject })).await
    }

    /// Takes a member out of a team.
    pub async fn leave_team(&self, by: &Principal, team: &str, member: &str) -> Result<(), ControlError> {
        by.must(Permission::Admin)?;
        let mut change = self.directory.change_own(&by.tenant, subject_json(&by.subject)).await?;
        let had_admin = change.has_admin().await?;
        let delete = team_members::delete(change.dialect(), &by.tenant, team, member);
        if change.perform(delete).await? == 0 {
            return Err(ControlError::NotFound { what: "member of the team", id: member.to_owned() });
        }
        change.keep_admin(had_admin).await?;
        change.commit("team.left", json!({ "team": team, "member": member })).await
    }
}

fn no_team(team: &str) -> ControlError {
    ControlError::NotFound { what: "team", id: team.to_owned() }
}
