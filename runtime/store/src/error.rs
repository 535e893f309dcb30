//! What can go wrong with the database.

use sqlx::error::DatabaseError;

use crate::{sqlite, tables::RowError};

/// Why the database did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// An address of no database that this program knows.
    #[error("`{scheme}` is no database that is known here; expected `sqlite:PATH` or `postgres://...`")]
    Url {
        /// What stands before the colon, or all of it.
        scheme: String,
    },
    /// Another process runs on the database.
    #[error("`{database}` is in use by another process, which holds `{lock}`; stop that process first")]
    Locked {
        /// The database's file.
        database: String,
        /// The file that the other process has locked.
        lock: String,
    },
    /// The file that keeps other processes away could not be made or locked.
    #[error("`{lock}`, which keeps other processes from the database, could not be locked")]
    Lock {
        /// The file.
        lock: String,
        /// Why not.
        #[source]
        source: std::io::Error,
    },
    /// It could not be opened.
    #[error("the database could not be opened")]
    Open(#[source] sqlx::Error),
    /// Its schema could not be brought up to date.
    #[error("the database could not be migrated")]
    Migrate(#[source] sqlx::migrate::MigrateError),
    /// Another build of Alcove, or another program, has made its tables.
    #[error("the database has the tables of version {found}, and this build reads those of version {wanted}")]
    OtherSchema {
        /// The migration that it is at; 0: it has none of Alcove's tables.
        found: i64,
        /// This build's last migration.
        wanted: i64,
    },
    /// The data did not fit: a constraint, a type, an arithmetic overflow. The same statement with other data may pass.
    #[error("the database refused the data")]
    Refused(#[source] sqlx::Error),
    /// Text that PostgreSQL has no form for.
    #[error("the text contains the character U+0000, which PostgreSQL cannot store; remove it")]
    Nul,
    /// A statement does not fit its parameters.
    #[error("a statement does not fit its parameters: {problem}")]
    Parameter {
        /// Which, and why not.
        problem: String,
    },
    /// Others wrote the same rows at the same time, and this transaction had to give way. Done again, it may pass.
    #[error("others wrote the same rows at the same time")]
    Conflict(#[source] sqlx::Error),
    /// The database does not know what the statement names, or this role may not do it.
    #[error("the database does not perform this statement")]
    Statement(#[source] sqlx::Error),
    /// It could not answer now: busy, full, broken, closed.
    #[error("the database is not available")]
    Unavailable(#[source] sqlx::Error),
    /// A reader left its rows alone for so long that its snapshot was given up.
    #[error("the rows were not read for {seconds} seconds, and their snapshot was given up")]
    Idle {
        /// How long.
        seconds: u64,
    },
    /// Nothing can follow: a statement of the transaction failed before, or what was asked for was never performed.
    #[error("a statement of the transaction failed before")]
    Failed,
    /// A cell that is of no type which this project stores.
    #[error("a stored cell is {found}, which is never written")]
    Cell {
        /// The database's word for it.
        found: String,
    },
    /// A row that this project does not write.
    #[error("a stored row cannot be read")]
    Row(#[from] RowError),
}

/// Primary result codes of SQLite that blame the data: `SQLITE_ERROR` (overflow of a sum, malformed JSON), `TOOBIG`,
/// `CONSTRAINT` and `MISMATCH`.
const DATA_CODES: [i32; 4] = [1, 18, 19, 20];
/// `BUSY` and `LOCKED`: another connection writes.
const BUSY_CODES: [i32; 2] = [5, 6];

/// Classes of SQLSTATE that blame the data: data exception, integrity constraint violation, program limit exceeded.
const DATA_CLASSES: [&str; 3] = ["22", "23", "54"];
/// Serialization failure, deadlock, lock not available.
const CONFLICT_STATES: [&str; 3] = ["40001", "40P01", "55P03"];
/// Text that is JSON and names U+0000.
const NUL_STATE: &str = "22P05";
/// Syntax error or access rule violation.
const STATEMENT_CLASS: &str = "42";

impl StoreError {
    /// Sorts an error of a statement.
    pub(crate) fn statement(error: sqlx::Error) -> Self {
        let Some(database) = error.as_database_error() else { return Self::Unavailable(error) };
        let code = database.code().unwrap_or_default().into_owned();
        if is_sqlite(database) { Self::of_sqlite(&code, error) } else { Self::of_postgres(&code, error) }
    }

    fn of_sqlite(code: &str, error: sqlx::Error) -> Self {
        // The low byte of an extended result code is the primary one.
        match code.parse::<i32>().map(|code| code & 0xff) {
            Ok(code) if DATA_CODES.contains(&code) => Self::Refused(error),
            Ok(code) if BUSY_CODES.contains(&code) => Self::Conflict(error),
            _ => Self::Unavailable(error),
        }
    }

    fn of_postgres(state: &str, error: sqlx::Error) -> Self {
        let class = state.get(..2).unwrap_or_default();
        if state == NUL_STATE {
            Self::Nul
        } else if DATA_CLASSES.contains(&class) {
            Self::Refused(error)
        } else if CONFLICT_STATES.contains(&state) {
            Self::Conflict(error)
        } else if class == STATEMENT_CLASS {
            Self::Statement(error)
        } else {
            Self::Unavailable(error)
        }
    }

    /// Whether the data is to blame, so that a smaller batch may pass.
    pub fn is_refusal(&self) -> bool {
        matches!(self, Self::Refused(_) | Self::Nul)
    }

    /// Whether the same transaction, done again from its beginning, may pass. Nothing of it has happened.
    pub fn is_retryable(&self) -> bool {
        matches!(self, Self::Conflict(_))
    }
}

fn is_sqlite(error: &dyn DatabaseError) -> bool {
    error.try_downcast_ref::<sqlx::sqlite::SqliteError>().is_some()
        || error.try_downcast_ref::<sqlite::Failure>().is_some()
}
