//! Customers.

use serde_json::{Map, Value, json};

use super::field::text;

/// What an event says of a customer.
pub(super) fn payload(customer: &Value, member: Option<&str>) -> Value {
    let mut payload = Map::from_iter([("shopify_customer_email".to_owned(), json!(email(customer)))]);
    if let Some(member) = member {
        payload.insert("user_id".to_owned(), json!(member));
    }
    Value::Object(payload)
}

/// The e-mail address of a customer, or of whoever has ordered; empty where the shop has none, as of a sale at a till.
pub(super) fn email(payload: &Value) -> &str {
    let own = [text(payload, "email"), text(payload, "contact_email")];
    let customers = payload.get("customer").map_or("", |customer| text(customer, "email"));
    own.into_iter().chain([customers]).find(|email| !email.is_empty()).unwrap_or_default()
}
