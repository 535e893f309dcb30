//! Errors of the writer's driver.

use std::{borrow::Cow, error::Error};

use sqlx::error::{DatabaseError, ErrorKind};

use crate::StoreError;

/// An error of the writer's driver, in the form that errors of the readers' driver have.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub(crate) struct Failure {
    /// SQLite's extended result code; `None`: the driver's own.
    code: Option<i32>,
    message: String,
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        let message = error.to_string();
        let code = match error {
            rusqlite::Error::SqliteFailure(error, _) => Some(error.extended_code),
            _ => None,
        };
        Self { code, message }
    }
}

/// Sorts an error of a statement.
pub(super) fn statement(error: rusqlite::Error) -> StoreError {
    StoreError::statement(Failure::from(error).into())
}

impl DatabaseError for Failure {
    fn message(&self) -> &str {
        &self.message
    }

    fn code(&self) -> Option<Cow<'_, str>> {
        self.code.map(|code| Cow::Owned(code.to_string()))
    }

    fn kind(&self) -> ErrorKind {
        ErrorKind::Other
    }

    fn as_error(&self) -> &(dyn Error + Send + Sync + 'static) {
        self
    }

    fn as_error_mut(&mut self) -> &mut (dyn Error + Send + Sync + 'static) {
        self
    }

    fn into_error(self: Box<Self>) -> Box<dyn Error + Send + Sync + 'static> {
        self
    }
}
