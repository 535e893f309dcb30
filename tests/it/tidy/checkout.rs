use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use anyhow::Result;

/// The folders and files of the root that people write in.
const WRITTEN: [&str; 14] = [
    ".cargo",
    ".ci",
    "Cargo.toml",
    "README.md",
    "SECURITY.md",
    "clippy.toml",
    "deny.toml",
    "migrations",
    "plan-compiler",
    "plugins",
    "runtime",
    "tests",
    "wit",
    "xtask",
];

/// Texts for people and compilers. Data (JSON and the like) may hold anything.
const TEXTS: [&str; 6] = ["md", "rs", "sh", "sql", "toml", "wit"];

/// One text of the checkout.
pub(super) struct File {
    /// From the root, with `/`.
    pub(super) path: String,
    pub(super) text: String,
}

impl File {
    pub(super) fn is(&self, extension: &str) -> bool {
        Path::new(&self.path).extension().is_some_and(|found| found == extension)
    }

    /// A finding of a check.
    pub(super) fn at(&self, line: usize, finding: &str) -> String {
        format!("{}:{line}: {finding}", self.path)
    }

    /// Whether all of it is a test.
    pub(super) fn is_test(&self) -> bool {
        let name = self.path.rsplit('/').next().unwrap_or_default();
        self.path.starts_with("tests/") || self.path.contains("/tests/") || name.ends_with("tests.rs")
    }
}

/// Where the checkout lies.
pub(super) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// All texts, in the order of their paths.
pub(super) fn files() -> Result<Vec<File>> {
    let mut paths = WRITTEN.iter().map(|name| root().join(name)).filter(|path| path.exists()).collect::<Vec<_>>();
    let mut files = Vec::new();
    while let Some(path) = paths.pop() {
        if path.is_dir() {
            let entries = fs::read_dir(&path)?.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
            paths.extend(entries.into_iter().filter(|entry| !entry.ends_with("target")));
        } else if path.extension().is_none_or(|extension| TEXTS.iter().any(|text| extension == *text)) {
            let relative = path.strip_prefix(root())?.to_string_lossy().into_owned();
            files.push(File { path: relative, text: fs::read_to_string(&path)? });
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

/// The folders in a folder of the root, each with the names of its files.
pub(super) fn folders(parent: &str) -> Result<Vec<(String, BTreeSet<String>)>> {
    let mut folders = Vec::new();
    for entry in fs::read_dir(root().join(parent))? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            let names = fs::read_dir(entry.path())?;
            let names =
                names.map(|file| Ok(file?.file_name().to_string_lossy().into_owned())).collect::<Result<_>>()?;
            folders.push((entry.file_name().to_string_lossy().into_owned(), names));
        }
    }
    folders.sort();
    Ok(folders)
}

#[test]
fn the_walk_finds_this_file() -> Result<()> {
    assert!(files()?.iter().any(|file| file.path == "tests/it/tidy/checkout.rs"));
    Ok(())
}
