//! Products.

use alcove_execution::ToldRow;
use serde_json::{Value, json};

use super::{
    Shop,
    field::{self, amount, count, id, items, text, time},
};
use crate::ControlError;

/// What an event says of a product.
pub(super) fn payload(product: &Value) -> Result<Value, ControlError> {
    Ok(json!({ "product_id": id(product, "id")? }))
}

/// How many pieces of it there are, of all its variants.
pub(super) fn inventory(product: &Value) -> i64 {
    items(product, "variants").iter().map(|variant| count(variant, "inventory_quantity").max(0)).sum()
}

/// The product as a row. Its price is that of its first variant.
pub(super) fn row(shop: &Shop, product: &Value) -> Result<ToldRow, ControlError> {
    let price = items(product, "variants").first().map(|variant| amount(variant, "price")).transpose()?;
    let row = json!({
        "id": id(product, "id")?,
        "title": text(product, "title"),
        "type": text(product, "product_type"),
        "status": text(product, "status"),
        "price": price.unwrap_or_else(|| json!(0)),
        "currency": shop.currency,
        "inventory": inventory(product),
        "url": format!("https://{}/products/{}", shop.domain, text(product, "handle")),
        "created_at": time(product, "created_at"),
        "updated_at": time(product, "updated_at"),
    });
    Ok(field::row("shopify_products", row))
}
