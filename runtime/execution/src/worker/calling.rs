//! An external effect is sent for the tenant of its run.

use std::time::Instant;

use alcove_egress::CallSink;
use alcove_plan::{
    failure::{Code, Failure},
    value::Value,
};
use alcove_platform::{EffectCall, Performer, Scope, Unperformed};

use crate::{
    node::Node,
    outside::{Behalf, Performed},
};

/// Sends an effect. E007: what was agreed with the tenant cannot be read now.
pub(super) async fn perform(
    node: &Node,
    scope: &Scope,
    call: &EffectCall,
    params: &Value,
    not_after: Instant,
    sink: &dyn CallSink,
) -> Result<Performed, Unperformed> {
    let allowed_origins = match call.action.performer() {
        Performer::Http | Performer::Api => {
            let settings = node.tenants.settings(&scope.tenant).await;
            settings.map_err(|error| Failure::new(Code::External, error))?.allowed_origins.clone()
        }
        Performer::Ai | Performer::Tables | Performer::Approval => Vec::new(),
    };
    let behalf = Behalf {
        tenant: &scope.tenant,
        allowed_origins: &allowed_origins,
        not_after: Some(not_after),
        now_us: node.clock.now().micros(),
        sink: Some(sink),
    };
    node.outside.perform(call, params, behalf).await
}
