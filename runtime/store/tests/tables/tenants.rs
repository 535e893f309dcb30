//! Tenants, and what is kept for each as a whole: counters, notices.

use alcove_store::tables::{counters, notices, reservations, tenants};

use crate::{
    databases::databases,
    samples::{counter_row, notice_row, reservation_row, run, tenant},
};

#[tokio::test]
async fn a_tenant_is_added_once_and_its_generation_grows() {
    for db in databases().await {
        let (a, b) = (tenant("t1"), tenant("t2"));
        db.run(|d| tenants::ensure(d, &a, "{\"n\":1}", 5)).await;
        db.run(|d| tenants::ensure(d, &a, "{}", 6)).await;
        db.run(|d| tenants::ensure(d, &b, "{}", 6)).await;
        let bumped = db.read(|d| tenants::bump_generation(d, &[&a, &tenant("none")]), tenants::decode_generation).await;
        assert_eq!(bumped, [(a.clone(), 1)], "{}", db.name);
        let all = db.read(|d| tenants::generations(d, &[&b, &a, &tenant("none")]), tenants::decode_generation).await;
        assert_eq!(all, [(a.clone(), 1), (b.clone(), 0)]);
        let expected = |tenant: &alcove_ids::TenantId, generation, settings: &str, created_at| tenants::Row {
            tenant: tenant.clone(),
            generation,
            settings: settings.to_owned(),
            created_at,
        };
        assert_eq!(db.read(|d| tenants::get(d, &a), tenants::Row::decode).await, [expected(&a, 1, "{\"n\":1}", 5)]);
        db.run(|d| tenants::set_settings(d, &a, "[]")).await;
        let rows = [expected(&a, 1, "[]", 5), expected(&b, 0, "{}", 6)];
        assert_eq!(db.read(|d| tenants::lock(d, &[&b, &a]), tenants::Row::decode).await, rows);
        assert_eq!(db.read(|d| tenants::list(d, "", 9), tenants::Row::decode).await, rows);
        assert_eq!(db.read(|d| tenants::list(d, "t1", 9), tenants::Row::decode).await, rows[1..]);
    }
}

#[tokio::test]
async fn counters_add_up_until_no_integer_holds_the_sum() {
    for db in databases().await {
        let add = |n| {
            let row = counter_row("t1", "c", n);
            let db = &db;
            async move { db.attempt(|d| counters::add(d, std::slice::from_ref(&row))).await }
        };
        add(5).await.unwrap();
        let sum = add(-7).await.unwrap();
        assert_eq!(counters::Row::decode(&sum[0]).unwrap().value, -2, "{}", db.name);
        add(i64::MAX).await.unwrap();
        assert!(add(3).await.unwrap_err().is_refusal(), "{}", db.name);
        let kept = db.read(|d| counters::get(d, &tenant("t1"), "c", 60), counters::Row::decode).await;
        assert_eq!(kept, [counter_row("t1", "c", i64::MAX - 2)]);
        db.run(|d| counters::prune(d, &tenant("t1"), 60)).await;
        assert_eq!(db.run(|d| counters::get(d, &tenant("t1"), "c", 60)).await.len(), 1);
        db.run(|d| counters::prune(d, &tenant("t1"), 61)).await;
        assert!(db.run(|d| counters::get(d, &tenant("t1"), "c", 60)).await.is_empty());
    }
}

#[tokio::test]
async fn counters_are_listed_from_a_window_on() {
    for db in databases().await {
        let at = |name, window_start| counters::Row { window_start, ..counter_row("t1", name, 1) };
        db.run(|d| counters::add(d, &[at("a", 60), at("a", 120), at("b", 59), at("b", 60)])).await;
        let read = db.read(|d| counters::from(d, &tenant("t1"), 60), counters::Row::decode).await;
        assert_eq!(read, [at("a", 60), at("a", 120), at("b", 60)], "{}", db.name);
    }
}

#[tokio::test]
async fn a_reservation_is_there_once_until_it_is_taken_away() {
    for db in databases().await {
        let (one, two) = (reservation_row("t1", "r1", 5), reservation_row("t1", "r2", 7));
        db.run(|d| reservations::insert(d, &[one.clone(), two.clone()])).await;
        let again = db.attempt(|d| reservations::insert(d, std::slice::from_ref(&one))).await;
        assert!(again.unwrap_err().is_refusal(), "{}", db.name);
        let sums = || db.read(|d| reservations::sums(d, &tenant("t1")), counters::Row::decode);
        assert_eq!(sums().await, [counter_row("t1", "c", 12)], "{}", db.name);
        let of_run = db.read(|d| reservations::of_run(d, &tenant("t1"), &run("r1")), reservations::Row::decode).await;
        assert_eq!(of_run, std::slice::from_ref(&one), "{}", db.name);
        db.run(|d| reservations::delete(d, std::slice::from_ref(&one))).await;
        assert_eq!(sums().await, [two.counter()], "{}", db.name);
        db.run(|d| reservations::delete_of_run(d, &tenant("t1"), &run("r2"))).await;
        assert!(sums().await.is_empty(), "{}", db.name);
        db.run(|d| reservations::insert(d, std::slice::from_ref(&one))).await;
        db.run(|d| reservations::prune(d, &tenant("t1"), 60)).await;
        assert_eq!(sums().await.len(), 1, "{}", db.name);
        db.run(|d| reservations::prune(d, &tenant("t1"), 61)).await;
        assert!(sums().await.is_empty(), "{}", db.name);
    }
}

#[tokio::test]
async fn notices_are_listed_newest_first_page_by_page() {
    for db in databases().await {
        let rows = [notice_row("t1", "x", 1), notice_row("t1", "y", 2), notice_row("t1", "z", 2)];
        db.run(|d| notices::insert(d, &rows)).await;
        assert!(db.attempt(|d| notices::insert(d, &rows[..1])).await.unwrap_err().is_refusal());
        let page = async |before: (i64, &str)| {
            db.read(|d| notices::list(d, &tenant("t1"), before, 2), notices::Row::decode).await
        };
        assert_eq!(page((i64::MAX, "")).await, [rows[2].clone(), rows[1].clone()], "{}", db.name);
        assert_eq!(page((2, "y")).await, [rows[0].clone()]);
    }
}
