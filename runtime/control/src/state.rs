//! What apps remember from run to run.

use crate::{Control, ControlError, List, Page, Permission, Principal, StateView};

impl Control {
    /// What an app remembers, by key.
    pub async fn app_state(&self, by: &Principal, app: &str, page: Page<'_>) -> Result<List<StateView>, ControlError> {
        let app = by.app(Permission::Read, app)?;
        let limit = page.limit()?;
        let after = page.cursor.unwrap_or_default();
        let entries = self.engine.app_state(&by.tenant, &app, after, limit + 1).await?;
        Ok(List::of(entries, limit, |entry| entry.key.clone()).map(StateView::from))
    }

    /// Forgets something that an app remembers.
    pub async fn forget_state(&self, by: &Principal, app: &str, key: &str) -> Result<(), ControlError> {
        Ok(self.engine.forget_state(&by.tenant, &by.app(Permission::Write, app)?, key, &by.subject).await?)
    }
}
