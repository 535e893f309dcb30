//! The one place where machine code is taken from outside: the only `unsafe` on the host's side of the sandbox.
//!
//! # Audit
//! `Component::deserialize` runs whatever it is given, so the bytes must be the very ones that Wasmtime made. That
//! holds because:
//!
//! 1. They carry a keyed BLAKE3 code over name and artifact. Only whoever has the key can make one. The key lies in a
//!    directory and a file that were found to belong to this user and to be closed to all others (`code.rs`); who
//!    can read it can replace this program as well.
//! 2. `mac` is called in one place, with what `Component::serialize` has just given.
//! 3. The name covers Wasmtime's version, its configuration, the machine's features and the component's bytes, so an
//!    artifact is loaded only by an engine like the one that made it. Wasmtime checks version and features again.
//! 4. What was checked is what is loaded: the same bytes in memory, never the file again.
//!
//! A wrong code, a short file or an artifact that Wasmtime refuses is no error: the component is compiled.

use wasmtime::{Engine, component::Component};

/// Bytes of a key, of a name and of a code.
pub(crate) const KEY_BYTES: usize = 32;

/// What an artifact was made from and for.
pub(crate) struct Name(pub(crate) [u8; KEY_BYTES]);

/// Makes and checks the codes of artifacts.
pub(crate) struct ArtifactKey([u8; KEY_BYTES]);

impl ArtifactKey {
    /// Takes the bytes of a key, which must be random and private.
    pub(crate) fn new(bytes: [u8; KEY_BYTES]) -> Self {
        Self(bytes)
    }

    /// The code of an artifact that Wasmtime has just made.
    pub(crate) fn mac(&self, name: &Name, artifact: &[u8]) -> [u8; KEY_BYTES] {
        *self.hash(name, artifact).as_bytes()
    }

    /// Loads an artifact behind its code, if the code is right.
    pub(crate) fn load(&self, engine: &Engine, name: &Name, sealed: &[u8]) -> Option<Component> {
        let (code, artifact) = sealed.split_first_chunk::<KEY_BYTES>()?;
        // Compared in constant time.
        if self.hash(name, artifact) != *code {
            return None;
        }
        #[expect(
            unsafe_code,
            reason = "the code proves that this user's Wasmtime made the artifact; see the audit above"
        )]
        // SAFETY: `artifact` is what `Component::serialize` gave for this name, by the code that was just checked.
        let component = unsafe { Component::deserialize(engine, artifact) };
        component.ok()
    }

    fn hash(&self, name: &Name, artifact: &[u8]) -> blake3::Hash {
        let mut hasher = blake3::Hasher::new_keyed(&self.0);
        hasher.update(&name.0).update(artifact);
        hasher.finalize()
    }
}
