//! Webhooks as Shopify sends them.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hyper::Method;
use ring::hmac;
use serde_json::{Value, json};

use super::{SHOP, SHOP_SECRETS, World};
use crate::world::Answer;

/// A webhook that is about to be sent.
#[derive(Clone)]
pub(super) struct Hook<'h> {
    pub(super) domain: &'h str,
    pub(super) secret: &'h str,
    pub(super) id: &'h str,
    pub(super) topic: &'h str,
    pub(super) triggered_at: &'h str,
    pub(super) body: Vec<u8>,
}

impl<'h> Hook<'h> {
    pub(super) fn of(topic: &'h str, body: &Value) -> Self {
        Self {
            domain: SHOP,
            secret: SHOP_SECRETS[1],
            id: "hook-1",
            topic,
            triggered_at: "2100-03-01T08:00:00.123456789Z",
            body: body.to_string().into_bytes(),
        }
    }

    pub(super) fn headers(&self) -> Vec<(&'static str, String)> {
        let key = hmac::Key::new(hmac::HMAC_SHA256, self.secret.as_bytes());
        vec![
            ("content-type", "application/json".to_owned()),
            ("x-shopify-shop-domain", self.domain.to_owned()),
            ("x-shopify-hmac-sha256", STANDARD.encode(hmac::sign(&key, &self.body))),
            ("x-shopify-webhook-id", self.id.to_owned()),
            ("x-shopify-topic", self.topic.to_owned()),
            ("x-shopify-triggered-at", self.triggered_at.to_owned()),
        ]
    }

    pub(super) async fn send(&self, world: &World) -> Answer {
        let headers = self.headers();
        let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        world.stranger().send(Method::POST, "/v1/hooks/shopify", &headers, self.body.clone()).await
    }
}

/// An order, with more members than anybody reads.
pub(super) fn order(email: &str) -> Value {
    json!({
        "id": 820_982_911_946_154_508_i64,
        "order_number": 1234,
        "name": "#9999",
        "email": email,
        "financial_status": "paid",
        "fulfillment_status": null,
        "cancelled_at": null,
        "total_price": "123456789012345678.91",
        "currency": "USD",
        "created_at": "2026-02-28T19:00:00-05:00",
        "updated_at": "2026-02-28T19:00:00-05:00",
        "customer": { "id": 115_310_627_314_723_954_i64, "email": "other@example.com" },
        "line_items": [
            { "id": 1, "product_id": 632_910_392, "quantity": 1 },
            { "id": 2, "product_id": 921_728_736, "quantity": 2 },
            { "id": 3, "product_id": 632_910_392, "quantity": 1 },
            { "id": 4, "product_id": null, "quantity": 1 }
        ],
        "note_attributes": []
    })
}

/// A product with so many pieces, as it was in this minute.
pub(super) fn product(pieces: i64, minute: u32) -> Value {
    json!({
        "id": 632_910_392,
        "title": "IPod Nano",
        "product_type": "Electronics",
        "handle": "ipod-nano",
        "status": "active",
        "created_at": "2026-03-01T08:00:00Z",
        "updated_at": format!("2026-03-01T08:{minute:02}:00Z"),
        "variants": [
            { "id": 1, "price": "199.25", "inventory_quantity": pieces },
            { "id": 2, "price": "249.00", "inventory_quantity": 0 }
        ]
    })
}
