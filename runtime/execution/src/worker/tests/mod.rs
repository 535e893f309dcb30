//! Workers over a real sandbox, a real committer and a real database.

mod approvals;
mod commits;
mod crashes;
mod doubt;
mod ends;
mod load;
mod provider;
mod redactions;
mod replays;
mod shadows;
mod stage;
