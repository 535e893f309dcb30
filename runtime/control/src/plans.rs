//! Compiled plans that are submitted before there is an app for them.

use alcove_compiler::explain::disassemble;
use alcove_execution::Submission;
use alcove_plan::{envelope::Digest, verify};

use crate::{Control, ControlError, Permission, PlanView, Principal};

impl Control {
    /// Keeps a plan under its digest, if its bytes are one. They are believed in nothing: what it may touch is derived
    /// anew, and what the tenant was not granted of it is listed.
    pub async fn submit_plan(&self, by: &Principal, bytes: &[u8]) -> Result<PlanView, ControlError> {
        by.must(Permission::Write)?;
        let submission = Submission { config: None, plan: bytes.to_vec() };
        Ok(self.engine.submit_plan(&by.tenant, &submission, &by.subject).await?.into())
    }

    /// A plan of the tenant: one that was submitted, or that of a version of an app.
    pub async fn plan(&self, by: &Principal, digest: &str) -> Result<PlanView, ControlError> {
        by.must(Permission::Read)?;
        Ok(self.engine.plan(&by.tenant, plan_digest(digest)?).await?.into())
    }

    /// The bytes of a plan of the tenant.
    pub async fn plan_bytes(&self, by: &Principal, digest: &str) -> Result<Vec<u8>, ControlError> {
        by.must(Permission::Read)?;
        Ok(self.engine.plan(&by.tenant, plan_digest(digest)?).await?.plan)
    }

    /// A plan of the tenant as text: everything that is in it.
    pub async fn plan_text(&self, by: &Principal, digest: &str) -> Result<String, ControlError> {
        let bytes = self.plan_bytes(by, digest).await?;
        let sealed = verify::load(&bytes).map_err(|error| ControlError::Internal(error.to_string()))?;
        Ok(disassemble(&sealed.plan, &sealed.program))
    }
}

/// The plan of a digest. What is none names nothing that is there.
pub(crate) fn plan_digest(text: &str) -> Result<Digest, ControlError> {
    Digest::from_hex(text).ok_or_else(|| ControlError::NotFound { what: "plan", id: text.to_owned() })
}
