//! Where master keys come from.

use std::{
    fs, io,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use zeroize::Zeroizing;

use crate::{MasterKeys, MasterKeysError};

/// The most that is read of a source, in bytes: hundreds of keys.
const SOURCE_BYTES_MAX: u64 = 64 << 10;

/// Where master keys come from: never from the configuration itself, which is copied, printed and committed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MasterSource {
    /// A file that only its owner can read.
    File(PathBuf),
    /// A variable of the environment.
    Environment(String),
    /// What a program writes to its standard output: a client of a key management service, for example. It is started
    /// without a shell.
    Command(Vec<String>),
}

/// Why there are no master keys. It shows nothing of what was read.
#[derive(Debug, thiserror::Error)]
pub enum MasterSourceError {
    /// Not a source.
    #[error("`{text}` is not a source of master keys: `file:PATH`, `env:NAME` or `command:PROGRAM ARGUMENTS…` is")]
    Unknown {
        /// What was given.
        text: String,
    },
    /// The file cannot be read.
    #[error("the file of master keys `{}` cannot be read", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Others can read the file.
    #[error("the file of master keys `{}` can be read by others (mode {mode:03o}): `chmod 600` it", path.display())]
    Exposed {
        /// Which.
        path: PathBuf,
        /// The bits of its permissions.
        mode: u32,
    },
    /// The variable is not set, or is no text.
    #[error("the variable `{name}` has no master keys in it")]
    Environment {
        /// Which.
        name: String,
    },
    /// The program does not start.
    #[error("the program `{program}`, which gives the master keys, cannot be started")]
    Start {
        /// Which.
        program: String,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The program says that it failed.
    #[error("the program `{program}`, which gives the master keys, ended with {status}")]
    Failed {
        /// Which.
        program: String,
        /// How it ended.
        status: std::process::ExitStatus,
    },
    /// What the program wrote, or what is in the file, is no text.
    #[error("the source of master keys is not UTF-8, or has more than {SOURCE_BYTES_MAX} bytes")]
    NotText,
    /// It is no key.
    #[error(transparent)]
    Keys(#[from] MasterKeysError),
}

impl MasterSource {
    /// Reads `file:PATH`, `env:NAME` or `command:PROGRAM ARGUMENTS…`, whose arguments are parted by spaces.
    pub fn parse(text: &str) -> Result<Self, MasterSourceError> {
        let source = text.split_once(':').and_then(|(kind, rest)| match kind {
            _ if rest.trim().is_empty() => None,
            "file" => Some(Self::File(PathBuf::from(rest))),
            "env" => Some(Self::Environment(rest.to_owned())),
            "command" => Some(Self::Command(rest.split_whitespace().map(str::to_owned).collect())),
            _ => None,
        });
        source.ok_or_else(|| MasterSourceError::Unknown { text: text.to_owned() })
    }

    /// Reads the keys. Blocks: a program may ask a service over the network.
    pub fn load(&self) -> Result<MasterKeys, MasterSourceError> {
        let text = match self {
            Self::File(path) => read_file(path)?,
            Self::Environment(name) => {
                let text = std::env::var(name);
                Zeroizing::new(text.map_err(|_| MasterSourceError::Environment { name: name.clone() })?)
            }
            Self::Command(argv) => run(argv)?,
        };
        Ok(MasterKeys::parse(&text)?)
    }
}

fn read_file(path: &Path) -> Result<Zeroizing<String>, MasterSourceError> {
    let failed = |source| MasterSourceError::File { path: path.to_owned(), source };
    let file = fs::File::open(path).map_err(failed)?;
    is_private(path, &file)?;
    let mut bytes = Zeroizing::new(Vec::new());
    io::Read::read_to_end(&mut io::Read::take(file, SOURCE_BYTES_MAX + 1), &mut bytes).map_err(failed)?;
    text(&bytes)
}

/// Refuses a file that others can read. What is looked at is the open file, not what its name stands for by then.
#[cfg(unix)]
fn is_private(path: &Path, file: &fs::File) -> Result<(), MasterSourceError> {
    let failed = |error: rustix::io::Errno| MasterSourceError::File { path: path.to_owned(), source: error.into() };
    let mode = rustix::fs::fstat(file).map_err(failed)?.st_mode & 0o777;
    let of_others = mode & 0o077;
    if of_others == 0 { Ok(()) } else { Err(MasterSourceError::Exposed { path: path.to_owned(), mode }) }
}

/// Elsewhere, who can read a file is not said by bits.
#[cfg(not(unix))]
fn is_private(_: &Path, _: &fs::File) -> Result<(), MasterSourceError> {
    Ok(())
}

fn run(argv: &[String]) -> Result<Zeroizing<String>, MasterSourceError> {
    let [program, arguments @ ..] = argv else {
        return Err(MasterSourceError::Unknown { text: "command:".to_owned() });
    };
    let output = Command::new(program).args(arguments).stdin(Stdio::null()).stderr(Stdio::inherit()).output();
    let output = output.map_err(|source| MasterSourceError::Start { program: program.clone(), source })?;
    let stdout = Zeroizing::new(output.stdout);
    if !output.status.success() {
        return Err(MasterSourceError::Failed { program: program.clone(), status: output.status });
    }
    text(&stdout)
}

fn text(bytes: &[u8]) -> Result<Zeroizing<String>, MasterSourceError> {
    let fits = u64::try_from(bytes.len()).is_ok_and(|len| len <= SOURCE_BYTES_MAX);
    let text = str::from_utf8(bytes).ok().filter(|_| fits);
    text.map(|text| Zeroizing::new(text.to_owned())).ok_or(MasterSourceError::NotText)
}
