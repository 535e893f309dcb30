use std::{
    env,
    fs::{self, File},
    path::{Path, PathBuf},
};

use alcove_guest_toolchain::{TARGET, Toolchain};
use anyhow::{Context, Result, ensure};

const PACKAGE: &str = "alcove-executor";
const PROFILE: &str = "guest";

/// The guest's stack, below its data so that an overflow traps. Small: pages that a run touches are what a run costs.
const STACK_BYTES: u32 = 64 * 1024;

/// Compiles the guest to a core module.
pub(crate) fn core_module(toolchain: &Toolchain, workspace: &Path, out: &Path) -> Result<Vec<u8>> {
    let target = target_folder(out).join(toolchain.way().to_string());
    fs::create_dir_all(&target)?;
    // Outer builds with different profiles share the folder; the lock spans the build and the reading of its result.
    let lock = File::create(target.join("lock"))?;
    lock.lock()?;

    let output = toolchain
        .cargo("rustc", &rustflags(workspace)?)
        .current_dir(workspace)
        .args(["--locked", "--package", PACKAGE, "--lib", "--crate-type", "cdylib", "--profile", PROFILE])
        .arg("--target-dir")
        .arg(&target)
        .output()
        .with_context(|| format!("cannot start the cargo of {toolchain}"))?;
    let messages = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "the guest `{PACKAGE}` does not compile with {toolchain}:\n{messages}");

    let module = target.join(TARGET).join(PROFILE).join(format!("{}.wasm", PACKAGE.replace('-', "_")));
    fs::read(&module).with_context(|| format!("cannot read the guest at `{}`", module.display()))
}

/// A folder that all profiles of the outer build share, so that a guest is compiled once for all of them: in the target
/// folder, which cargo marks as a cache. It is not the outer target folder itself, which the outer cargo has locked.
fn target_folder(out: &Path) -> PathBuf {
    let outer = out.ancestors().find(|folder| folder.join("CACHEDIR.TAG").exists());
    outer.unwrap_or(out).join("guest")
}

/// The same source gives the same bytes wherever it lies: no path of this machine goes into the guest.
fn rustflags(workspace: &Path) -> Result<Vec<String>> {
    let cargo_home = env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| env::home_dir().map(|home| home.join(".cargo")))
        .context("neither `CARGO_HOME` nor a home folder is set")?;
    Ok(vec![
        "-C".to_owned(),
        format!("link-arg=-zstack-size={STACK_BYTES}"),
        "-C".to_owned(),
        "link-arg=--stack-first".to_owned(),
        format!("--remap-path-prefix={}=/alcove", workspace.display()),
        format!("--remap-path-prefix={}=/cargo", cargo_home.display()),
    ])
}
