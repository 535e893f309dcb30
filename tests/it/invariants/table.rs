//! The table in SECURITY.md cannot rot: every test that it names exists, and every invariant has some.

use std::{collections::BTreeSet, fs, path::Path};

use anyhow::{Context, Result};

const INVARIANTS: usize = 10;

/// The tests that a text names: `path/of/file.rs::name_of_test`, in backticks.
fn named(text: &str) -> Vec<(&str, &str)> {
    let quoted = text.split('`').skip(1).step_by(2);
    quoted.filter_map(|quoted| quoted.split_once("::").filter(|(file, _)| is_source(file))).collect()
}

fn is_source(file: &str) -> bool {
    Path::new(file).extension().is_some_and(|extension| extension == "rs")
}

/// The tests of a source, by name.
fn tests(source: &str) -> BTreeSet<&str> {
    let mut found = BTreeSet::new();
    let mut is_test = false;
    for line in source.lines().map(str::trim) {
        if line.starts_with("#[") {
            is_test |= line.contains("test");
        } else if let Some(rest) = line.strip_prefix("async fn ").or_else(|| line.strip_prefix("fn ")) {
            if let (true, Some((name, _))) = (is_test, rest.split_once('(')) {
                found.insert(name);
            }
            is_test = false;
        }
    }
    found
}

#[test]
fn every_test_that_the_security_page_names_exists() -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let page = fs::read_to_string(root.join("SECURITY.md"))?;
    let named = named(&page);
    assert!(named.len() >= INVARIANTS, "the table names {} tests", named.len());
    for (file, test) in named {
        let source = fs::read_to_string(root.join(file)).with_context(|| format!("SECURITY.md names `{file}`"))?;
        assert!(tests(&source).contains(test), "SECURITY.md names `{file}::{test}`, which is not there");
    }
    for number in 1..=INVARIANTS {
        let row = format!("| {number} ");
        assert!(page.lines().any(|line| line.starts_with(&row)), "SECURITY.md has no row for invariant {number}");
    }
    Ok(())
}

#[test]
fn a_test_that_is_gone_or_no_test_is_not_found() {
    let source =
        "#[test]\nfn one() {}\nfn helper() {}\n#[tokio::test(x)]\nasync fn two() {}\n#[cfg(unix)]\nfn three() {}\n";
    assert_eq!(tests(source), BTreeSet::from(["one", "two"]));
    assert_eq!(named("| 1 | x | `a/b.rs::one` `c::d` · `e.rs::f` |"), [("a/b.rs", "one"), ("e.rs", "f")]);
}
