//! The use cases' common ground.

use std::sync::Arc;

use alcove_execution::Engine;

use crate::{Caller, CallerError, ControlError, Directory, Principal, Shops, ShopsFile};

/// The use cases, over one engine. Clones share it.
#[derive(Clone)]
pub struct Control {
    pub(crate) engine: Arc<Engine>,
    pub(crate) directory: Directory,
    pub(crate) shops: Arc<dyn Shops>,
}

impl Control {
    /// The use cases of this engine.
    pub fn new(engine: Arc<Engine>) -> Self {
        let directory = Directory::new(engine.store().clone(), Arc::clone(engine.clock()));
        Self { engine, directory, shops: Arc::new(ShopsFile::default()) }
    }

    /// With shops whose webhooks are accepted. Without, there are none.
    #[must_use]
    pub fn with_shops(self, shops: Arc<dyn Shops>) -> Self {
        Self { shops, ..self }
    }

    /// Who shows a key. Somebody of a tenant that is not served is not let in.
    pub async fn caller(&self, token: &str) -> Result<Caller, CallerError> {
        let caller = self.directory.caller(token).await?;
        if let Caller::Tenant(principal) = &caller {
            self.admit(principal).await?;
        }
        Ok(caller)
    }

    /// Refuses somebody whose tenant is not served.
    ///
    /// # Errors
    ///
    /// [`ControlError::Suspended`].
    pub async fn admit(&self, principal: &Principal) -> Result<(), ControlError> {
        let is_served = self.engine.tenant_settings(&principal.tenant).await?.is_served();
        if is_served { Ok(()) } else { Err(ControlError::Suspended) }
    }

    /// Whether requests can be served: the engine is not stopping, and its database answers.
    pub async fn ready(&self) -> Result<(), ControlError> {
        Ok(self.engine.ready().await?)
    }
}
