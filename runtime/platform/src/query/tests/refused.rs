//! Plans are untrusted: what the catalog does not allow is refused with its place, before anything is read.

use alcove_plan::{
    codec::Literal,
    expr::Compare,
    failure::Code,
    limits::{FILTER_NODES_MAX, STRING_BYTES_MAX},
    query::{FilterNode, Hole, Limit, Operand, Query, SortKey},
    types::{Kind, Type},
    value::Value,
};

use crate::{
    prepare::Problem,
    testing::{STR, scope, select, stages, text},
};

fn test(field: &str, op: Compare, value: Value) -> FilterNode {
    FilterNode::Test { field: field.to_owned(), op, operand: Operand::Literal(Literal(value)) }
}

fn with(change: impl FnOnce(&mut Query)) -> Query {
    let mut query = select("users", &["id"]);
    change(&mut query);
    query
}

#[tokio::test]
async fn what_the_catalog_does_not_allow_is_refused_with_its_place() {
    for platform in stages().await {
        let cases = [
            (select("secrets", &["id"]), "there is no connector `secrets`"),
            (select("users", &["id", "password"]), "`users` has no field `password`"),
            (select("users", &["id\" FROM effects --"]), "`users` has no field `id\" FROM effects --`"),
            (select("users", &["tenant_id"]), "`users` has no field `tenant_id`"),
            (select("users", &[]), "a query selects at least one field"),
            (
                with(|q| q.filter = vec![test("bio", Compare::Eq, text("x"))]),
                "the field `bio` is not filterable with `eq`",
            ),
            (
                with(|q| q.filter = vec![test("xp_total", Compare::Contains, Value::Int(1))]),
                "the field `xp_total` is not filterable with `contains`",
            ),
            (
                with(|q| q.filter = vec![test("xp_total", Compare::Eq, text("1"))]),
                "the field `xp_total` of type integer does not compare with string by `eq`",
            ),
            (
                with(|q| q.filter = vec![test("name", Compare::Eq, Value::Null)]),
                "the field `name` of type string does not compare with null by `eq`",
            ),
            (
                with(|q| q.filter = vec![FilterNode::Exists { field: "profile".to_owned() }]),
                "the field `profile` is not filterable with `exists`",
            ),
            (
                with(|q| {
                    let operand = Operand::Hole(1);
                    q.holes = vec![Hole { ty: STR, nullable: false }];
                    q.filter = vec![FilterNode::Test { field: "name".to_owned(), op: Compare::Eq, operand }];
                }),
                "the filter names hole 1, but there are 1",
            ),
            (with(|q| q.filter = vec![FilterNode::Not]), "the filter is not one predicate in postfix form"),
            (with(|q| q.filter = vec![FilterNode::And(1)]), "the filter is not one predicate in postfix form"),
            (with(|q| q.filter = vec![FilterNode::And(0); 2]), "the filter is not one predicate in postfix form"),
            (
                with(|q| q.sort = vec![SortKey { field: "interests".to_owned(), descending: false }]),
                "the field `interests` is not sortable",
            ),
            (with(|q| q.limit = Limit::Rows(5_001)), "the limit 5001 is larger than 5000, the maximum of `users`"),
        ];
        for (query, message) in cases {
            let error = platform.prepare_query(&query).unwrap_err();
            let Problem::Query(problem) = &error.problem else { panic!("{error}") };
            assert_eq!((problem.to_string().as_str(), error.place), (message, 7));
        }
        assert!(platform.prepare_query(&with(|q| q.limit = Limit::Rows(5_000))).is_ok());
    }
}

#[tokio::test]
async fn a_filter_may_be_as_large_as_the_limit_and_no_larger() {
    for platform in stages().await {
        let wide = |nodes: usize| {
            with(|q| {
                q.filter = vec![test("name", Compare::Eq, text("x")); nodes - 1];
                q.filter.push(FilterNode::Or(u16::try_from(nodes - 1).unwrap()));
            })
        };
        let prepared = platform.prepare_query(&wide(FILTER_NODES_MAX)).unwrap();
        assert!(platform.open(&scope("t1"), &prepared, &[]).await.is_ok(), "the database takes the largest filter");
        assert!(platform.prepare_query(&wide(FILTER_NODES_MAX + 1)).is_err());
    }
}

#[tokio::test]
async fn a_value_that_does_not_fit_its_hole_is_a_defect() {
    for platform in stages().await {
        let query = |nullable| {
            with(|q| {
                q.holes = vec![Hole { ty: Type::One(Kind::Str), nullable }];
                let operand = Operand::Hole(0);
                q.filter = vec![FilterNode::Test { field: "name".to_owned(), op: Compare::Eq, operand }];
            })
        };
        let strict = platform.prepare_query(&query(false)).unwrap();
        let long = |bytes: usize| vec![text(&"x".repeat(bytes))];
        let scope = scope("t1");
        for args in
            [vec![], vec![Value::Int(1)], vec![Value::Null], vec![text("a"), text("b")], long(STRING_BYTES_MAX + 1)]
        {
            assert_eq!(platform.open(&scope, &strict, &args).await.unwrap_err().code, Code::Internal, "{}", args.len());
        }
        assert!(platform.open(&scope, &strict, &long(STRING_BYTES_MAX)).await.is_ok());
        let loose = platform.prepare_query(&query(true)).unwrap();
        assert!(platform.open(&scope, &loose, &[Value::Null]).await.is_ok());
    }
}
