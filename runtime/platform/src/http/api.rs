//! Actions that are requests to the platform's own API.

use std::fmt;

use alcove_catalog::{Action, ApiCall, ApiMethod, OutputSpec, Segment, ingest};
use alcove_egress::{AllowList, Egress, EgressError, Method, Origin, Policy};
use alcove_ids::TenantId;
use alcove_plan::{
    failure::{Code, Failure},
    value::Value,
};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::{
    answer,
    call::{TIMEOUT, text},
    sending::{IDEMPOTENCY_KEY, Sending},
};
use crate::Unperformed;

/// The header that names the tenant.
const TENANT: &str = "alcove-tenant";
/// What stays as it is in a segment of a path.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// The platform's own API, where the operator says that it is. No request of an app gets there otherwise.
#[derive(Clone)]
pub struct PlatformApi {
    egress: Egress,
    base_url: String,
    key: Option<String>,
}

impl fmt::Debug for PlatformApi {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("PlatformApi").field(&self.base_url).finish()
    }
}

impl PlatformApi {
    /// The API at a URL, to which the paths of the catalog are added; it may be at a private address. With a key,
    /// requests carry it as bearer token.
    pub fn new(base_url: &str, key: Option<String>) -> Result<Self, EgressError> {
        let origin = Origin::parse(base_url).map_err(|error| EgressError::InvalidUrl { url: error.text })?;
        let policy = Policy::allow([origin.clone()]).with_route(origin.clone(), origin);
        Ok(Self { egress: Egress::new(policy)?, base_url: base_url.trim_end_matches('/').to_owned(), key })
    }

    /// The API's origin, as a list.
    pub fn allowed(&self) -> &AllowList {
        self.egress.allowed()
    }

    /// Sends the request that an action is, and gives its outputs in the catalog's order. `params` are its rendered
    /// parameters. Fails as a `webhook_call` does; E005 also if the answer lacks an output.
    pub async fn perform(
        &self,
        action: &Action,
        call: &ApiCall,
        params: &Value,
        tenant: &TenantId,
        sending: Sending<'_>,
    ) -> Result<Vec<Value>, Unperformed> {
        let url = format!("{}{}", self.base_url, path(call, params)?);
        let body = body(call, params);
        let bearer = self.key.as_ref().map(|key| format!("Bearer {key}"));
        let mut headers = vec![(IDEMPOTENCY_KEY, sending.effect.as_str()), (TENANT, tenant.as_str())];
        headers.extend(bearer.as_ref().map(|bearer| ("authorization", bearer.as_str())));
        if !body.is_empty() {
            headers.push(("content-type", "application/json"));
        }
        let request = sending.request(method(call.method), &url, &headers, body, TIMEOUT);
        let (_, answered) = answer::success(self.egress.send(request).await, sending.guarantee)?;
        Ok(outputs(action, call, answered.as_deref())?)
    }
}

fn method(method: ApiMethod) -> Method {
    match method {
        ApiMethod::Post => Method::Post,
        ApiMethod::Put => Method::Put,
        ApiMethod::Patch => Method::Patch,
        ApiMethod::Delete => Method::Delete,
    }
}

/// Each parameter is one segment: whatever it holds, it leads to no other path.
fn path(call: &ApiCall, params: &Value) -> Result<String, Failure> {
    let mut path = String::new();
    for segment in call.segments() {
        path.push('/');
        match segment {
            Segment::Literal(text) => path.push_str(text),
            Segment::Param(name) => {
                let value = text(&params.member(name));
                if matches!(value.as_str(), "" | "." | "..") {
                    let message = format!("the parameter `{name}` is `{value}`, which names nothing");
                    return Err(Failure::new(Code::Action, message));
                }
                path.extend(utf8_percent_encode(&value, SEGMENT));
            }
        }
    }
    Ok(path)
}

fn body(call: &ApiCall, params: &Value) -> Vec<u8> {
    let members = call.body.iter().map(|(member, param)| (member.as_str(), params.member(param)));
    let given: Vec<(&str, Value)> = members.filter(|(_, value)| !value.is_null()).collect();
    if call.body.is_empty() { Vec::new() } else { text(&Value::object(given)).into_bytes() }
}

fn outputs(action: &Action, call: &ApiCall, answered: Option<&[u8]>) -> Result<Vec<Value>, Failure> {
    let json: serde_json::Value = answered.and_then(|body| serde_json::from_slice(body).ok()).unwrap_or_default();
    let output = |spec: &OutputSpec| {
        let pointer = call.outputs.get(&spec.name).map_or("", String::as_str);
        let found = json.pointer(pointer).unwrap_or(&serde_json::Value::Null);
        ingest::output(found, &action.name, spec)
            .map_err(|error| Failure::new(Code::Action, format!("the platform's answer does not fit: {error}")))
    };
    action.outputs.iter().map(output).collect()
}
