//! Who is who: members, teams, what was granted to them, and the keys by which they are known.
//!
//! [`Directory`] finds out who shows a key ([`Caller`]) and makes changes; the use cases are methods of
//! [`Control`](crate::Control), one file for each resource, which tenants' admins may use.
//!
//! Architecture invariants: a key is stored as its hash, and what it may is worked out from what its subject has been
//! granted each time that it is read, so that whatever is taken back is gone for every key. What was read is believed
//! for [`AGE_MAX`]. Every change is made under the tenant's lock, with a note of the audit log in the same transaction;
//! nobody gives what they do not have, and a tenant that has an admin keeps one.

mod token;
mod who;

mod caller;
mod change;
mod directory;
mod rules;

mod grants;
mod keys;
mod me;
mod members;
mod teams;

pub use caller::{Caller, CallerError};
pub(crate) use change::Change;
pub use directory::{AGE_MAX, Directory};
pub use grants::NewGrant;
pub(crate) use keys::{Made, end_of, insert_key};
pub use keys::{NewKey, Rotation, ScopedRole};
pub use members::NewMember;
pub use teams::NewTeam;
pub(crate) use token::{Kind, Token};
pub(crate) use who::{Who, is_name, written};
