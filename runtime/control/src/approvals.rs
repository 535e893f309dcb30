//! Questions to people.

use alcove_catalog::ingest;
use alcove_execution::{Decision, Seen as Shown};
use alcove_journal::entry;
use alcove_plan::envelope::Digest;
use alcove_store::tables::approvals::Status;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{ApprovalView, Control, ControlError, List, Page, Permission, Principal, page::moment};

/// What somebody who decides has seen: the digests of an [`ApprovalView`].
#[derive(Clone, Copy, Debug)]
pub struct Seen<'a> {
    /// Of the plan, in hex.
    pub plan: &'a str,
    /// Of the preview, in hex.
    pub preview: &'a str,
}

/// What they say.
#[derive(Clone, Debug)]
pub enum Ruling {
    /// What was shown may happen.
    Approve,
    /// It may not.
    Reject,
    /// It may happen with these changes.
    Modify(Vec<Edit>),
}

/// One changed parameter of a call that was shown.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Edit {
    /// The position among the plan's actions, as the preview gives it.
    pub action: u32,
    /// Indices of the loops around it, outermost first.
    #[serde(default)]
    pub indices: Vec<u32>,
    /// The parameter's name, then the keys of objects inside it.
    pub path: Vec<String>,
    /// What it is instead.
    pub value: serde_json::Value,
}

impl Control {
    /// The questions of the caller's tenant that became of that (`open`, unless it is said), oldest first.
    pub async fn approvals(
        &self,
        by: &Principal,
        status: Option<&str>,
        page: Page<'_>,
    ) -> Result<List<ApprovalView>, ControlError> {
        by.must_somewhere(Permission::Read)?;
        let status = match status {
            None => Status::Open,
            Some(word) => Status::parse(word).ok_or_else(|| {
                ControlError::Invalid(format!(
                    "`status` is `{word}`; it must be open, approved, rejected, modified, expired or cancelled"
                ))
            })?,
        };
        let limit = page.limit()?;
        let rows = self.engine.approvals(&by.tenant, status, page.after_moment()?, limit + 1).await?;
        let page = List::of(rows, limit, |row| moment(row.created_at, row.id.as_str()));
        Ok(page.keep(|row| by.sees(row.app.as_str())).map(ApprovalView::from))
    }

    /// A question.
    pub async fn approval(&self, by: &Principal, id: &str) -> Result<ApprovalView, ControlError> {
        let (approval, _) = self.approval_for(by, Permission::Read, id).await?;
        Ok(self.engine.approval(&by.tenant, &approval).await?.into())
    }

    /// Answers a question. Who may is the app's to say, and nobody answers their own.
    pub async fn decide(
        &self,
        by: &Principal,
        id: &str,
        seen: Seen<'_>,
        ruling: Ruling,
    ) -> Result<ApprovalView, ControlError> {
        by.must_somewhere(Permission::Approve)?;
        let shown = Shown { plan: digest("plan", seen.plan)?, preview: digest("preview_digest", seen.preview)? };
        let decision = match ruling {
            Ruling::Approve => Decision::Approve,
            Ruling::Reject => Decision::Reject,
            Ruling::Modify(edits) => Decision::Modify(edits.into_iter().map(edit).collect::<Result<_, _>>()?),
        };
        let (approval, app) = self.approval_for(by, Permission::Approve, id).await?;
        Ok(self.engine.decide(&by.tenant, &approval, by.decider(&app), shown, decision).await?.into())
    }
}

fn edit(edit: Edit) -> Result<entry::Edit, ControlError> {
    let Edit { action, indices, path, value } = edit;
    let value = ingest::value(&value).map_err(|error| ControlError::Unfit(format!("an edit's value: {error}")))?;
    Ok(entry::Edit { action, indices, path, value })
}

fn digest(name: &str, hex: &str) -> Result<Digest, ControlError> {
    Digest::from_hex(hex).ok_or_else(|| {
        ControlError::Invalid(format!("`{name}` must be the digest that the approval shows: 64 hexadecimal digits"))
    })
}
