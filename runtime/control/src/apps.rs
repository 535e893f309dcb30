//! What apps are: validate, create, read, edit.

use alcove_execution::Submission;
use alcove_ids::AppId;
use serde_json::Value;

use crate::{
    AppView, Control, ControlError, List, Page, Permission, Principal, Source, Target, VersionView, id,
    plans::plan_digest, source,
};

/// A new app.
#[derive(Clone, Copy, Debug)]
pub struct NewApp<'b> {
    /// Its id; `None`: one is made.
    pub id: Option<&'b str>,
    /// What it is made from.
    pub source: Source<'b>,
    /// Whether it is activated at once.
    pub activate: bool,
}

impl Control {
    /// What the compiler says of a config: `{"diagnostics": […]}`.
    pub fn validate(&self, by: &Principal, config: &[u8]) -> Result<Value, ControlError> {
        by.must_somewhere(Permission::Read)?;
        Ok(source::diagnostics(config))
    }

    /// Saves a new app.
    pub async fn create_app(&self, by: &Principal, new: NewApp<'_>) -> Result<AppView, ControlError> {
        by.must_somewhere(Permission::Write)?;
        let app = new.id.map_or_else(id::random_app, chosen)?;
        match new.id {
            Some(_) => by.must_for(Permission::Write, &app)?,
            None => by.must(Permission::Write)?,
        }
        let submission = self.submission(by, new.source).await?;
        let created = self.engine.create_app(&by.tenant, &app, &submission, new.activate, &by.subject).await;
        Ok(created?.into())
    }

    /// What is stored of an app.
    pub(crate) async fn submission(&self, by: &Principal, source: Source<'_>) -> Result<Submission, ControlError> {
        match source {
            Source::Config(config) => source::compiled(config),
            Source::Plan(bytes) => Ok(Submission { config: None, plan: bytes.to_vec() }),
            Source::Submitted(digest) => {
                let plan = self.engine.plan(&by.tenant, plan_digest(digest)?).await?.plan;
                Ok(Submission { config: None, plan })
            }
        }
    }

    /// Saves a new version of an app.
    pub async fn edit_app(
        &self,
        by: &Principal,
        app: impl Into<Target<'_>> + Send,
        source: Source<'_>,
    ) -> Result<AppView, ControlError> {
        let target: Target<'_> = app.into();
        let app = by.app(Permission::Write, target.id)?;
        let submission = self.submission(by, source).await?;
        Ok(self.engine.edit_app(&by.tenant, &app, &submission, target.by(by)).await?.into())
    }

    /// An app.
    pub async fn app(&self, by: &Principal, app: &str) -> Result<AppView, ControlError> {
        Ok(self.engine.app(&by.tenant, &by.app(Permission::Read, app)?).await?.into())
    }

    /// The apps of the caller's tenant that they may read, by id.
    pub async fn apps(&self, by: &Principal, page: Page<'_>) -> Result<List<AppView>, ControlError> {
        by.must_somewhere(Permission::Read)?;
        let limit = page.limit()?;
        let rows = self.engine.apps(&by.tenant, page.cursor.unwrap_or_default(), limit + 1).await?;
        Ok(List::of(rows, limit, |row| row.id.to_string()).keep(|row| by.sees(row.id.as_str())).map(AppView::from))
    }

    /// The versions of an app, the latest first. Those of a deleted app are kept.
    pub async fn versions(&self, by: &Principal, app: &str, page: Page<'_>) -> Result<List<VersionView>, ControlError> {
        let app = by.app(Permission::Read, app)?;
        let limit = page.limit()?;
        let before = page.number()?.unwrap_or(u32::MAX);
        let rows = self.engine.versions(&by.tenant, &app, before, limit + 1).await?;
        Ok(List::of(rows, limit, |row| row.version.to_string()).map(VersionView::from))
    }

    /// A version of an app.
    pub async fn version(&self, by: &Principal, app: &str, version: u32) -> Result<VersionView, ControlError> {
        Ok(self.engine.version(&by.tenant, &by.app(Permission::Read, app)?, version).await?.into())
    }
}

/// An id that somebody chose. A colon would make it a verb in a path.
fn chosen(id: &str) -> Result<AppId, ControlError> {
    match AppId::parse(id) {
        Ok(_) if id.contains(':') => Err(ControlError::Invalid(format!("`{id}`: the id of an app has no colon"))),
        Ok(app) => Ok(app),
        Err(error) => Err(ControlError::Invalid(format!("`{id}` cannot be the id of an app: {error}"))),
    }
}
