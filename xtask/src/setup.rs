use std::process::Command;

use alcove_guest_toolchain::{Missing, Toolchain, Way};
use anyhow::{Context, Result};

use crate::program::{line, run, say, workspace};

/// The packages of [`Way::Debian`].
const DEBIAN_PACKAGES: [&str; 3] = ["rustc-web", "cargo-web", "rust-web-src"];

/// Makes sure that a guest can be compiled, and that compiling it needs no network from here on.
///
/// # Errors
/// No way works and none could be installed; the error says what to run.
pub(crate) fn setup() -> Result<()> {
    let ways = Way::wanted()?;
    let toolchain = match Toolchain::find(&ways) {
        Ok(toolchain) => toolchain,
        Err(missing) => install(&ways, missing)?,
    };
    say(&format!("guest toolchain: {toolchain}"));
    run(toolchain.cargo("fetch", &[]).arg("--quiet").current_dir(workspace()))
        .context("cannot download the crates that the guest is made of")
}

/// Installs the first way that the machine allows.
fn install(ways: &[Way], missing: Missing) -> Result<Toolchain> {
    let mut missing = missing;
    for &way in ways {
        let installed = match way {
            Way::Rustup => install_target(),
            Way::Debian => install_packages(),
        };
        if let Err(error) = installed {
            say(&format!("guest toolchain: {way} cannot be installed here: {error:#}"));
        }
        match Toolchain::find(&[way]) {
            Ok(toolchain) => return Ok(toolchain),
            Err(still) => {
                missing.tried.retain(|(tried, _)| *tried != way);
                missing.tried.extend(still.tried);
            }
        }
    }
    Err(missing.into())
}

fn install_target() -> Result<()> {
    announced(Command::new("rustup").args(["target", "add", alcove_guest_toolchain::TARGET]))
}

/// Installing packages is for the administrator of a machine; for anyone else the error of `setup` says what to run.
fn install_packages() -> Result<()> {
    let user = Command::new("id").arg("-u").output().context("cannot ask who is the user")?;
    anyhow::ensure!(user.stdout.trim_ascii() == b"0", "only root may install packages");
    announced(Command::new("apt-get").args(["update", "--quiet"]))?;
    let install = ["install", "--quiet", "--yes", "--no-install-recommends"];
    announced(Command::new("apt-get").args(install).args(DEBIAN_PACKAGES).env("DEBIAN_FRONTEND", "noninteractive"))
}

fn announced(command: &mut Command) -> Result<()> {
    say(&format!("guest toolchain: {}", line(command)));
    run(command)
}
