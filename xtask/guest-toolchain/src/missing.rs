use std::{fmt, path::PathBuf};

use crate::{TARGET, Way};

/// What stands in the way of one [`Way`].
#[derive(Debug)]
pub enum Obstacle {
    /// A program could not be asked where its files are.
    Program {
        /// The program, as it was called.
        program: PathBuf,
        /// Why not.
        reason: String,
    },
    /// A file or folder that the way needs is not there.
    File {
        /// What it would be.
        what: &'static str,
        /// Where it was looked for.
        path: PathBuf,
    },
}

/// No toolchain on this machine can compile a guest. The message says for each way what is missing and what to run.
#[derive(Debug, thiserror::Error)]
pub struct Missing {
    /// The ways that were tried, each with its obstacle.
    pub tried: Vec<(Way, Obstacle)>,
}

impl Way {
    /// The commands that make this way work, for a person.
    pub fn remedy(self) -> &'static str {
        match self {
            Self::Rustup => "rustup target add wasm32-unknown-unknown",
            Self::Debian => {
                "apt-get update && apt-get install --no-install-recommends rustc-web cargo-web rust-web-src"
            }
        }
    }
}

impl fmt::Display for Obstacle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Program { program, reason } => write!(f, "`{}` does not answer: {reason}", program.display()),
            Self::File { what, path } => write!(f, "{what} is missing at `{}`", path.display()),
        }
    }
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "no toolchain on this machine compiles for `{TARGET}`")?;
        for (way, obstacle) in &self.tried {
            writeln!(f, "  {way}: {obstacle}\n    to change that: {}", way.remedy())?;
        }
        write!(f, "`cargo xtask setup` does the first of these that the machine allows")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_message_says_what_is_missing_and_what_to_run() {
        let obstacle = |path: &str| Obstacle::File { what: "the compiler", path: PathBuf::from(path) };
        let missing = Missing { tried: vec![(Way::Rustup, obstacle("a")), (Way::Debian, obstacle("b"))] };
        let message = missing.to_string();
        assert!(message.contains("rustup: the compiler is missing at `a`"), "{message}");
        assert!(message.contains("debian: the compiler is missing at `b`"), "{message}");
        for way in Way::ALL {
            assert!(message.contains(way.remedy()), "{message}");
        }
    }
}
