//! Which crate may depend on which, read from cargo: a crate exists where a rule must hold at its border, and these are
//! the rules.

mod arrows;
mod borders;

use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

/// One line of a crate's `Cargo.toml`.
struct Edge {
    from: String,
    to: String,
    /// Only its own tests, examples and benchmarks need it.
    only_tests: bool,
}

/// All dependencies that the crates of the workspace name.
fn edges() -> Result<Vec<Edge>> {
    let mut edges = Vec::new();
    for package in list(&metadata()?, "packages")? {
        for dependency in list(package, "dependencies")? {
            let only_tests = dependency.get("kind").and_then(Value::as_str) == Some("dev");
            edges.push(Edge { from: name(package)?, to: name(dependency)?, only_tests });
        }
    }
    Ok(edges)
}

/// What cargo says about the workspace, read as JSON: a crate that wraps this brings features that every other build of
/// the same dependencies would then lack, and so builds everything twice.
fn metadata() -> Result<Value> {
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.toml");
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--manifest-path", manifest])
        .output()
        .context("cargo does not start")?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Ok(serde_json::from_slice(&output.stdout)?)
}

fn list<'j>(json: &'j Value, member: &str) -> Result<&'j Vec<Value>> {
    json.get(member).and_then(Value::as_array).with_context(|| format!("cargo metadata has no `{member}`"))
}

fn name(json: &Value) -> Result<String> {
    Ok(json.get("name").and_then(Value::as_str).context("cargo metadata has no `name`")?.to_owned())
}

#[test]
fn every_arrow_between_crates_goes_down() -> Result<()> {
    assert_eq!(arrows::violations(&edges()?), Vec::<String>::new());
    Ok(())
}

#[test]
fn what_has_a_border_is_named_by_one_crate_only() -> Result<()> {
    assert_eq!(borders::violations(&edges()?), Vec::<String>::new());
    Ok(())
}

fn edge(from: &str, to: &str) -> Edge {
    Edge { from: from.to_owned(), to: to.to_owned(), only_tests: false }
}
