//! Webhooks of a shop: who has signed them, what they start, what they leave in the platform's tables.

mod apps;
mod calls;

use alcove_plan::value::Timestamp;
use hyper::Method;
use serde_json::{Value, json};

use crate::world::{SHOP, SHOP_SECRETS, World};
use apps::{CREATE_USER, MAIL_ANYWAY, MEMBERS_ONLY, RESTOCKED, THANK_MEMBER};
use calls::{Hook, order, product};

/// The steps of a run that are actions: their types and parameters.
async fn actions(world: &World, accepted: &Value) -> Vec<(String, Value)> {
    let run = accepted["accepted"]["executions"][0]["id"].as_str().unwrap();
    world.until(&format!("/v1/executions/{run}"), |run| run["status"] == "succeeded").await;
    let log = world.admin().get(&format!("/v1/executions/{run}/log")).await.expect(200);
    let steps = log["steps"].as_array().unwrap().iter().filter(|step| step["kind"] == "action");
    steps.map(|step| (step["name"].as_str().unwrap().to_owned(), step["params"].clone())).collect()
}

#[tokio::test]
async fn an_order_of_a_member_starts_apps_with_the_member_and_the_exact_amount() {
    for world in World::each().await {
        world.app("thanks", "active", THANK_MEMBER).await;
        // The address differs in case from the member's.
        let accepted = Hook::of("orders/create", &order("U1@example.COM")).send(&world).await.expect(202);
        assert_eq!((&accepted["event"], &accepted["late"]), (&json!("shopify.order.created"), &json!(false)));
        let actions = actions(&world, &accepted).await;
        let message = "820982911946154508: 123456789012345678.91 USD for 632910392, 921728736";
        assert_eq!(actions, [("send_notification".to_owned(), json!({ "user_id": "u1", "message": message }))]);
    }
}

#[tokio::test]
async fn a_customer_who_is_no_member_is_left_out_by_a_filter() {
    for world in World::each().await {
        world.app("members", "active", MEMBERS_ONLY).await;
        let accepted = Hook::of("orders/create", &order("nobody@example.com")).send(&world).await.expect(202);
        assert_eq!(accepted["accepted"]["executions"], json!([]));
        let member = Hook { id: "hook-2", ..Hook::of("orders/create", &order("u2@example.com")) };
        let accepted = member.send(&world).await.expect(202);
        assert_eq!(accepted["accepted"]["executions"].as_array().unwrap().len(), 1);
    }
}

#[tokio::test]
async fn a_customer_who_is_no_member_becomes_one_and_is_one_from_then_on() {
    for world in World::each().await {
        world.app("creates", "active", CREATE_USER).await;
        let accepted = Hook::of("orders/create", &order("New@example.com")).send(&world).await.expect(202);
        let made = actions(&world, &accepted).await;
        assert_eq!(made[0].1, json!({ "email": "New@example.com" }));
        let user = made[1].1["user_id"].as_str().unwrap().to_owned();
        assert!(user.starts_with("usr_"), "{user}");
        // The next order is a member's.
        world.app("thanks", "active", THANK_MEMBER).await;
        world.admin().post("/v1/apps/creates:pause", Value::Null).await.expect(200);
        let next = Hook { id: "hook-2", ..Hook::of("orders/create", &order("new@EXAMPLE.com")) };
        let accepted = next.send(&world).await.expect(202);
        assert_eq!(actions(&world, &accepted).await[0].1["user_id"], user.as_str());
    }
}

#[tokio::test]
async fn a_customer_who_is_no_member_gets_an_email_anyway() {
    for world in World::each().await {
        world.app("mails", "active", MAIL_ANYWAY).await;
        let accepted = Hook::of("orders/create", &order("nobody@example.com")).send(&world).await.expect(202);
        assert_eq!(actions(&world, &accepted).await[0].1["to"], "nobody@example.com");
    }
}

#[tokio::test]
async fn a_webhook_that_comes_again_is_done_once_even_if_its_customer_is_a_member_by_now() {
    for world in World::each().await {
        world.app("creates", "active", CREATE_USER).await;
        let first = Hook::of("orders/create", &order("new@example.com"));
        let accepted = first.send(&world).await.expect(202);
        actions(&world, &accepted).await;
        let again = first.send(&world).await.expect(202);
        assert_eq!((&again["accepted"]["duplicate"], &again["accepted"]["executions"]), (&json!(true), &json!([])));
    }
}

#[tokio::test]
async fn either_secret_of_the_shop_signs_and_nothing_else_does() {
    let world = World::new().await;
    let body = order("u1@example.com");
    for (at, secret) in SHOP_SECRETS.into_iter().enumerate() {
        let id = format!("hook-{at}");
        Hook { secret, id: &id, ..Hook::of("orders/create", &body) }.send(&world).await.expect(202);
    }
    let other = Hook { secret: "the-secret-of-another-shop", ..Hook::of("orders/create", &body) };
    let elsewhere = Hook { domain: "globex.myshopify.com", ..Hook::of("orders/create", &body) };
    for hook in [other, elsewhere] {
        let answer = hook.send(&world).await;
        answer.problem(401, "unauthenticated");
        assert!(answer.header("www-authenticate").is_some());
    }
    let signed = Hook::of("orders/create", &body);
    let headers = signed.headers();
    let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let mut tampered = signed.body.clone();
    tampered.push(b' ');
    let path = "/v1/hooks/shopify";
    world.stranger().send(Method::POST, path, &headers, tampered).await.problem(401, "unauthenticated");
    // Each header but the time is needed.
    for (name, _) in headers.iter().filter(|(name, _)| name.starts_with("x-") && *name != "x-shopify-triggered-at") {
        let others: Vec<(&str, &str)> = headers.iter().filter(|(other, _)| other != name).copied().collect();
        let answer = world.stranger().send(Method::POST, path, &others, signed.body.clone()).await;
        answer.problem(400, "invalid-request");
    }
}

#[tokio::test]
async fn rows_of_orders_and_products_say_what_the_shop_says() {
    for world in World::each().await {
        // A product that comes back is an event; one that is new or only changes is none.
        world.app("restocked", "active", RESTOCKED).await;
        let mut ids = (0..).map(|at| format!("stock-{at}"));
        let mut stock = async |count: i64, minute: u32| {
            let id = ids.next().unwrap();
            let body = product(count, minute);
            Hook { id: &id, ..Hook::of("products/update", &body) }.send(&world).await.expect(202)
        };
        assert_eq!(stock(0, 1).await["event"], Value::Null);
        let back = stock(5, 2).await;
        assert_eq!(back["event"], "shopify.product.restocked");
        // What the event starts finds the row as the webhook has left it.
        assert_eq!(actions(&world, &back).await[0].1["message"], "IPod Nano: 5 for 199.25 USD");
        assert_eq!(stock(4, 3).await["event"], Value::Null);
        // An older state that comes late changes nothing.
        assert_eq!(stock(0, 1).await["event"], Value::Null);
        assert_eq!(stock(6, 4).await["event"], Value::Null);
    }
}

#[tokio::test]
async fn an_order_that_is_fulfilled_is_one_event_and_its_updates_are_none() {
    let world = World::new().await;
    let mut body = order("u1@example.com");
    body["fulfillment_status"] = json!("fulfilled");
    for (topic, event) in [
        ("orders/fulfilled", json!("shopify.order.fulfilled")),
        ("orders/updated", Value::Null),
        ("customers/create", json!("shopify.customer.created")),
        ("themes/publish", Value::Null),
    ] {
        let answer = Hook { id: topic, ..Hook::of(topic, &body) }.send(&world).await.expect(202);
        assert_eq!((&answer["event"], &answer["known"]), (&event, &json!(topic != "themes/publish")), "{topic}");
    }
}

#[tokio::test]
async fn what_does_not_fit_is_refused_and_an_old_webhook_is_accepted() {
    let world = World::new().await;
    let mut wrong = order("u1@example.com");
    wrong["total_price"] = json!("a lot");
    Hook::of("orders/create", &wrong).send(&world).await.problem(422, "refused");
    Hook::of("orders/create", &json!([])).send(&world).await.problem(422, "refused");
    let signed = Hook { body: b"{".to_vec(), ..Hook::of("orders/create", &json!({})) };
    signed.send(&world).await.problem(400, "invalid-request");
    let old = Timestamp::from_micros(0).unwrap().to_string();
    let old = Hook { triggered_at: &old, ..Hook::of("orders/create", &order("u1@example.com")) };
    assert_eq!(old.send(&world).await.expect(202)["late"], true);
    for (bytes, status) in [(512, 202), (513, 400)] {
        let id = "i".repeat(bytes);
        let answer = Hook { id: &id, ..Hook::of("orders/create", &order("u1@example.com")) }.send(&world).await;
        assert_eq!(answer.status, status, "{bytes}: {}", answer.body);
    }
}
