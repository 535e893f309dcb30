//! What the topics of webhooks mean here.

/// What a webhook is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Topic {
    /// An order: its row is kept; and this event, where the topic is one.
    Order(Option<&'static str>),
    /// A new customer.
    Customer,
    /// A product: its row is kept; where it had run out and is there again, that is an event.
    Product,
    /// Nothing of ours.
    Other,
}

/// Each topic with what it is. An order that is fulfilled comes as `orders/fulfilled`, and again as `orders/updated`:
/// only the first is an event.
const TOPICS: [(&str, Topic); 8] = [
    ("orders/create", Topic::Order(Some("shopify.order.created"))),
    ("orders/fulfilled", Topic::Order(Some("shopify.order.fulfilled"))),
    ("orders/updated", Topic::Order(None)),
    ("orders/paid", Topic::Order(None)),
    ("orders/cancelled", Topic::Order(None)),
    ("customers/create", Topic::Customer),
    ("products/create", Topic::Product),
    ("products/update", Topic::Product),
];

impl Topic {
    /// The topic of this name.
    pub(super) fn parse(name: &str) -> Self {
        TOPICS.iter().find(|(known, _)| *known == name).map_or(Self::Other, |(_, topic)| *topic)
    }
}
