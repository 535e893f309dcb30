use super::Edge;

/// Each crate of the product with everything of the workspace that it may depend on. To add an arrow is a change of the
/// architecture: README.md draws them.
const ARROWS: [(&str, &[&str]); 21] = [
    ("alcove-plan", &[]),
    ("alcove-ids", &[]),
    ("alcove-egress", &[]),
    ("alcove-guest-toolchain", &[]),
    ("alcove-test-postgres", &[]),
    ("alcove-builtins", &["alcove-plan"]),
    ("alcove-catalog", &["alcove-plan"]),
    ("alcove-compiler", &["alcove-plan", "alcove-builtins", "alcove-catalog"]),
    ("alcove-executor", &["alcove-plan", "alcove-builtins"]),
    ("alcove-executor-wasm", &["alcove-guest-toolchain"]),
    ("alcove-journal", &["alcove-ids", "alcove-plan"]),
    ("alcove-trigger", &["alcove-ids", "alcove-plan", "alcove-catalog", "alcove-executor"]),
    ("alcove-secrets", &["alcove-ids"]),
    ("alcove-store", &["alcove-ids"]),
    ("alcove-host", &["alcove-ids", "alcove-plan"]),
    (
        "alcove-platform",
        &["alcove-ids", "alcove-plan", "alcove-builtins", "alcove-catalog", "alcove-store", "alcove-egress"],
    ),
    (
        "alcove-execution",
        &[
            "alcove-ids",
            "alcove-plan",
            "alcove-builtins",
            "alcove-catalog",
            "alcove-journal",
            "alcove-trigger",
            "alcove-store",
            "alcove-host",
            "alcove-egress",
            "alcove-platform",
            "alcove-executor",
            "alcove-executor-wasm",
        ],
    ),
    (
        "alcove-control",
        &[
            "alcove-ids",
            "alcove-plan",
            "alcove-builtins",
            "alcove-catalog",
            "alcove-compiler",
            "alcove-journal",
            "alcove-store",
            "alcove-execution",
        ],
    ),
    ("alcove-api", &["alcove-plan", "alcove-control"]),
    ("xtask", &["alcove-guest-toolchain", "alcove-test-postgres"]),
    (
        "alcove",
        &[
            "alcove-ids",
            "alcove-plan",
            "alcove-builtins",
            "alcove-catalog",
            "alcove-compiler",
            "alcove-executor",
            "alcove-executor-wasm",
            "alcove-store",
            "alcove-host",
            "alcove-egress",
            "alcove-platform",
            "alcove-execution",
            "alcove-control",
            "alcove-api",
        ],
    ),
];

/// Crates that are no part of the product: they may see all of it, and nothing may see them.
const OUTSIDE: [&str; 3] = ["alcove-tests", "alcove-bench", "alcove-crash"];

/// The arrows that are not allowed. A crate's own tests are free.
pub(super) fn violations(edges: &[Edge]) -> Vec<String> {
    let ours = |name: &str| name == "xtask" || name == "alcove" || name.starts_with("alcove-");
    let inner =
        edges.iter().filter(|edge| !edge.only_tests && ours(&edge.to) && !OUTSIDE.contains(&edge.from.as_str()));
    inner.filter_map(violation).collect()
}

fn violation(edge: &Edge) -> Option<String> {
    let Edge { from, to, .. } = edge;
    match ARROWS.iter().find(|(name, _)| name == from) {
        None => Some(format!("`{from}` has no arrows yet: give it some in this test and in README.md")),
        Some((_, allowed)) if allowed.contains(&to.as_str()) => None,
        Some(_) => Some(format!("`{from}` may not depend on `{to}`")),
    }
}

#[test]
fn an_arrow_upwards_is_found() {
    let bad = [super::edge("alcove-plan", "alcove-host")];
    assert_eq!(violations(&bad), ["`alcove-plan` may not depend on `alcove-host`"]);
}

#[test]
fn the_product_does_not_see_its_tests() {
    let bad = [super::edge("alcove", "alcove-tests")];
    assert_eq!(violations(&bad), ["`alcove` may not depend on `alcove-tests`"]);
}

#[test]
fn a_crate_without_arrows_is_found() {
    let bad = [super::edge("alcove-new", "alcove-plan")];
    assert_eq!(violations(&bad), ["`alcove-new` has no arrows yet: give it some in this test and in README.md"]);
}

#[test]
fn no_arrow_can_close_a_circle() {
    for (from, allowed) in ARROWS {
        let place = |name: &str| ARROWS.iter().position(|(crate_name, _)| *crate_name == name);
        for to in allowed {
            assert!(place(to) < place(from), "`{to}` must stand above `{from}`");
        }
    }
}
