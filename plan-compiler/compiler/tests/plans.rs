//! Plans: whatever the corpus accepts compiles to the same bytes twice, and to a plan that its own door lets in; and
//! what `tests/corpus/explain/<case>` compiles to is explained and disassembled as its files say. `BLESS=1` rewrites
//! them.
#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by panicking, its helpers too")]

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use alcove_catalog::Catalog;
use alcove_compiler::{Compiled, compile, explain};
use alcove_plan::{program::NodeKind, verify};

fn cases(folder: &str) -> Vec<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/corpus").join(folder);
    let mut cases: Vec<PathBuf> = fs::read_dir(path)
        .expect("the corpus is there")
        .map(|entry| entry.expect("an entry").path())
        .filter(|case| case.join("app.json").exists())
        .collect();
    cases.sort();
    assert!(!cases.is_empty());
    cases
}

fn compiled(case: &Path) -> Compiled {
    let bytes = fs::read(case.join("app.json")).expect("every case has an app.json");
    let compilation = compile(&bytes, Catalog::shipped());
    compilation.compiled.unwrap_or_else(|| panic!("{}: {:?}", case.display(), compilation.diagnostics))
}

#[test]
fn every_plan_passes_its_own_door_and_is_the_same_twice() {
    for case in ["accept", "run", "explain"].into_iter().flat_map(cases) {
        let (first, second) = (compiled(&case), compiled(&case));
        assert_eq!(first.bytes, second.bytes, "{}", case.display());
        let sealed = verify::load(&first.bytes).unwrap_or_else(|error| panic!("{}: {error}", case.display()));
        assert_eq!((&sealed.plan, &sealed.program), (&first.plan, &first.program), "{}", case.display());
    }
}

#[test]
fn plans_are_explained_as_expected() {
    let mut failures = Vec::new();
    for case in cases("explain") {
        let Compiled { plan, program, .. } = compiled(&case);
        let explanation = explain::explain(&plan, &program, Catalog::shipped()).render_human();
        let disassembly = explain::disassemble(&plan, &program);
        for (file, actual) in [("explained.txt", explanation), ("disassembled.txt", disassembly)] {
            let file = case.join(file);
            if env::var_os("BLESS").is_some() {
                fs::write(&file, &actual).expect("the corpus can be written");
            } else if fs::read_to_string(&file).unwrap_or_default() != actual {
                failures.push(format!("{} differs, it should be:\n{actual}", file.display()));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn the_json_form_of_an_explanation_names_what_is_pushed_down() {
    let case = cases("explain").into_iter().find(|case| case.ends_with("regex_stays_in_the_sandbox"));
    let Compiled { plan, program, .. } = compiled(&case.expect("the case is there"));
    let explanation = explain::explain(&plan, &program, Catalog::shipped());
    let json = serde_json::to_value(&explanation).expect("explanations are plain data");
    assert_eq!(json["steps"][0]["pushed_down"]["filter"], "status eq \"active\"");
    assert_eq!(json["steps"][0]["pushed_down"]["limit"], "all, page by page");
    assert_eq!(json["steps"][0]["sandbox"][0], "filter item.name regex /^[A-Z]/");
}

#[test]
fn loops_reset_exactly_the_slots_of_their_body() {
    let case = cases("explain").into_iter().find(|case| case.ends_with("output_read_in_a_loop_is_a_barrier"));
    let Compiled { program, .. } = compiled(&case.expect("the case is there"));
    let mut outputs = Vec::new();
    let mut reset = None;
    for node in &program.nodes {
        match &node.kind {
            NodeKind::Effect { outputs: Some(slot), deferrable, .. } => {
                assert!(!deferrable);
                outputs.push(*slot);
            }
            NodeKind::Loop { locals, item, .. } => {
                assert!(*item < locals.0);
                reset = Some(locals.0.0..locals.1.0);
            }
            NodeKind::Effect { .. } | NodeKind::Branch { .. } => {}
        }
    }
    assert_eq!(outputs.len(), 1);
    assert!(reset.is_some_and(|reset| outputs.iter().all(|slot| reset.contains(&slot.0))));
}
