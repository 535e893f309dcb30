use std::time::Instant;

use anyhow::Result;

use crate::program::{cargo, cargo_has, line, minutes, run, say};

/// Checks everything that is not a test, and says how long each check took.
///
/// # Errors
/// The first check that fails.
pub(crate) fn lint() -> Result<()> {
    timed(&["fmt", "--all", "--check"])?;
    if cargo_has("deny") {
        advisories()?;
        timed(&["deny", "--workspace", "--locked", "check", "bans", "licenses", "sources"])?;
    } else {
        say("NOT CHECKED: dependencies; `cargo install --locked cargo-deny` makes it possible");
    }
    timed(&["clippy", "--workspace", "--all-targets", "--locked", "--", "--deny", "warnings"])?;
    documentation()
}

/// Known vulnerabilities. Their database comes from another place than crates, which not every machine can reach.
fn advisories() -> Result<()> {
    if run(&mut cargo(&["deny", "fetch", "db"])).is_ok() {
        timed(&["deny", "--workspace", "--locked", "check", "--disable-fetch", "advisories"])
    } else {
        say("NOT CHECKED: known vulnerabilities, as the database of advisories cannot be reached from this machine");
        Ok(())
    }
}

fn documentation() -> Result<()> {
    let mut command = cargo(&["doc", "--workspace", "--no-deps", "--locked"]);
    command.env("RUSTDOCFLAGS", "--deny warnings");
    timed_command(&mut command)
}

fn timed(arguments: &[&str]) -> Result<()> {
    timed_command(&mut cargo(arguments))
}

#[expect(clippy::disallowed_methods, reason = "how long a check takes is for the person who waits for it")]
fn timed_command(command: &mut std::process::Command) -> Result<()> {
    let start = Instant::now();
    run(command)?;
    say(&format!("{}: {}", line(command), minutes(start.elapsed())));
    Ok(())
}
