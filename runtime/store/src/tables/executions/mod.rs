//! `executions`: the runs.

mod lists;
mod row;
mod work;
mod write;

pub use lists::{Before, Filter, ended, get, get_for_update, list, open_of_app};
pub use row::{Key, Row, State, Trigger};
pub use work::{Held, lock, queued, running_of, running_per_app, tenants_with_queue};
pub use write::{Change, Claim, claim, delete, insert, insert_new, update};
