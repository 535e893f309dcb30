//! What a guest can name at all.

use std::{fs, path::Path};

/// Every function of the world, as `wit/` declares it: its name, and what it takes.
fn functions() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../wit/executor");
    let mut functions = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let text = fs::read_to_string(entry.unwrap().path()).unwrap();
        for line in text.lines().map(str::trim).filter(|line| !line.starts_with("///")) {
            if let Some((name, signature)) = line.split_once(": func(") {
                functions.push((name.to_owned(), signature.to_owned()));
            }
        }
    }
    functions.sort();
    functions
}

#[test]
fn invariant_03_no_ambient_authority_the_world_has_four_functions_and_an_export() {
    let names: Vec<String> = functions().into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["export run", "next", "perform", "start", "write"]);
}

#[test]
fn invariant_04_the_tenant_is_not_an_argument_of_any_function() {
    for (name, takes) in functions() {
        for word in ["tenant", "app", "user", "connector", "table", "url"] {
            assert!(!takes.contains(word), "`{name}` takes a `{word}`: {takes}");
        }
    }
}
