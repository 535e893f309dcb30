//! How many values a message holds: what its reader will hold it to, known before it is sent.

use super::DecodeError;
use crate::value::Value;

/// Values that a message may hold whatever its length; beyond, one for each four bytes.
pub const VALUES_FREE: usize = 262_144;
/// Lists and objects that a message may hold whatever its length; beyond, one for each 64 bytes.
pub const CONTAINERS_FREE: usize = 65_536;

/// What a reader says of a message with more; it names no place of the program that wrote it.
pub(super) const TOO_MANY_VALUES: &str = "too many values";
/// The same for lists and objects.
pub(super) const TOO_MANY_CONTAINERS: &str = "too many lists and objects";

/// The values that a message of so many bytes may hold, and the lists and objects among them. A null takes one byte on
/// the wire and 24 in memory, an empty object two and more than 100.
pub(super) fn most(bytes: usize) -> (usize, usize) {
    (VALUES_FREE + bytes / 4, CONTAINERS_FREE + bytes / 64)
}

/// The values of a message that is being written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Parts {
    values: usize,
    containers: usize,
}

impl Parts {
    /// Counts a value with all that is in it. It nests no deeper than any value may, so this may recurse.
    pub fn add(&mut self, value: &Value) {
        self.values += 1;
        match value {
            Value::List(items) => {
                self.containers += 1;
                for item in items.iter() {
                    self.add(item);
                }
            }
            Value::Record(record) => {
                self.containers += 1;
                for cell in record.cells() {
                    self.add(cell);
                }
            }
            _ => {}
        }
    }

    /// Whether a message of so many bytes may hold them.
    pub fn fit(self, bytes: usize) -> bool {
        let (values, containers) = most(bytes);
        self.values <= values && self.containers <= containers
    }
}

impl DecodeError {
    /// Whether the message is well-formed so far and only holds too much: a limit, and not a defect of who sent it.
    pub fn is_too_much(&self) -> bool {
        self.what == TOO_MANY_VALUES || self.what == TOO_MANY_CONTAINERS
    }
}
