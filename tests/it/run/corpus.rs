//! Every case of `corpus/run`.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::{
    case::{self, json_file},
    ids::numbered,
};
use crate::scene::Executor;

/// The starter apps of the requirements.
pub(crate) const STARTERS: [&str; 7] = [
    "content-moderator",
    "mission-completion-congrats",
    "purchase-thank-you",
    "reward-reminder",
    "room-welcome",
    "weekly-xp-digest",
    "welcome-xp-bonus",
];

fn cases() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/run");
    let mut folders: Vec<PathBuf> =
        fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect();
    folders.sort();
    for starter in STARTERS {
        assert!(folders.iter().any(|folder| folder.ends_with(starter)), "`{starter}` is missing");
    }
    folders
}

#[tokio::test(flavor = "multi_thread")]
async fn each_case_gives_what_is_expected_in_the_sandbox_and_natively() {
    let bless = std::env::var_os("BLESS").is_some();
    let mut wrong = Vec::new();
    for folder in cases() {
        let scene = case::read(&folder);
        if let Err(problems) = scene.compile() {
            wrong.push(format!("{}: does not compile:\n{problems}", folder.display()));
            continue;
        }
        let got = scene.stage().await.run(Executor::Wasm).await;
        let native = scene.stage().await.run(Executor::Native).await;
        if native != got {
            wrong.push(format!("{}: the native executor gave {native:#}, the sandbox {got:#}", folder.display()));
        }
        let (got, expected_file) = (numbered(&got), folder.join("expected.json"));
        if bless {
            fs::write(&expected_file, format!("{got:#}\n")).unwrap();
        } else if json_file(&expected_file).as_ref() != Some(&got) {
            wrong.push(format!("{}: expected.json differs; the run gave {got:#}", folder.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
