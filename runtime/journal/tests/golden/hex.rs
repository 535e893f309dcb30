//! Folders of files that hold bytes in hex.

use std::{collections::BTreeSet, fs, path::PathBuf};

/// A folder of `tests/golden`.
pub(crate) struct Folder(pub(crate) &'static str);

impl Folder {
    fn path(&self) -> PathBuf {
        [env!("CARGO_MANIFEST_DIR"), "..", "..", "tests", "golden", self.0].iter().collect()
    }

    /// What the file of a kind holds; when blessing, a missing one is written with what is written `now`.
    pub(crate) fn golden(&self, kind: &str, now: &[u8]) -> Vec<u8> {
        let path = self.path().join(format!("v1_{kind}.hex"));
        if std::env::var_os("BLESS").is_some() && !path.exists() {
            fs::create_dir_all(self.path()).unwrap();
            fs::write(&path, to_hex(now)).unwrap();
        }
        from_hex(&fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
    }

    /// Checks that somebody reads every file.
    pub(crate) fn has_no_files_but<'k>(&self, kinds: impl Iterator<Item = &'k str>) {
        let names = fs::read_dir(self.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let files: BTreeSet<String> = names.collect();
        assert_eq!(files, kinds.map(|kind| format!("v1_{kind}.hex")).collect());
    }
}

fn to_hex(bytes: &[u8]) -> String {
    bytes.chunks(40).map(|line| ::hex::encode(line) + "\n").collect()
}

fn from_hex(text: &str) -> Vec<u8> {
    ::hex::decode(text.lines().collect::<String>()).unwrap()
}
