//! Apps and their versions.

use alcove_store::tables::{
    apps::{self, Status},
    versions,
};

use crate::{
    databases::databases,
    samples::{app, app_key, app_row, tenant, version_row},
};

#[tokio::test]
async fn an_app_is_found_as_it_was_added_and_added_once() {
    for db in databases().await {
        let rows = [app_row("t1", "b"), apps::Row { activator: Some("{}".to_owned()), ..app_row("t1", "a") }];
        db.run(|d| apps::insert(d, &rows)).await;
        assert!(db.attempt(|d| apps::insert(d, &rows[..1])).await.unwrap_err().is_refusal(), "{}", db.name);
        for get in [apps::get, apps::get_for_update] {
            let found = db.read(|d| get(d, &tenant("t1"), &app("a")), apps::Row::decode).await;
            assert_eq!(found, rows[1..], "{}", db.name);
        }
        db.run(|d| apps::set_status(d, &app_key("t1", "a"), Status::Deleted, None, 3)).await;
        let list = db.read(|d| apps::list(d, &tenant("t1"), "", 9), apps::Row::decode).await;
        assert_eq!(list, rows[..1]);
        assert!(db.run(|d| apps::list(d, &tenant("t1"), "b", 9)).await.is_empty());
    }
}

#[tokio::test]
async fn an_app_changes_its_status_its_version_and_its_active_version() {
    for db in databases().await {
        let key = app_key("t1", "a");
        let mut expected = apps::Row { failures_in_row: 4, ..app_row("t1", "a") };
        db.run(|d| apps::insert(d, std::slice::from_ref(&expected))).await;
        db.run(|d| apps::set_status(d, &key, Status::Error, Some("why"), 10)).await;
        db.run(|d| apps::set_version(d, &key, 3, "name", "\"me\"", 11)).await;
        expected = apps::Row {
            status: Status::Error,
            reason: Some("why".to_owned()),
            version: 3,
            name: "name".to_owned(),
            author: "\"me\"".to_owned(),
            updated_at: 11,
            ..expected
        };
        let get = async || db.read(|d| apps::get(d, &tenant("t1"), &app("a")), apps::Row::decode).await;
        assert_eq!(get().await, [expected.clone()], "{}", db.name);
        db.run(|d| apps::set_active_version(d, &key, 3, "\"you\"", 12)).await;
        expected = apps::Row {
            status: Status::Active,
            reason: None,
            failures_in_row: 0,
            active_version: Some(3),
            activator: Some("\"you\"".to_owned()),
            updated_at: 12,
            ..expected
        };
        assert_eq!(get().await, [expected], "{}", db.name);
    }
}

#[tokio::test]
async fn failures_are_counted_for_many_apps_at_once_and_cleared() {
    for db in databases().await {
        let (a, b, none) = (app_key("t1", "a"), app_key("t2", "a"), app_key("t1", "none"));
        db.run(|d| apps::insert(d, &[app_row("t1", "a"), app_row("t2", "a"), app_row("t2", "b")])).await;
        db.run(|d| apps::count_failures(d, &[(&a, 1), (&b, 2)])).await;
        let mut counted = db.read(|d| apps::count_failures(d, &[(&a, 1), (&none, 1)]), apps::Standing::decode).await;
        let standing = |key: &apps::Key, failures_in_row| apps::Standing {
            key: key.clone(),
            status: Status::Active,
            active_version: Some(1),
            failures_in_row,
        };
        assert_eq!(counted.pop(), Some(standing(&a, 2)), "{}", db.name);
        assert!(counted.is_empty());
        for standings in [apps::standings, apps::standings_for_update] {
            let found = db.read(|d| standings(d, &[&b, &a, &none]), apps::Standing::decode).await;
            assert_eq!(found, [standing(&a, 2), standing(&b, 2)], "{}", db.name);
        }
        db.run(|d| apps::clear_failures(d, &[&a])).await;
        let found = db.read(|d| apps::standings(d, &[&a, &b]), apps::Standing::decode).await;
        assert_eq!(found, [standing(&a, 0), standing(&b, 2)], "{}", db.name);
    }
}

#[tokio::test]
async fn a_version_is_found_by_its_number_and_by_the_digest_of_its_plan() {
    for db in databases().await {
        let rows = [version_row("t1", "a", 1), version_row("t1", "a", 2), version_row("t2", "a", 3)];
        db.run(|d| versions::insert(d, &rows)).await;
        assert!(db.attempt(|d| versions::insert(d, &rows[..1])).await.unwrap_err().is_refusal(), "{}", db.name);
        let found = db.read(|d| versions::get(d, &tenant("t1"), &app("a"), 2), versions::Row::decode).await;
        assert_eq!(found, rows[1..2], "{}", db.name);
        let by = async |digest| db.read(|d| versions::by_digest(d, &tenant("t1"), digest), versions::Row::decode).await;
        assert_eq!(by("d1").await, rows[..1]);
        assert!(by("d3").await.is_empty(), "a plan of another tenant is not found");
        let list = async |before| {
            let list = db.read(|d| versions::list(d, &tenant("t1"), &app("a"), before, 9), versions::Summary::decode);
            list.await.iter().map(|summary| summary.version).collect::<Vec<_>>()
        };
        assert_eq!(list(u32::MAX).await, [2, 1]);
        assert_eq!(list(2).await, [1]);
    }
}

#[tokio::test]
async fn the_plans_of_active_apps_are_read_page_by_page() {
    for db in databases().await {
        let apps = [
            app_row("t1", "a"),
            apps::Row { status: Status::Paused, ..app_row("t1", "b") },
            apps::Row { active_version: Some(2), ..app_row("t1", "c") },
            apps::Row { active_version: None, status: Status::Draft, ..app_row("t1", "d") },
            app_row("t2", "a"),
        ];
        let plans = ["a", "b", "c"].map(|of| [version_row("t1", of, 1), version_row("t1", of, 2)]).concat();
        db.run(|d| apps::insert(d, &apps)).await;
        db.run(|d| versions::insert(d, &plans)).await;
        db.run(|d| versions::insert(d, &[version_row("t2", "a", 1)])).await;
        let name = |plan: &versions::ActivePlan| (plan.tenant.to_string(), plan.app.to_string(), plan.version);
        let active = async |after: (&str, &str), limit| {
            let plans = db.read(|d| versions::active(d, after, limit), versions::ActivePlan::decode).await;
            plans.iter().map(name).collect::<Vec<_>>()
        };
        let all = [("t1", "a", 1), ("t1", "c", 2), ("t2", "a", 1)];
        let all = all.map(|(tenant, app, version)| (tenant.to_owned(), app.to_owned(), version));
        assert_eq!(active(("", ""), 2).await, all[..2], "{}", db.name);
        assert_eq!(active(("t1", "c"), 2).await, all[2..]);
        let of = async |after| {
            let plans = db.read(|d| versions::active_of(d, &tenant("t1"), after, 9), versions::ActivePlan::decode);
            plans.await.iter().map(name).collect::<Vec<_>>()
        };
        assert_eq!(of("").await, all[..2]);
        assert_eq!(of("a").await, all[1..2]);
    }
}
