//! A question to people as JSON, which is how its row keeps it, beside the run's own copy, which decides.

use alcove_journal::transition::{Request, Subject};
use serde_json::{Map, Value, json};

use super::subject_to_json;

/// The binding, the roles and who is involved.
pub(crate) fn request_to_json(request: &Request) -> String {
    let subject = |subject: &Subject| serde_json::from_str::<Value>(&subject_to_json(subject)).unwrap_or_default();
    let binding = &request.binding;
    let mut involved = Map::new();
    involved.insert("author".to_owned(), subject(&request.involved.author));
    involved.insert("activator".to_owned(), subject(&request.involved.activator));
    involved.extend(request.involved.starter.as_ref().map(|starter| ("starter".to_owned(), subject(starter))));
    json!({
        "binding": {
            "plan": binding.plan.to_string(),
            "effect": binding.effect.as_str(),
            "preview": binding.preview.to_string(),
        },
        "roles": request.roles,
        "involved": involved,
    })
    .to_string()
}
