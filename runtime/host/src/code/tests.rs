//! The cache of machine code: used when it is whole and private, ignored when it is not.

use std::{fs::Permissions, os::unix::fs::PermissionsExt};

use tempfile::TempDir;

use super::*;
use crate::{config::RuntimeConfig, engine};

const COMPONENT: &[u8] = b"(component)";

fn setting() -> (Engine, Vec<u8>, TempDir) {
    let engine = engine::build(&RuntimeConfig::embedded(None)).unwrap();
    let private = tempfile::Builder::new().permissions(Permissions::from_mode(0o700)).tempdir();
    (engine, wat::parse_bytes(COMPONENT).unwrap().into_owned(), private.unwrap())
}

/// The entry of the cache, loaded without compiling.
fn cached(engine: &Engine, component: &[u8], directory: &Path) -> Option<Component> {
    Cache::open(directory).ok()?.get(engine, &name(engine, component))
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().mode() & 0o777
}

#[test]
fn a_component_is_found_again_and_everything_is_private() {
    let (engine, component, parent) = setting();
    let directory = parent.path().join("deep/cache");
    assert!(load(&engine, &component, Some(&directory)).is_ok());
    assert!(cached(&engine, &component, &directory).is_some());
    assert_eq!(mode(&directory), 0o700);
    for entry in fs::read_dir(&directory).unwrap() {
        assert_eq!(mode(&entry.unwrap().path()), 0o600);
    }
    assert_eq!(fs::read_dir(&directory).unwrap().count(), 2, "key and artifact, and no draft");
}

#[test]
fn every_changed_byte_of_code_or_artifact_is_noticed() {
    let (engine, component, directory) = setting();
    load(&engine, &component, Some(directory.path())).unwrap();
    let cache = Cache::open(directory.path()).unwrap();
    let name = name(&engine, &component);
    let whole = fs::read(cache.path(&name)).unwrap();
    assert!(cache.key.load(&engine, &name, &whole).is_some());
    for at in (0..whole.len()).step_by(97).chain(0..KEY_BYTES) {
        let mut damaged = whole.clone();
        damaged[at] ^= 1;
        assert!(cache.key.load(&engine, &name, &damaged).is_none());
    }
    for len in [0, KEY_BYTES - 1, KEY_BYTES, whole.len() - 1] {
        assert!(cache.key.load(&engine, &name, &whole[..len]).is_none());
    }
}

#[test]
fn an_artifact_of_another_name_or_key_is_not_loaded() {
    let (engine, component, directory) = setting();
    load(&engine, &component, Some(directory.path())).unwrap();
    let cache = Cache::open(directory.path()).unwrap();
    let own = name(&engine, &component);
    let sealed = fs::read(cache.path(&own)).unwrap();
    assert!(cache.key.load(&engine, &name(&engine, b"another"), &sealed).is_none());
    assert!(ArtifactKey::new([7; KEY_BYTES]).load(&engine, &own, &sealed).is_none());
}

#[test]
fn a_damaged_entry_is_replaced() {
    let (engine, component, directory) = setting();
    load(&engine, &component, Some(directory.path())).unwrap();
    let path = Cache::open(directory.path()).unwrap().path(&name(&engine, &component));
    fs::write(&path, b"damaged").unwrap();
    assert!(load(&engine, &component, Some(directory.path())).is_ok());
    assert!(cached(&engine, &component, directory.path()).is_some());
}

#[test]
fn a_directory_or_a_key_that_others_can_read_is_not_used() {
    let (engine, component, directory) = setting();
    load(&engine, &component, Some(directory.path())).unwrap();
    for (path, open, closed) in
        [(directory.path().to_owned(), 0o750, 0o700), (directory.path().join("key"), 0o640, 0o600)]
    {
        fs::set_permissions(&path, Permissions::from_mode(open)).unwrap();
        assert!(cached(&engine, &component, directory.path()).is_none());
        assert!(load(&engine, &component, Some(directory.path())).is_ok(), "it is compiled instead");
        fs::set_permissions(&path, Permissions::from_mode(closed)).unwrap();
        assert!(cached(&engine, &component, directory.path()).is_some());
    }
}

#[test]
fn another_configuration_has_another_name() {
    let (engine, component, _directory) = setting();
    let other = Engine::new(wasmtime::Config::new().consume_fuel(false)).unwrap();
    assert_ne!(name(&engine, &component).0, name(&other, &component).0);
}
