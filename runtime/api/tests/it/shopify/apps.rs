//! Apps that hear a shop.

/// Thanks a member; says everything that the event carries.
pub(super) const THANK_MEMBER: &str = r#"{
  "schema": "alcove/app@1", "name": "Thanks",
  "trigger": { "type": "event", "event": "shopify.order.created" },
  "actions": [{ "type": "send_notification", "params": {
    "user_id": "{{event.user_id | default:\"u3\"}}",
    "message":
      "{{event.order_id}}: {{event.totalPriceAmount}} {{event.currency}} for {{event.product_ids | join:\", \"}}"
  } }],
  "settings": { "concurrency": "parallel", "log_values": "full" }
}"#;

/// Leaves out customers who are no members.
pub(super) const MEMBERS_ONLY: &str = r#"{
  "schema": "alcove/app@1", "name": "Members only",
  "trigger": {
    "type": "event", "event": "shopify.order.created",
    "filter": { "field": "user_id", "op": "exists", "value": true }
  },
  "actions": [{ "type": "send_notification", "params": { "user_id": "u3", "message": "Thanks" } }],
  "settings": { "concurrency": "parallel", "log_values": "full" }
}"#;

/// Makes members of customers.
pub(super) const CREATE_USER: &str = r#"{
  "schema": "alcove/app@1", "name": "Creates",
  "trigger": { "type": "event", "event": "shopify.order.created" },
  "actions": [
    { "id": "made", "type": "create_user_from_shopify", "params": { "email": "{{event.shopify_customer_email}}" } },
    { "type": "send_notification", "params": { "user_id": "{{actions.made.user_id}}", "message": "Welcome" } }
  ],
  "settings": { "concurrency": "parallel", "log_values": "full" }
}"#;

/// Writes to customers, whoever they are.
pub(super) const MAIL_ANYWAY: &str = r#"{
  "schema": "alcove/app@1", "name": "Mails",
  "trigger": { "type": "event", "event": "shopify.order.created" },
  "actions": [{ "type": "send_email", "params": {
    "to": "{{event.shopify_customer_email}}", "subject": "Thank you", "body": "Join us"
  } }],
  "settings": { "concurrency": "parallel", "log_values": "full" }
}"#;

/// Says what the row of a product says that is there again.
pub(super) const RESTOCKED: &str = r#"{
  "schema": "alcove/app@1", "name": "Restocked",
  "trigger": { "type": "event", "event": "shopify.product.restocked" },
  "actions": [{ "type": "send_notification", "params": {
    "user_id": "u1",
    "message": "{{product.title}}: {{product.inventory}} for {{product.price}} {{product.currency}}"
  } }],
  "settings": { "concurrency": "parallel", "log_values": "full" }
}"#;
