use std::ffi::OsStr;

/// What cargo tells a build script about the outer build. An inner cargo would take it for its own orders.
const FOREIGN: [&str; 9] =
    ["DEBUG", "HOST", "LD_LIBRARY_PATH", "NUM_JOBS", "OPT_LEVEL", "OUT_DIR", "PROFILE", "RUSTFLAGS", "TARGET"];

/// Families of variables of the outer build: compiler wrappers (`cargo clippy` sets one), flags, package facts.
const FOREIGN_PREFIXES: [&str; 5] = ["CARGO", "CLIPPY_", "DEP_", "RUSTC", "RUSTDOC"];

/// Cargo variables that describe the machine and not the build: where crates come from, and the job server, which keeps
/// the inner build within the processors of the outer one.
const OWN_PREFIXES: [&str; 7] = [
    "CARGO_HOME",
    "CARGO_HTTP_",
    "CARGO_MAKEFLAGS",
    "CARGO_NET_",
    "CARGO_REGISTRIES_",
    "CARGO_REGISTRY_",
    "CARGO_SOURCE_",
];

/// Whether an environment variable of the outer build may reach the inner one.
pub(crate) fn passes(name: &OsStr) -> bool {
    let Some(name) = name.to_str() else { return true };
    let starts_with_any = |prefixes: &[&str]| prefixes.iter().any(|prefix| name.starts_with(prefix));
    starts_with_any(&OWN_PREFIXES) || !(FOREIGN.contains(&name) || starts_with_any(&FOREIGN_PREFIXES))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_outer_build_does_not_leak() {
        for name in ["RUSTC", "RUSTC_WORKSPACE_WRAPPER", "CARGO", "CARGO_ENCODED_RUSTFLAGS", "RUSTFLAGS", "OUT_DIR"] {
            assert!(!passes(OsStr::new(name)), "{name}");
        }
    }

    #[test]
    fn the_machine_does() {
        for name in
            ["PATH", "HOME", "CARGO_HOME", "RUSTUP_HOME", "RUSTUP_TOOLCHAIN", "https_proxy", "CARGO_NET_OFFLINE"]
        {
            assert!(passes(OsStr::new(name)), "{name}");
        }
    }
}
