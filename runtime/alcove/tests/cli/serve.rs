//! What a server lets itself be asked for.

use crate::program::Program;

#[test]
fn what_only_the_crash_harness_asks_for_is_shown_to_nobody() {
    let help = Program::new().call(["serve", "--help"]);
    assert_eq!(help.code, 0, "{}", help.err);
    assert!(help.out.contains("--database"), "{}", help.out);
    for hidden in ["plant", "defect", "synchronous"] {
        assert!(!help.out.contains(hidden), "{}", help.out);
    }
}

#[test]
fn a_defect_that_does_not_exist_is_refused_before_anything_is_opened() {
    let program = Program::new();
    let database = program.path("node.db");
    let url = format!("sqlite:{}", database.display());
    let ended = program.call(["serve", "--database", &url, "--dev-tenant", "t1", "--plant-defect", "another"]);
    assert_eq!(ended.code, 2, "{}", ended.err);
    assert!(!database.exists());
}
