//! What can go wrong with the database.

/// Why the database did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// It could not be opened.
    #[error("the database could not be opened")]
    Open(#[source] sqlx::Error),
    /// Its schema could not be brought up to date.
    #[error("the database could not be migrated")]
    Migrate(#[source] sqlx::migrate::MigrateError),
    /// The data did not fit: a constraint, a type, an arithmetic overflow. The same statement with other data may pass.
    #[error("the database refused the data")]
    Refused(#[source] sqlx::Error),
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
    /// An address of no database that this program knows.
    #[error("`{url}` is no address of a database; expected `sqlite:PATH` or `postgres://...`")]
    Url {
        /// The address.
        url: String,
    },
    /// A cell that is of no type which this project stores.
    #[error("a stored cell is {found}, which is never written")]
    Cell {
        /// The database's word for it.
        found: String,
    },
}

/// Primary result codes of SQLite that blame the data: `SQLITE_ERROR` (overflow of a sum, malformed JSON), `TOOBIG`,
/// `CONSTRAINT` and `MISMATCH`.
const DATA_CODES: [i32; 4] = [1, 18, 19, 20];

impl StoreError {
    /// Sorts an error of a statement.
    pub(crate) fn statement(error: sqlx::Error) -> Self {
        let code = error
            .as_database_error()
            .and_then(sqlx::error::DatabaseError::code)
            .and_then(|code| code.parse::<i32>().ok());
        // The low byte of an extended result code is the primary one.
        match code {
            Some(code) if DATA_CODES.contains(&(code & 0xff)) => Self::Refused(error),
            _ => Self::Unavailable(error),
        }
    }

    /// Whether the data is to blame, so that a smaller batch may pass.
    pub fn is_refusal(&self) -> bool {
        matches!(self, Self::Refused(_))
    }
}
