//! One engine at a time on a file.

use std::{
    ffi::OsString,
    fs::{File, OpenOptions, TryLockError},
    path::Path,
};

use crate::StoreError;

/// Keeps other processes from running an engine on the same database, until it is dropped or this process ends,
/// whichever way.
#[derive(Debug)]
#[must_use = "the lock is given up when this is dropped"]
pub struct ExclusiveLock {
    /// `None` where the database itself sorts out its nodes.
    _file: Option<File>,
}

impl ExclusiveLock {
    /// For a database that no other process can reach, or that many nodes share by their leases.
    pub(crate) const NOT_NEEDED: Self = Self { _file: None };

    /// Locks the file beside a database: `<database>.lock`, which stays there and is empty.
    pub(crate) fn beside(database: &Path) -> Result<Self, StoreError> {
        let mut name = OsString::from(database);
        name.push(".lock");
        let lock = Path::new(&name).display().to_string();
        let opened = OpenOptions::new().create(true).truncate(false).write(true).open(&name);
        let locked = opened.map_err(TryLockError::Error).and_then(|file| file.try_lock().map(|()| file));
        match locked {
            Ok(file) => Ok(Self { _file: Some(file) }),
            Err(TryLockError::WouldBlock) => Err(StoreError::Locked { database: database.display().to_string(), lock }),
            Err(TryLockError::Error(source)) => Err(StoreError::Lock { lock, source }),
        }
    }
}
