//! Calls of the program.

use std::{
    ffi::OsStr,
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use serde_json::Value;
use tempfile::TempDir;

/// What a call left behind.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// A folder for the files of one test, and the program in it.
pub(crate) struct Program {
    folder: TempDir,
}

impl Program {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// Where a file of that name is, or would be.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a JSON file.
    pub(crate) fn json(&self, name: &str, json: &Value) -> PathBuf {
        self.file(name, json.to_string().as_bytes())
    }

    /// Writes a file.
    pub(crate) fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, bytes).unwrap();
        path
    }

    /// Calls the program with these arguments.
    pub(crate) fn call<A: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = A>) -> Ended {
        self.call_with_input(args, b"")
    }

    /// Calls the program with this on its standard input.
    pub(crate) fn call_with_input<A: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = A>, input: &[u8]) -> Ended {
        let mut child = Command::new(env!("CARGO_BIN_EXE_alcove"))
            .args(args)
            .current_dir(self.folder.path())
            .env("XDG_CACHE_HOME", env!("CARGO_TARGET_TMPDIR"))
            .env_remove("ALCOVE_AI_DIALECT")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A program that refuses its arguments may have gone before it reads.
        let _ = child.stdin.take().unwrap().write_all(input);
        let output = child.wait_with_output().unwrap();
        Ended {
            code: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Ended {
    /// Standard output, which must be one JSON document.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The diagnostics on standard output, each with its code, its path and its message.
    pub(crate) fn diagnostics(&self) -> Vec<(String, String, String)> {
        let text = |found: &Value, key: &str| found[key].as_str().unwrap_or_default().to_owned();
        let json = self.json();
        let list = json["diagnostics"].as_array().unwrap_or_else(|| panic!("{self:?}"));
        list.iter().map(|found| (text(found, "code"), text(found, "path"), text(found, "message"))).collect()
    }
}

/// A file of the corpus of runs.
pub(crate) fn corpus(case: &str, file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/corpus/run").join(case).join(file)
}
