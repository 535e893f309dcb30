//! The use cases' common ground.

use std::sync::Arc;

use alcove_execution::Engine;

use crate::ControlError;

/// The use cases, over one engine. Clones share it.
#[derive(Clone)]
pub struct Control {
    pub(crate) engine: Arc<Engine>,
}

impl Control {
    /// The use cases of this engine.
    pub fn new(engine: Arc<Engine>) -> Self {
        Self { engine }
    }

    /// Whether requests can be served: the engine is not stopping, and its database answers.
    pub async fn ready(&self) -> Result<(), ControlError> {
        Ok(self.engine.ready().await?)
    }
}
