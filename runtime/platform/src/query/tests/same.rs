//! Both databases give the same pages, byte by byte.

use alcove_catalog::Catalog;
use alcove_plan::query::{Limit, Query, SortKey};
use proptest::{prelude::*, sample::select as one_of, test_runner::TestRunner};

use super::agreement::{FIELDS, TEXTS, Tree, lower, tree, users};
use crate::{
    Platform, Scope,
    testing::{load, scope, select, stages},
};

fn sort() -> impl Strategy<Value = Vec<SortKey>> {
    let users = Catalog::shipped().connector("users").unwrap();
    let names = FIELDS.iter().map(|(name, _)| *name).filter(|name| users.field(name).unwrap().sortable());
    let key = (one_of(names.collect::<Vec<_>>()), any::<bool>());
    let key = key.prop_map(|(field, descending)| SortKey { field: field.to_owned(), descending });
    prop::collection::vec(key, 0..3)
}

fn limit() -> impl Strategy<Value = Limit> {
    prop_oneof![Just(Limit::All), (0_u32..1_100).prop_map(Limit::Rows), (0_u32..1_100).prop_map(Limit::Default)]
}

async fn pages(platform: &Platform, scope: &Scope, query: &Query, args: &[alcove_plan::value::Value]) -> Vec<Vec<u8>> {
    let prepared = platform.prepare_query(query).unwrap();
    let mut cursor = platform.open(scope, &prepared, args).await.unwrap();
    let mut pages = Vec::new();
    loop {
        let page = cursor.next_page().await.unwrap();
        pages.push(page.message);
        if page.last {
            return pages;
        }
    }
}

#[test]
fn the_same_query_over_the_same_rows_gives_the_same_pages() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let names: Vec<&str> = FIELDS.iter().map(|(name, _)| *name).collect();
    let scope = scope("t1");
    let texts: Vec<&str> = TEXTS.into_iter().filter(|text| !text.contains('\0')).collect();
    let [sqlite, postgres] = runtime.block_on(async {
        let stages = stages().await;
        for stage in &stages {
            // More than a page.
            load(stage, &scope, "users", &users(600, &texts)).await;
        }
        stages
    });
    let mut runner =
        TestRunner::new(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() });
    let same = |(tree, sort, limit, offset): (Tree, Vec<SortKey>, Limit, u32)| {
        let mut args = Vec::new();
        let mut query = Query { sort, limit, offset, ..select("users", &names) };
        lower(&tree, &mut query, &mut args);
        let [left, right] = runtime.block_on(async {
            [pages(&sqlite, &scope, &query, &args).await, pages(&postgres, &scope, &query, &args).await]
        });
        prop_assert_eq!(left, right);
        Ok(())
    };
    runner.run(&(tree(), sort(), limit(), one_of(vec![0, 0, 7, 590])), same).unwrap();
}
