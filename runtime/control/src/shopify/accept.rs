//! A webhook comes in.

use alcove_catalog::ingest;
use alcove_execution::{AcceptError, IncomingEvent, ToldRow};
use alcove_plan::value::Timestamp;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::{Shop, customer, field, order, product, signature::is_signed, topic::Topic};
use crate::{Accepted, Control, ControlError, events::started};

/// What the sources of a shop's events begin with.
const SOURCE_PREFIX: &str = "shopify:";
/// The event of a product that is there again.
const RESTOCKED: &str = "shopify.product.restocked";
/// The event of a new customer.
const CUSTOMER_CREATED: &str = "shopify.customer.created";

/// A webhook, as it came in.
#[derive(Clone, Copy, Debug)]
pub struct ShopCall<'c> {
    /// `X-Shopify-Shop-Domain`.
    pub domain: &'c str,
    /// `X-Shopify-Hmac-Sha256`.
    pub signature: &'c str,
    /// `X-Shopify-Webhook-Id`: the same again is the same webhook.
    pub id: &'c str,
    /// `X-Shopify-Topic`.
    pub topic: &'c str,
    /// `X-Shopify-Triggered-At`.
    pub triggered_at: Option<&'c str>,
    /// The body, as it came in.
    pub body: &'c [u8],
}

/// What became of a webhook.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ShopAnswer {
    /// The event that it was; none where it only changed a row, or means nothing here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event: Option<&'static str>,
    /// Whether its topic means anything here.
    pub known: bool,
    /// Whether it comes long after it happened. It is accepted all the same: what was accepted before is a duplicate.
    pub late: bool,
    /// What became of the event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accepted: Option<Accepted>,
}

/// How long after it happened a webhook is late, in microseconds: an hour.
const LATE_US: i64 = 3_600_000_000;

/// What a webhook comes to.
struct Mapped {
    event: Option<(&'static str, Value)>,
    row: Option<ToldRow>,
}

impl Control {
    /// Accepts a webhook of a shop: once this returns, what it says is durable. The customer is matched with the
    /// tenant's users by e-mail address. A webhook of a topic that means nothing here is answered too, as its sender
    /// would repeat it otherwise.
    ///
    /// # Errors
    ///
    /// [`ControlError::Unsigned`] if the shop is not known, or has not signed this: which, is not told.
    pub async fn accept_shopify(&self, call: ShopCall<'_>) -> Result<ShopAnswer, ControlError> {
        let shop = self.shops.shop(&call.domain.to_ascii_lowercase()).await?;
        if !is_signed(shop.as_ref(), call.body, call.signature) {
            return Err(ControlError::Unsigned);
        }
        let shop = shop.ok_or(ControlError::Unsigned)?;
        if !self.engine.tenant_settings(&shop.tenant).await?.is_served() {
            return Err(ControlError::Suspended);
        }
        let payload = ingest::json(call.body);
        let payload = payload.map_err(|error| ControlError::Invalid(format!("the webhook's body: {error}")))?;
        let topic = Topic::parse(call.topic);
        let timestamp = call.triggered_at.and_then(Timestamp::parse);
        let now_us = self.engine.clock().now().micros();
        let late = timestamp.is_some_and(|at| now_us.saturating_sub(at.micros()) > LATE_US);
        let Mapped { event, row } = self.mapped(&shop, topic, &payload).await?;
        let Some((name, payload)) = event else {
            if let Some(row) = &row {
                self.engine.keep_told(&shop.tenant, row).await?;
            }
            return Ok(ShopAnswer { event: None, known: topic != Topic::Other, late, accepted: None });
        };
        let incoming = IncomingEvent {
            source: format!("{SOURCE_PREFIX}{}", shop.domain),
            id: call.id.to_owned(),
            name: name.to_owned(),
            timestamp,
            payload,
        };
        let accepted = match self.engine.accept_told(&shop.tenant, incoming, row.as_ref()).await {
            Ok(reply) => {
                let duplicate = reply.duplicate;
                Accepted { event_id: call.id.to_owned(), duplicate, executions: started(reply) }
            }
            // Its signature says that the shop has sent it before. What differs is ours: the customer is a user now.
            Err(AcceptError::Conflict { .. }) => {
                Accepted { event_id: call.id.to_owned(), duplicate: true, executions: Vec::new() }
            }
            Err(error) => return Err(error.into()),
        };
        Ok(ShopAnswer { event: Some(name), known: true, late, accepted: Some(accepted) })
    }

    async fn mapped(&self, shop: &Shop, topic: Topic, payload: &Value) -> Result<Mapped, ControlError> {
        match topic {
            Topic::Order(event) => {
                let member = self.matched(shop, payload).await?;
                let row = Some(order::row(payload, member.as_deref())?);
                let event = event.map(|name| order::payload(payload, member.as_deref()).map(|payload| (name, payload)));
                Ok(Mapped { event: event.transpose()?, row })
            }
            Topic::Customer => {
                let member = self.matched(shop, payload).await?;
                let event = (CUSTOMER_CREATED, customer::payload(payload, member.as_deref()));
                Ok(Mapped { event: Some(event), row: None })
            }
            Topic::Product => {
                let before = self.engine.inventory(&shop.tenant, &field::id(payload, "id")?).await?;
                let is_back = before.is_some_and(|before| before <= 0) && product::inventory(payload) > 0;
                let event = is_back.then(|| product::payload(payload).map(|payload| (RESTOCKED, payload)));
                Ok(Mapped { event: event.transpose()?, row: Some(product::row(shop, payload)?) })
            }
            Topic::Other => Ok(Mapped { event: None, row: None }),
        }
    }

    /// The user who is the customer.
    async fn matched(&self, shop: &Shop, payload: &Value) -> Result<Option<String>, ControlError> {
        match customer::email(payload) {
            "" => Ok(None),
            email => Ok(self.engine.member_by_email(&shop.tenant, email).await?),
        }
    }
}
