use std::{
    env,
    ffi::{OsStr, OsString},
    fmt,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{Missing, Obstacle, TARGET, Way, environment};

/// Debian's compiler, by its full path: rustup's proxies come first in most search paths.
const DEBIAN_RUSTC: &str = "/usr/bin/rustc";
const DEBIAN_CARGO: &str = "/usr/bin/cargo";
/// The parts of the standard library that a guest needs; panics abort.
const BUILD_STD: &str = "build-std=std,panic_abort";

/// A compiler for guests that is there.
#[derive(Debug)]
pub struct Toolchain {
    way: Way,
    rustc: OsString,
    cargo: OsString,
    /// The linker, where the compiler has none of its own.
    linker: Option<PathBuf>,
}

impl Toolchain {
    /// Looks for the ways in order and takes the first that works.
    ///
    /// # Errors
    /// None works; the error says why for each.
    pub fn find(ways: &[Way]) -> Result<Self, Missing> {
        let mut tried = Vec::new();
        for &way in ways {
            let found = match way {
                Way::Rustup => rustup(),
                Way::Debian => debian(),
            };
            match found {
                Ok(toolchain) => return Ok(toolchain),
                Err(obstacle) => tried.push((way, obstacle)),
            }
        }
        Err(Missing { tried })
    }

    /// Where it comes from.
    pub fn way(&self) -> Way {
        self.way
    }

    /// A call of cargo for [`TARGET`], free of everything that an outer cargo put into the environment.
    ///
    /// `rustflags` are the only flags the compiler gets: those of the machine's configuration would change the guest.
    pub fn cargo(&self, subcommand: &str, rustflags: &[String]) -> Command {
        let mut command = Command::new(&self.cargo);
        for (name, _) in env::vars_os().filter(|(name, _)| !environment::passes(name)) {
            command.env_remove(name);
        }
        command.args([subcommand, "--target", TARGET]);
        command.env("RUSTC", &self.rustc);
        command.env("CARGO_ENCODED_RUSTFLAGS", rustflags.join("\u{1f}"));
        if let Some(linker) = &self.linker {
            command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker);
            // A released compiler builds its own standard library only when told that it may.
            command.env("RUSTC_BOOTSTRAP", "1").args(["-Z", BUILD_STD]);
        }
        command
    }
}

impl fmt::Display for Toolchain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (`{}`)", self.way, Path::new(&self.rustc).display())
    }
}

fn rustup() -> Result<Toolchain, Obstacle> {
    let rustc = current_rustc();
    let library = library_folder(&rustc, &["--target", TARGET])?;
    present("the standard library of the target", library)?;
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    Ok(Toolchain { way: Way::Rustup, rustc, cargo, linker: None })
}

fn debian() -> Result<Toolchain, Obstacle> {
    present("Debian's compiler (package `rustc-web`)", PathBuf::from(DEBIAN_RUSTC))?;
    present("Debian's cargo (package `cargo-web`)", PathBuf::from(DEBIAN_CARGO))?;
    // Both are `<sysroot>/lib/rustlib/<host>/lib`; what is wanted lies beside it.
    let library = library_folder(OsStr::new(DEBIAN_RUSTC), &[])?;
    let source = library.join("../../src/rust/library/std/Cargo.toml");
    present("the source of the standard library (package `rust-web-src`)", source)?;
    let linker = library_folder(&current_rustc(), &[])?.join("../bin/rust-lld");
    let linker = present("the linker of the Rust toolchain in use", linker)?;
    Ok(Toolchain { way: Way::Debian, rustc: DEBIAN_RUSTC.into(), cargo: DEBIAN_CARGO.into(), linker: Some(linker) })
}

/// The compiler of the outer build: cargo names it to build scripts, everyone else finds it in the search path.
fn current_rustc() -> OsString {
    env::var_os("RUSTC").unwrap_or_else(|| "rustc".into())
}

fn library_folder(rustc: &OsStr, arguments: &[&str]) -> Result<PathBuf, Obstacle> {
    let obstacle = |reason: String| Obstacle::Program { program: rustc.into(), reason };
    let output = Command::new(rustc)
        .args(["--print", "target-libdir"])
        .args(arguments)
        .output()
        .map_err(|error| obstacle(error.to_string()))?;
    if !output.status.success() {
        return Err(obstacle(String::from_utf8_lossy(&output.stderr).trim().to_owned()));
    }
    Ok(PathBuf::from(String::from_utf8_lossy(&output.stdout).trim()))
}

fn present(what: &'static str, path: PathBuf) -> Result<PathBuf, Obstacle> {
    if path.exists() { Ok(path) } else { Err(Obstacle::File { what, path }) }
}
