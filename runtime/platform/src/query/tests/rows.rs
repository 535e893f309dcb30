//! Order, cuts, pages and whose rows.

use alcove_catalog::Catalog;
use alcove_ids::AppId;
use alcove_plan::{
    expr::Compare,
    query::{Limit, SortKey},
    value::Value,
};
use alcove_store::Store;

use super::agreement::{FIELDS, Supply, Tree, lower};
use crate::{
    Platform, Scope,
    testing::{load, rows, scope, select, stages, text},
};

async fn with_users(platform: &Platform, scope: &Scope, count: usize) {
    let users: Vec<String> = (0..count).map(|n| format!(r#"{{"id":"u{n:05}","xp_total":{n},"name":"t"}}"#)).collect();
    load(platform, scope, "users", &format!("[{}]", users.join(","))).await;
}

fn ids(rows: &[Vec<Value>]) -> Vec<&str> {
    rows.iter().map(|row| row[0].as_str().unwrap()).collect()
}

#[tokio::test]
async fn nulls_are_last_both_ways_and_ties_go_by_id() {
    for platform in stages().await {
        let scope = scope("t1");
        let posts = r#"[{"id":"e","quality_score":10},{"id":"d","quality_score":2.5},{"id":"c"},{"id":"b","quality_score":2.50},
                    {"id":"a"}]"#;
        load(&platform, &scope, "posts", posts).await;
        for (descending, expected) in [(false, ["b", "d", "e", "a", "c"]), (true, ["e", "b", "d", "a", "c"])] {
            let mut query = select("posts", &["id"]);
            query.sort = vec![SortKey { field: "quality_score".to_owned(), descending }];
            assert_eq!(ids(&rows(&platform, &scope, &query, &[]).await.0), expected);
        }
        assert_eq!(ids(&rows(&platform, &scope, &select("posts", &["id"]), &[]).await.0), ["a", "b", "c", "d", "e"]);
    }
}

#[tokio::test]
async fn a_row_whose_list_has_the_value_twice_counts_once_against_the_offset() {
    for platform in stages().await {
        let scope = scope("t1");
        let users = r#"[{"id":"1","interests":["x","x"]},{"id":"2","interests":["y"]},{"id":"3","interests":["x"]},
                    {"id":"4","interests":["y","x","x"]}]"#;
        load(&platform, &scope, "users", users).await;
        let (mut query, mut args) = (select("users", &["id"]), Vec::new());
        query.offset = 1;
        let interests = FIELDS.iter().position(|(name, _)| *name == "interests").unwrap();
        lower(&Tree::Test(interests, Compare::Contains, Value::str("x"), Supply::Constant), &mut query, &mut args);
        assert_eq!(ids(&rows(&platform, &scope, &query, &args).await.0), ["3", "4"]);
    }
}

#[tokio::test]
async fn strings_sort_by_code_point() {
    for platform in stages().await {
        let scope = scope("t1");
        load(&platform, &scope, "users", r#"[{"id":"1","name":"é"},{"id":"2","name":"z"},{"id":"3","name":"Z"}]"#)
            .await;
        let mut query = select("users", &["id"]);
        query.sort = vec![SortKey { field: "name".to_owned(), descending: false }];
        assert_eq!(ids(&rows(&platform, &scope, &query, &[]).await.0), ["3", "2", "1"]);
    }
}

#[tokio::test]
async fn a_default_limit_reports_a_cut_and_only_a_cut() {
    for platform in stages().await {
        let scope = scope("t1");
        with_users(&platform, &scope, 1_025).await;
        let mut query = select("users", &["id"]);
        // Around the size of a page, too: 512 and 1,024 rows.
        for (limit, cut) in [(100, true), (512, true), (1_024, true), (1_025, false), (1_026, false)] {
            query.limit = Limit::Default(limit);
            let (found, reported) = rows(&platform, &scope, &query, &[]).await;
            assert_eq!((found.len(), reported), (1_025.min(limit as usize), cut), "{limit}");
        }
        query.limit = Limit::Rows(10);
        query.offset = 1_020;
        assert_eq!(rows(&platform, &scope, &query, &[]).await.0.len(), 5);
        query.limit = Limit::All;
        assert_eq!(rows(&platform, &scope, &query, &[]).await.0.len(), 5);
        query.offset = 2_000;
        assert_eq!(rows(&platform, &scope, &query, &[]).await.0.len(), 0);
    }
}

#[tokio::test]
async fn an_open_query_in_a_file_sees_one_moment_and_keeps_nobody_out() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("alcove.db");
    let store = Store::open_file(&path).await.unwrap();
    let (platform, scope) = (Platform::new(store.clone(), Catalog::shipped()), scope("t1"));
    with_users(&platform, &scope, 4_000).await;
    let query = platform.prepare_query(&select("users", &["id"])).unwrap();
    let mut cursor = platform.open(&scope, &query, &[]).await.unwrap();
    let mut seen = cursor.next_page().await.unwrap().rows;
    load(&platform, &scope, "users", r#"[{"id":"v1"},{"id":"v2"}]"#).await;
    loop {
        let page = cursor.next_page().await.unwrap();
        seen += page.rows;
        if page.last {
            break;
        }
    }
    assert_eq!(seen, 4_000);
    store.close().await;

    let again = Platform::new(Store::open_file(&path).await.unwrap(), Catalog::shipped());
    assert_eq!(rows(&again, &scope, &select("users", &["id"]), &[]).await.0.len(), 4_002, "it lasts");
}

#[tokio::test]
async fn the_state_is_the_running_apps_own() {
    for platform in stages().await {
        let mine = scope("t1");
        let other_app = Scope { app: AppId::parse("other").unwrap(), ..mine.clone() };
        load(&platform, &mine, "app_state", r#"[{"key":"k","value":{"n":1.50}},{"key":"none","value":null}]"#).await;
        load(&platform, &other_app, "app_state", r#"[{"key":"k","value":"theirs"}]"#).await;
        let query = select("app_state", &["key", "value"]);
        let expected = vec![
            vec![text("k"), Value::object([("n", Value::Num("1.50".parse().unwrap()))])],
            vec![text("none"), Value::Null],
        ];
        assert_eq!(rows(&platform, &mine, &query, &[]).await.0, expected);
        assert_eq!(rows(&platform, &other_app, &query, &[]).await.0, vec![vec![text("k"), text("theirs")]]);
        assert!(rows(&platform, &scope("t2"), &query, &[]).await.0.is_empty());
    }
}
