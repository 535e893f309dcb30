use super::Edge;

/// What only some crates may name, because a rule holds at their border: the first part of a package's name, and those
/// who may name it. The tests across crates and the benchmarks measure these things and are free.
const BORDERS: [(&str, &[&str]); 8] = [
    ("wasmtime", &["alcove-host"]),
    ("sqlx", &["alcove-store"]),
    ("rusqlite", &["alcove-store"]),
    ("axum", &["alcove-api"]),
    ("reqwest", &["alcove-egress"]),
    ("hickory", &["alcove-egress"]),
    ("wit-bindgen", &["alcove-executor"]),
    (
        "tokio",
        &[
            "alcove-host",
            "alcove-store",
            "alcove-egress",
            "alcove-platform",
            "alcove-execution",
            "alcove-api",
            "alcove",
        ],
    ),
];

const FREE: [&str; 3] = ["alcove-tests", "alcove-bench", "alcove-crash"];

/// The dependencies that cross a border; a crate's own tests count.
pub(super) fn violations(edges: &[Edge]) -> Vec<String> {
    edges.iter().filter(|edge| !FREE.contains(&edge.from.as_str())).filter_map(violation).collect()
}

fn violation(edge: &Edge) -> Option<String> {
    let Edge { from, to, .. } = edge;
    let belongs = |family: &str| to.strip_prefix(family).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'));
    let (family, allowed) = BORDERS.iter().find(|(family, _)| belongs(family))?;
    let crossed = !allowed.contains(&from.as_str());
    crossed.then(|| format!("`{from}` may not name `{to}`: only `{}` may name `{family}`", allowed.join("`, `")))
}

#[test]
fn a_second_crate_that_names_the_database_is_found() {
    let bad = [super::edge("alcove-platform", "sqlx-core")];
    assert_eq!(violations(&bad), ["`alcove-platform` may not name `sqlx-core`: only `alcove-store` may name `sqlx`"]);
}

#[test]
fn a_pure_crate_that_waits_is_found() {
    assert_eq!(violations(&[super::edge("alcove-compiler", "tokio")]).len(), 1);
}

#[test]
fn a_test_that_goes_around_a_border_is_found() {
    let bad = Edge { only_tests: true, ..super::edge("alcove-platform", "wasmtime") };
    assert_eq!(violations(&[bad]).len(), 1);
}

#[test]
fn names_that_only_begin_alike_are_not_meant() {
    assert_eq!(violations(&[super::edge("alcove-plan", "axumatic")]), Vec::<String>::new());
}
