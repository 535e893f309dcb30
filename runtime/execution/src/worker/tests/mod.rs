//! Workers over a real sandbox, a real committer and a real database.

mod approvals;
mod commits;
mod crashes;
mod doubt;
mod ends;
mod load;
mod provider;
mod quotas;
mod redactions;
mod replays;
mod requests;
mod shadows;
mod stage;
