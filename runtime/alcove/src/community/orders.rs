//! The shop.

use alcove_plan::value::Value;
use rust_decimal::Decimal;

use super::{
    USERS,
    rng::Rng,
    row::{DAY, Rows},
    user_id,
};

/// Title, type, price in cents.
const PRODUCTS: [(&str, &str, i64); 8] = [
    ("Pour-over Set", "coffee", 4_900),
    ("Single Origin, 1 kg", "coffee", 2_850),
    ("Hand Grinder", "coffee", 11_900),
    ("Enamel Mug", "merch", 1_800),
    ("Community Hoodie", "merch", 5_900),
    ("Field Notebook", "merch", 1_250),
    ("Travel Kettle", "coffee", 7_400),
    ("Gift Card", "gift", 5_000),
];

pub(super) fn build(rows: &mut Rows, rng: &mut Rng) {
    for (number, (title, kind, cents)) in (1..).zip(PRODUCTS) {
        let cells = [
            ("id", product_id(number)),
            ("title", Value::from(title)),
            ("type", Value::from(kind)),
            ("status", Value::from("active")),
            ("price", Value::Num(Decimal::new(cents, 2))),
            ("currency", Value::from("USD")),
            ("inventory", Value::Int(rng.between(0, 400))),
            ("url", Value::from(format!("https://shop.example.com/products/{number}"))),
        ];
        rows.add("shopify_products", &cells);
    }
    for number in 1..=2_500 {
        order(rows, rng, number);
    }
}

fn order(rows: &mut Rows, rng: &mut Rng, number: i64) {
    let customer = rng.between(1, USERS);
    let member = rng.percent(70);
    let at = rng.between(1, 8);
    let cents = usize::try_from(at - 1).ok().and_then(|at| PRODUCTS.get(at)).map_or(0, |(_, _, cents)| *cents);
    let items = rng.between(1, 3);
    let email =
        if member { format!("member{customer:04}@example.com") } else { format!("guest{number:04}@example.com") };
    let days = rng.between(0, 120);
    let fulfilled = days > 3;
    let cells = [
        ("id", Value::from(format!("order_{number:05}"))),
        ("order_number", Value::from(format!("#{}", 1_000 + number))),
        ("customer_email", Value::from(email)),
        ("user_id", if member { user_id(customer) } else { Value::Null }),
        ("status", Value::from(if fulfilled { "fulfilled" } else { "paid" })),
        ("totalPriceAmount", Value::Num(Decimal::new(cents * items, 2))),
        ("currency", Value::from("USD")),
        ("item_count", Value::Int(items)),
        ("product_ids", Value::list(vec![product_id(at)])),
        ("fulfilled_at", if fulfilled { rows.ago((days - 2) * DAY) } else { Value::Null }),
        ("created_at", rows.ago(days * DAY)),
    ];
    rows.add("shopify_orders", &cells);
}

fn product_id(number: i64) -> Value {
    Value::from(format!("product_{number}"))
}
