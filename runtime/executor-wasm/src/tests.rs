use anyhow::Result;
use wit_component::{StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

use crate::{EXECUTOR_COMPONENT, EXECUTOR_DIGEST, wrap};

const LOG: &str = "package alcove:executor@1.0.0; interface log { write: func(); } world guest { import log; }";
const CLOCK: &str = "package wasi:clocks@0.2.0; interface now { get: func(); } world guest { import now; }";

/// A core module in the text format that claims to be made for the world `guest` of `wit`.
fn module_for(wit: &str, module: &str) -> Result<Vec<u8>> {
    let mut resolve = Resolve::default();
    let package = resolve.push_source("guest.wit", wit)?;
    let world = resolve.select_world(&[package], Some("guest"))?;
    let mut module = wat::parse_str(module)?;
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8)?;
    Ok(module)
}

#[test]
fn the_component_imports_the_interfaces_of_the_world_and_nothing_else() -> Result<()> {
    let mut imports = wrap::imports(EXECUTOR_COMPONENT)?;
    imports.sort();
    assert!(!imports.is_empty());
    for name in imports {
        assert!(name.starts_with("alcove:executor/"), "{name}");
    }
    Ok(())
}

#[test]
fn the_digest_is_the_digest_of_the_component() {
    assert_eq!(blake3::hash(EXECUTOR_COMPONENT).as_bytes(), EXECUTOR_DIGEST);
}

#[test]
fn no_path_of_the_machine_is_in_the_component() {
    let text = String::from_utf8_lossy(EXECUTOR_COMPONENT);
    assert!(!text.contains(env!("CARGO_MANIFEST_DIR")));
    assert!(!text.contains("/.cargo/"));
}

#[test]
fn a_guest_within_its_package_is_wrapped() -> Result<()> {
    let module = module_for(LOG, r#"(module (import "alcove:executor/log@1.0.0" "write" (func)))"#)?;
    assert_eq!(wrap::imports(&wrap::component(&module)?)?, ["alcove:executor/log@1.0.0"]);
    Ok(())
}

#[test]
fn a_guest_whose_world_has_a_clock_is_refused() -> Result<()> {
    let module = module_for(CLOCK, r#"(module (import "wasi:clocks/now@0.2.0" "get" (func)))"#)?;
    let message = wrap::component(&module).unwrap_err().to_string();
    assert!(message.contains("imports `wasi:clocks/now@0.2.0`"), "{message}");
    Ok(())
}

#[test]
fn a_guest_that_reaches_past_its_world_is_refused() -> Result<()> {
    let reach = r#"(module (import "wasi_snapshot_preview1" "random_get" (func (param i32 i32) (result i32))))"#;
    let message = format!("{:#}", wrap::component(&module_for(LOG, reach)?).unwrap_err());
    assert!(message.contains("wasi_snapshot_preview1"), "{message}");
    Ok(())
}
