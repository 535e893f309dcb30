//! What apps and plans would do, and what a version may do that another may not.

use alcove_catalog::Catalog;
use alcove_compiler::explain::{Explanation, explain};
use alcove_ids::AppId;
use alcove_plan::{
    capability::{Manifest, ManifestDiff},
    verify,
};

use crate::{Control, ControlError, Permission, Principal, Source, error::chain};

impl Control {
    /// What an app may touch, what is pushed into queries and how its actions are sent. Nothing is saved.
    pub async fn explain(&self, by: &Principal, source: Source<'_>) -> Result<Explanation, ControlError> {
        by.must_somewhere(Permission::Read)?;
        if matches!(source, Source::Submitted(_)) {
            by.must(Permission::Read)?;
        }
        let submission = self.submission(by, source).await?;
        let sealed = verify::load(&submission.plan).map_err(|error| ControlError::Unfit(chain(&error)))?;
        Ok(explain(&sealed.plan, &sealed.program, Catalog::shipped()))
    }

    /// What a version of an app may touch that another might not, and the other way round.
    pub async fn compare_versions(
        &self,
        by: &Principal,
        app: &str,
        from: u32,
        to: u32,
    ) -> Result<ManifestDiff, ControlError> {
        let app = by.app(Permission::Read, app)?;
        Ok(ManifestDiff::between(&self.manifest(by, &app, from).await?, &self.manifest(by, &app, to).await?))
    }

    /// What a version may touch, from the plan itself: what was stored of it may be from another build.
    async fn manifest(&self, by: &Principal, app: &AppId, version: u32) -> Result<Manifest, ControlError> {
        let row = self.engine.version(&by.tenant, app, version).await?;
        let sealed = verify::load(&row.plan).map_err(|error| ControlError::Internal(chain(&error)))?;
        Ok(Manifest::derive(&sealed.plan))
    }
}
