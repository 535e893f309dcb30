//! `executions`: the runs.

mod lists;
mod queue;
mod row;
mod work;
mod write;

pub use lists::{
    Before, Filter, ended, get, get_for_update, list, newest_but, open_of_app, open_of_tenant, running_of_tenant,
};
pub use queue::{Queued, apps_with_queue, decode_app, orphans, queued, running_of};
pub use row::{Key, Row, State, Trigger};
pub use work::{Held, lock, running_per_app};
pub use write::{Change, Claim, claim, delete, insert, insert_new, update};
