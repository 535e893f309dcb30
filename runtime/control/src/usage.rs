//! What the caller's tenant has used, and how far it may go.

use alcove_execution::Rate;

use crate::{Control, ControlError, Permission, Principal, UsageView};

impl Control {
    /// What the tenant has used of everything that its tier limits.
    pub async fn usage(&self, by: &Principal) -> Result<UsageView, ControlError> {
        by.must(Permission::Read)?;
        Ok(self.engine.usage(&by.tenant).await?.into())
    }

    /// How far the tenant may go with runs in this hour; `None`: as far as it likes. Told to whoever may call at all,
    /// beside the answer to what they asked for.
    pub async fn rate(&self, by: &Principal) -> Result<Option<Rate>, ControlError> {
        Ok(self.engine.rate(&by.tenant).await?)
    }
}
