//! Effects that leave the platform: who performs them, and what a tenant may reach.
//!
//! For the worker and for the one-shot runner. The binary fills [`Outside`]; what is left out is refused, or done
//! without.
//!
//! Architecture invariant: a request passes the list of the tenant whose run it is of, and the operator's.

mod behalf;
mod signing;

pub(crate) use behalf::Behalf;
pub use signing::{SigningKeys, SigningKeysError};

use std::{sync::Arc, time::Duration};

use alcove_catalog::{ActionBinding, ApiCall};
use alcove_egress::Egress;
use alcove_plan::{
    failure::{Code, Failure},
    value::Value,
};
use alcove_platform::{
    EffectCall, Performer, Unperformed,
    ai::{self, Provider},
    http::{self, PlatformApi},
};

/// How long a model may think.
const AI_TIMEOUT: Duration = Duration::from_mins(2);

/// Everything outside that a run may reach, as the operator has configured it.
#[derive(Clone, Debug, Default)]
pub struct Outside {
    /// The AI provider; `None`: AI actions fail.
    pub ai: Option<Arc<dyn Provider>>,
    /// The way out for requests that apps make; `None`: they are refused.
    pub egress: Option<Egress>,
    /// Whether a tenant without an allow-list of its own may reach all that the operator allows. Otherwise it may reach
    /// nothing.
    pub lists_inherited: bool,
    /// The platform's own API; `None`: actions that are requests to it fail.
    pub api: Option<PlatformApi>,
    /// The secrets that sign the requests of a tenant; `None`: they are not signed.
    pub signing: Option<Arc<dyn SigningKeys>>,
}

/// What an effect outside gave.
#[derive(Debug, Default)]
pub(crate) struct Performed {
    /// Its outputs, in the catalog's order.
    pub(crate) outputs: Vec<Value>,
    /// Tokens that a model was given.
    pub(crate) tokens_in: u64,
    /// Tokens that a model gave.
    pub(crate) tokens_out: u64,
}

impl Outside {
    /// How long a call may take, unless its action says less.
    pub(crate) fn timeout(call: &EffectCall, params: &Value) -> Duration {
        match call.action.performer() {
            Performer::Http | Performer::Api => http::timeout(params),
            Performer::Ai | Performer::Tables | Performer::Approval => AI_TIMEOUT,
        }
    }

    /// Performs one call. `params` are its rendered parameters.
    ///
    /// The effect's id goes along as idempotency key. E013: it was sent, nobody knows what became of it, and it must
    /// not be repeated.
    pub(crate) async fn perform(
        &self,
        call: &EffectCall,
        params: &Value,
        behalf: Behalf<'_>,
    ) -> Result<Performed, Unperformed> {
        match call.action.performer() {
            Performer::Ai => {
                let (outputs, cost) = ai::perform(self.ai.as_deref(), call.action.name(), params).await?;
                Ok(Performed { outputs, tokens_in: cost.tokens_in, tokens_out: cost.tokens_out })
            }
            Performer::Http => {
                let egress = self.egress.as_ref().ok_or_else(no_way_out)?;
                let allowed = self.allowed(egress.allowed(), behalf.allowed_origins)?;
                let signing = self.signing_keys(behalf.tenant).await?;
                let sending = behalf.sending(call, &allowed, &signing);
                Ok(Performed { outputs: http::perform(egress, params, sending).await?, ..Performed::default() })
            }
            Performer::Api => {
                let (api, asked) = self.api.as_ref().zip(api_call(call)).ok_or_else(no_api)?;
                let allowed = self.allowed(api.allowed(), behalf.allowed_origins)?;
                let sending = behalf.sending(call, &allowed, &[]);
                let outputs = api.perform(call.action.entry(), asked, params, behalf.tenant, sending).await?;
                Ok(Performed { outputs, ..Performed::default() })
            }
            Performer::Tables | Performer::Approval => {
                Err(Failure::new(Code::Internal, "an effect on the platform's tables was sent outside").into())
            }
        }
    }
}

fn api_call(call: &EffectCall) -> Option<&'static ApiCall> {
    match &call.action.entry().binding {
        ActionBinding::Api(asked) => Some(asked),
        ActionBinding::Sql { .. } | ActionBinding::Ai | ActionBinding::Http | ActionBinding::Flow => None,
    }
}

fn no_api() -> Failure {
    Failure::new(Code::Action, "the platform's API is not configured: the operator has to say where it is")
}

fn no_way_out() -> Failure {
    Failure::new(Code::Action, "no request may leave here: the operator's allow-list is empty")
}
