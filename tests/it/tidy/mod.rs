//! The habits of the house that no compiler checks, over every file of the checkout.

mod checkout;
mod code;
mod words;

use std::collections::BTreeSet;

use anyhow::{Context, Result};

use self::checkout::{File, files, root};

/// The most packages that the lock file may hold: what is built, read about in advisories and trusted.
const PACKAGES_MAX: usize = 500;

/// Runs a check over all files that `wanted` picks, which must be at least one.
fn check(wanted: impl Fn(&File) -> bool, violations: impl Fn(&File) -> Vec<String>) -> Result<()> {
    let files = files()?.into_iter().filter(wanted).collect::<Vec<_>>();
    assert!(!files.is_empty(), "the check looks at nothing");
    assert_eq!(files.iter().flat_map(violations).collect::<Vec<_>>(), Vec::<String>::new());
    Ok(())
}

#[test]
fn files_functions_and_lines_stay_small() -> Result<()> {
    check(|file| file.is("rs"), code::sizes)
}

#[test]
fn nothing_is_left_over_or_silenced() -> Result<()> {
    check(|file| file.is("rs"), words::leftovers)
}

#[test]
fn no_path_of_a_machine_is_written_down() -> Result<()> {
    check(|_| true, words::machine_paths)
}

#[test]
fn unsafe_code_lies_in_two_files_and_nowhere_else() -> Result<()> {
    check(|file| file.is("rs") && !words::UNSAFE.contains(&file.path.as_str()), words::unsafe_code)?;
    for path in words::UNSAFE {
        let file = files()?.into_iter().find(|file| file.path == path).with_context(|| format!("no file `{path}`"))?;
        assert!(!words::unsafe_code(&file).is_empty(), "`{path}` needs no exception any more");
        assert!(file.text.contains("SAFETY:"), "`{path}` does not say why it is sound");
    }
    Ok(())
}

#[test]
fn every_library_says_what_it_is() -> Result<()> {
    check(|file| file.path.ends_with("/src/lib.rs"), code::introduction)
}

#[test]
fn every_crate_has_the_lints_of_the_workspace() -> Result<()> {
    check(|file| file.path.ends_with("/Cargo.toml"), words::lints)
}

#[test]
fn every_dialect_has_the_same_migrations() -> Result<()> {
    let dialects = checkout::folders("migrations")?;
    assert!(!dialects.is_empty());
    assert_eq!(different(&dialects), Vec::<String>::new());
    Ok(())
}

#[test]
fn the_lock_file_stays_within_its_budget() -> Result<()> {
    let lock = std::fs::read_to_string(root().join("Cargo.lock")).context("no lock file")?;
    let packages = packages(&lock);
    assert!(packages > 0 && packages <= PACKAGES_MAX, "{packages} packages, at most {PACKAGES_MAX} are allowed");
    Ok(())
}

fn packages(lock: &str) -> usize {
    lock.lines().filter(|line| *line == "[[package]]").count()
}

/// The folders that do not hold the same names as the first one.
fn different(folders: &[(String, BTreeSet<String>)]) -> Vec<String> {
    let Some((first, expected)) = folders.first() else { return Vec::new() };
    let differing = folders.iter().filter(|(_, names)| names != expected);
    differing.map(|(folder, _)| format!("`{folder}` and `{first}` have different migrations")).collect()
}

#[test]
fn a_migration_that_one_dialect_lacks_is_found() {
    let folder = |name: &str, files: &[&str]| (name.to_owned(), files.iter().map(ToString::to_string).collect());
    let folders = [folder("postgres", &["0001_a.sql"]), folder("sqlite", &["0001_a.sql", "0002_b.sql"])];
    assert_eq!(different(&folders), ["`sqlite` and `postgres` have different migrations"]);
}

#[test]
fn packages_are_counted() {
    assert_eq!(packages("version = 4\n[[package]]\nname = \"a\"\n[[package]]\nname = \"b\"\n"), 2);
}
