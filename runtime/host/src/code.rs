//! From a component's bytes to machine code, by way of a cache of what this user compiled before.

use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    hash::{Hash, Hasher},
    io::{self, Read, Write},
    os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use wasmtime::{Engine, component::Component};

use crate::{
    artifact::{ArtifactKey, KEY_BYTES, Name},
    error::RuntimeError,
};

/// Loads a component: from the cache where there is a good entry, otherwise by compiling it. A cache that cannot be
/// used, for whatever reason, costs time and nothing else.
pub(crate) fn load(engine: &Engine, component: &[u8], cache: Option<&Path>) -> Result<Component, RuntimeError> {
    let cache = cache.and_then(|directory| Cache::open(directory).ok());
    let name = name(engine, component);
    if let Some(found) = cache.as_ref().and_then(|cache| cache.get(engine, &name)) {
        return Ok(found);
    }
    let compiled = Component::new(engine, component).map_err(RuntimeError::Component)?;
    if let (Some(cache), Ok(artifact)) = (&cache, compiled.serialize()) {
        // Not stored: compiled again the next time.
        let _stored = cache.put(&name, &artifact);
    }
    Ok(compiled)
}

/// What machine code depends on: the component, and everything about the engine that compiles it.
fn name(engine: &Engine, component: &[u8]) -> Name {
    let mut hasher = Blake3Hasher(blake3::Hasher::new_derive_key("alcove 2026 name of a compiled component"));
    engine.precompile_compatibility_hash().hash(&mut hasher);
    hasher.0.update(blake3::hash(component).as_bytes());
    Name(*hasher.0.finalize().as_bytes())
}

/// A directory that only this user can enter.
struct Cache {
    directory: PathBuf,
    key: ArtifactKey,
}

impl Cache {
    fn open(directory: &Path) -> io::Result<Self> {
        DirBuilder::new().recursive(true).mode(0o700).create(directory)?;
        private(&fs::symlink_metadata(directory)?, 0o077)?;
        let key = ArtifactKey::new(key_bytes(&directory.join("key"))?);
        Ok(Self { directory: directory.to_owned(), key })
    }

    fn get(&self, engine: &Engine, name: &Name) -> Option<Component> {
        let sealed = fs::read(self.path(name)).ok()?;
        self.key.load(engine, name, &sealed)
    }

    fn put(&self, name: &Name, artifact: &[u8]) -> io::Result<()> {
        let path = self.path(name);
        let draft = draft(&path)?;
        write_new(&draft, &[&self.key.mac(name, artifact), artifact])?;
        // Whoever reads sees all of it or nothing.
        fs::rename(&draft, &path)
    }

    fn path(&self, name: &Name) -> PathBuf {
        self.directory.join(blake3::Hash::from_bytes(name.0).to_hex().as_str())
    }
}

/// The cache's key; made when it is first wanted.
fn key_bytes(path: &Path) -> io::Result<[u8; KEY_BYTES]> {
    if let Err(error) = fs::symlink_metadata(path) {
        if error.kind() != io::ErrorKind::NotFound {
            return Err(error);
        }
        let draft = draft(path)?;
        write_new(&draft, &[&random()?])?;
        // A link, unlike a renaming, fails where another process was faster; its key is as good.
        let _first = fs::hard_link(&draft, path);
        fs::remove_file(&draft)?;
    }
    let mut file = File::open(path)?;
    private(&file.metadata()?, 0o177)?;
    let mut key = [0; KEY_BYTES];
    file.read_exact(&mut key)?;
    Ok(key)
}

/// Refuses what belongs to somebody else, or gives others any of the rights in `mask`.
fn private(found: &fs::Metadata, mask: u32) -> io::Result<()> {
    let own = found.uid() == rustix::process::geteuid().as_raw();
    if own && found.mode() & mask == 0 && !found.is_symlink() {
        Ok(())
    } else {
        Err(io::Error::new(io::ErrorKind::PermissionDenied, "the cache of machine code is open to others"))
    }
}

/// A name beside `path` that no other process uses.
fn draft(path: &Path) -> io::Result<PathBuf> {
    let random: [u8; KEY_BYTES] = random()?;
    Ok(path.with_extension(blake3::hash(&random).to_hex().as_str()))
}

fn random() -> io::Result<[u8; KEY_BYTES]> {
    let mut bytes = [0; KEY_BYTES];
    getrandom::fill(&mut bytes).map_err(io::Error::other)?;
    Ok(bytes)
}

fn write_new(path: &Path, parts: &[&[u8]]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    parts.iter().try_for_each(|part| file.write_all(part))
}

/// Feeds what Wasmtime hashes about an engine to a digest that is the same in every process.
struct Blake3Hasher(blake3::Hasher);

impl Hasher for Blake3Hasher {
    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// Never asked for: the digest is taken from the field.
    fn finish(&self) -> u64 {
        0
    }
}

#[cfg(test)]
mod tests;
