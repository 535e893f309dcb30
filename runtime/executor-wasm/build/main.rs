//! Builds the guest: `alcove-executor` for WebAssembly, wrapped into a component with the world of `wit/executor`.

mod compile;
mod wrap;

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use alcove_guest_toolchain::{Toolchain, Way};
use anyhow::{Context, Result};

/// What the component is made of, seen from the workspace.
const INGREDIENTS: [&str; 6] =
    ["Cargo.lock", "Cargo.toml", "plan-compiler/builtins", "plan-compiler/plan", "runtime/executor", "wit/executor"];

fn main() -> Result<()> {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize()?;
    let out = PathBuf::from(env::var_os("OUT_DIR").context("this program is cargo's to start: it needs `OUT_DIR`")?);
    rebuild_on_change(&workspace);

    let toolchain = Toolchain::find(&Way::wanted()?)?;
    let module = compile::core_module(&toolchain, &workspace, &out)?;
    let component = wrap::component(&module)?;

    fs::write(out.join("executor.wasm"), &component)?;
    fs::write(out.join("executor.blake3"), blake3::hash(&component).as_bytes())?;
    Ok(())
}

#[expect(clippy::print_stdout, reason = "a build script talks to cargo this way")]
fn rebuild_on_change(workspace: &Path) {
    println!("cargo::rerun-if-changed=build");
    println!("cargo::rerun-if-env-changed={}", Way::VARIABLE);
    for ingredient in INGREDIENTS {
        println!("cargo::rerun-if-changed={}", workspace.join(ingredient).display());
    }
}
