//! Master keys come from a file, the environment or a program, and from nowhere else.

use std::{
    fs,
    io::{self, Write},
    os::unix::fs::PermissionsExt,
};

use alcove_secrets::{MasterKeys, MasterKeysError, MasterSource, MasterSourceError};
use tempfile::NamedTempFile;

fn file(mode: u32, text: &str) -> io::Result<NamedTempFile> {
    let mut file = NamedTempFile::new()?;
    file.write_all(text.as_bytes())?;
    fs::set_permissions(file.path(), fs::Permissions::from_mode(mode))?;
    Ok(file)
}

fn load(source: &str) -> Result<MasterKeys, MasterSourceError> {
    MasterSource::parse(source)?.load()
}

#[test]
fn a_private_file_and_a_program_give_the_same_key() {
    let line = MasterKeys::generate().unwrap();
    let file = file(0o600, &line).unwrap();
    let path = file.path().display();
    let from_file = load(&format!("file:{path}")).unwrap();
    let from_program = load(&format!("command:cat {path}")).unwrap();
    assert_eq!(from_file.current().unwrap(), from_program.current().unwrap());
}

#[test]
fn a_variable_of_the_environment_gives_a_key() {
    // PATH is set wherever tests run, and is no key: so it is read, and refused for what it is.
    let error = load("env:PATH").unwrap_err();
    assert!(matches!(error, MasterSourceError::Keys(MasterKeysError::Malformed { line: 1 })), "{error}");
    assert!(matches!(load("env:ALCOVE_NO_SUCH"), Err(MasterSourceError::Environment { .. })));
}

#[test]
fn a_file_that_others_can_read_is_refused() {
    let line = MasterKeys::generate().unwrap();
    for mode in [0o640, 0o604, 0o620, 0o666] {
        let file = file(mode, &line).unwrap();
        let error = load(&format!("file:{}", file.path().display())).unwrap_err();
        assert!(matches!(error, MasterSourceError::Exposed { .. }), "{mode:o}: {error}");
    }
}

#[test]
fn what_cannot_be_had_is_said_and_nothing_of_it_is_shown() {
    assert!(matches!(load("file:/nonexistent"), Err(MasterSourceError::File { .. })));
    assert!(matches!(load("command:/nonexistent x"), Err(MasterSourceError::Start { .. })));
    assert!(matches!(load("command:false"), Err(MasterSourceError::Failed { .. })));
    for unknown in ["", "file:", "env:", "command: ", "kms:key", "c2VjcmV0"] {
        assert!(matches!(load(unknown), Err(MasterSourceError::Unknown { .. })), "{unknown}");
    }
    let exposed = file(0o600, "hunter2-is-no-key").unwrap();
    let error = load(&format!("file:{}", exposed.path().display())).unwrap_err();
    assert!(!format!("{error} {error:?}").contains("hunter2"), "{error:?}");
    let long = file(0o600, &"#".repeat((64 << 10) + 1)).unwrap();
    assert!(matches!(load(&format!("file:{}", long.path().display())), Err(MasterSourceError::NotText)));
    let whole = file(0o600, &"#".repeat(64 << 10)).unwrap();
    let error = load(&format!("file:{}", whole.path().display())).unwrap_err();
    assert!(matches!(error, MasterSourceError::Keys(MasterKeysError::None)));
}
