//! Which crate may depend on which, read from cargo: a crate exists where a rule must hold at its border, and these are
//! the rules.

mod arrows;
mod borders;

use std::path::Path;

use anyhow::Result;
use cargo_metadata::{DependencyKind, MetadataCommand};

/// One line of a crate's `Cargo.toml`.
struct Edge {
    from: String,
    to: String,
    /// Only its own tests, examples and benchmarks need it.
    only_tests: bool,
}

/// All dependencies that the crates of the workspace name.
fn edges() -> Result<Vec<Edge>> {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.toml");
    let metadata = MetadataCommand::new().manifest_path(manifest).no_deps().exec()?;
    let of_package = |package: cargo_metadata::Package| {
        let from = package.name.to_string();
        package.dependencies.into_iter().map(move |dependency| Edge {
            from: from.clone(),
            to: dependency.name,
            only_tests: dependency.kind == DependencyKind::Development,
        })
    };
    Ok(metadata.packages.into_iter().flat_map(of_package).collect())
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
