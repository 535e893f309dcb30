//! Orders.

use alcove_execution::ToldRow;
use serde_json::{Map, Value, json};

use super::{
    customer,
    field::{self, amount, count, id, items, text, time},
};
use crate::ControlError;

/// What an event says of an order.
pub(super) fn payload(order: &Value, member: Option<&str>) -> Result<Value, ControlError> {
    let mut payload = Map::from_iter([
        ("order_id".to_owned(), json!(id(order, "id")?)),
        ("shopify_customer_email".to_owned(), json!(customer::email(order))),
        ("totalPriceAmount".to_owned(), amount(order, "total_price")?),
        ("currency".to_owned(), json!(text(order, "currency"))),
        ("product_ids".to_owned(), products(order)?),
    ]);
    if let Some(member) = member {
        payload.insert("user_id".to_owned(), json!(member));
    }
    Ok(Value::Object(payload))
}

/// The order as a row.
pub(super) fn row(order: &Value, member: Option<&str>) -> Result<ToldRow, ControlError> {
    let row = json!({
        "id": id(order, "id")?,
        "order_number": id(order, "order_number")?,
        "customer_email": customer::email(order),
        "user_id": member,
        "status": status(order),
        "totalPriceAmount": amount(order, "total_price")?,
        "currency": text(order, "currency"),
        "item_count": items(order, "line_items").iter().map(|item| count(item, "quantity")).sum::<i64>(),
        "product_ids": products(order)?,
        "fulfilled_at": fulfilled_at(order),
        "created_at": time(order, "created_at"),
        "updated_at": time(order, "updated_at"),
    });
    Ok(field::row("shopify_orders", row))
}

/// The word that connectors have for the state of an order.
fn status(order: &Value) -> &'static str {
    if order.get("cancelled_at").is_some_and(|at| !at.is_null()) {
        "cancelled"
    } else if text(order, "fulfillment_status") == "fulfilled" {
        "fulfilled"
    } else if text(order, "financial_status") == "paid" {
        "paid"
    } else {
        "pending"
    }
}

/// When the last part of a fulfilled order was sent.
fn fulfilled_at(order: &Value) -> Value {
    if text(order, "fulfillment_status") != "fulfilled" {
        return Value::Null;
    }
    let last = items(order, "fulfillments").last();
    last.map_or_else(|| time(order, "updated_at"), |fulfillment| time(fulfillment, "created_at"))
}

/// The products of an order, each once, in its order. A line that sells no product of the shop has none.
fn products(order: &Value) -> Result<Value, ControlError> {
    let mut products: Vec<String> = Vec::new();
    for line in items(order, "line_items") {
        if line.get("product_id").is_none_or(Value::is_null) {
            continue;
        }
        let product = id(line, "product_id")?;
        if !products.contains(&product) {
            products.push(product);
        }
    }
    Ok(json!(products))
}
