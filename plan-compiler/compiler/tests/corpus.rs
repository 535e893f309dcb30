//! The language as data: `tests/corpus/accept` compiles, `tests/corpus/reject/<code>` does not, and says exactly what
//! stands in `expected.json`. `BLESS=1` writes what is expected, and the examples of the codes' help pages, anew.
#![expect(clippy::expect_used, reason = "a corpus that cannot be read fails the test")]

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use alcove_catalog::Catalog;
use alcove_compiler::{
    Compilation,
    codes::Code,
    compile,
    diagnostic::{Severity, render_human, to_json},
    source::LineIndex,
};
use serde_json::Value;

/// Lines of a config that a help page shows as a whole.
const EXAMPLE_LINES_MAX: usize = 40;
const EXAMPLE: &str = "## Example\n";

fn corpus(folder: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/corpus").join(folder)
}

fn folders(path: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(path) else { return Vec::new() };
    let mut folders: Vec<_> =
        entries.map(|entry| entry.expect("an entry").path()).filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

fn name(path: &Path) -> &str {
    path.file_name().and_then(|name| name.to_str()).expect("names are UTF-8")
}

fn blessing() -> bool {
    env::var_os("BLESS").is_some()
}

fn as_json(compilation: &Compilation<'_>) -> Value {
    to_json(&compilation.diagnostics, &LineIndex::new(&compilation.text))
}

/// A failure, if what a file holds is not what it should be.
fn differs(file: &Path, actual: &str) -> Option<String> {
    if blessing() {
        fs::write(file, actual).expect("the corpus can be written");
        return None;
    }
    let expected = fs::read_to_string(file).unwrap_or_default();
    (expected != actual).then(|| format!("{} differs, it should be:\n{actual}", file.display()))
}

fn pretty(value: &Value) -> String {
    format!("{value:#}\n")
}

#[test]
fn what_is_to_be_refused_is_refused_with_the_very_diagnostics() {
    let mut failures = Vec::new();
    for code in folders(&corpus("reject")) {
        if !Code::ALL.iter().any(|known| known.as_str() == name(&code)) {
            failures.push(format!("`{}` is no code", name(&code)));
        }
        for case in folders(&code) {
            let bytes = fs::read(case.join("app.json")).expect("every case has an app.json");
            let compilation = compile(&bytes, Catalog::shipped());
            if !compilation.diagnostics.iter().any(|found| found.code.as_str() == name(&code)) {
                failures.push(format!("{} does not lead to its code", case.display()));
            }
            failures.extend(differs(&case.join("expected.json"), &pretty(&as_json(&compilation))));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn what_is_to_be_accepted_compiles_without_a_word() {
    let mut failures = Vec::new();
    for case in folders(&corpus("accept")) {
        let bytes = fs::read(case.join("app.json")).expect("every case has an app.json");
        let compilation = compile(&bytes, Catalog::shipped());
        if compilation.compiled.is_none() || !compilation.diagnostics.is_empty() {
            failures.push(format!("{}: {}", case.display(), pretty(&as_json(&compilation))));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn every_code_has_a_page_whose_example_is_its_first_case() {
    let mut failures = Vec::new();
    for code in Code::ALL {
        let cases = folders(&corpus("reject").join(code.as_str()));
        let Some(case) = cases.iter().find(|case| !name(case).starts_with("huge")).or(cases.first()) else {
            failures.push(format!("`{}` has no case in the reject corpus", code.as_str()));
            continue;
        };
        let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("src/codes/pages/{}.md", code.as_str()));
        let page = fs::read_to_string(&file).expect("every code has a page");
        let Some((above, rest)) = page.split_once(EXAMPLE) else {
            failures.push(format!("{} has no example", file.display()));
            continue;
        };
        let below = rest.find("\n## ").and_then(|at| rest.get(at..)).unwrap_or("\n");
        failures.extend(differs(&file, &format!("{above}{EXAMPLE}{}{below}", example(*code, case))));
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// The config, if it is short, and what the compiler says about it.
fn example(code: Code, case: &Path) -> String {
    let bytes = fs::read(case.join("app.json")).expect("every case has an app.json");
    let compilation = compile(&bytes, Catalog::shipped());
    let mut diagnostics = compilation.diagnostics.clone();
    diagnostics.retain(|found| found.code == code);
    let drawn = render_human(&diagnostics, "app.json", &compilation.text, false);
    let drawn = drawn.trim_end();
    let config = compilation.text.trim_end();
    if config.lines().count() > EXAMPLE_LINES_MAX || config.len() > 4_000 {
        return format!("```text\n{drawn}\n```\n");
    }
    format!("```json\n{config}\n```\n\n```text\n{drawn}\n```\n")
}

#[test]
fn codes_of_errors_prevent_a_plan_and_others_do_not() {
    for code in Code::ALL {
        for case in folders(&corpus("reject").join(code.as_str())) {
            let bytes = fs::read(case.join("app.json")).expect("every case has an app.json");
            let compilation = compile(&bytes, Catalog::shipped());
            let failed = compilation.diagnostics.iter().any(|found| found.code.severity() == Severity::Error);
            assert_eq!(compilation.failed(), failed, "{}", case.display());
        }
    }
}
