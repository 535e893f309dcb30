//! Writing.

use sqlx::Sqlite;

use crate::{Sql, SqlValue, StoreError, value};

/// One transaction. Dropped without [`commit`](Self::commit), it leaves no trace.
#[derive(Debug)]
pub struct Transaction {
    inner: sqlx::Transaction<'static, Sqlite>,
}

impl Transaction {
    pub(crate) fn new(inner: sqlx::Transaction<'static, Sqlite>) -> Self {
        Self { inner }
    }

    /// Performs a statement; gives the number of rows that it inserted, changed or deleted.
    pub async fn execute(&mut self, sql: &Sql, params: &[SqlValue]) -> Result<u64, StoreError> {
        let done = value::bind(sqlx::query(sql), params).execute(&mut *self.inner).await;
        done.map(|done| done.rows_affected()).map_err(StoreError::statement)
    }

    /// All rows of a query, or of a statement with `RETURNING`.
    pub async fn query(&mut self, sql: &Sql, params: &[SqlValue]) -> Result<Vec<Vec<SqlValue>>, StoreError> {
        let rows = value::bind(sqlx::query(sql), params).fetch_all(&mut *self.inner).await;
        rows.map_err(StoreError::statement)?.iter().map(value::read_row).collect()
    }

    /// Marks a point to which [`rollback_to_mark`](Self::rollback_to_mark) can return.
    pub async fn mark(&mut self) -> Result<(), StoreError> {
        self.execute(&Sql::fixed("SAVEPOINT mark"), &[]).await.map(drop)
    }

    /// Undoes everything since the last [`mark`](Self::mark), and forgets the mark.
    pub async fn rollback_to_mark(&mut self) -> Result<(), StoreError> {
        self.execute(&Sql::fixed("ROLLBACK TO mark"), &[]).await?;
        self.execute(&Sql::fixed("RELEASE mark"), &[]).await.map(drop)
    }

    /// Keeps everything since the last [`mark`](Self::mark), and forgets the mark.
    pub async fn release_mark(&mut self) -> Result<(), StoreError> {
        self.execute(&Sql::fixed("RELEASE mark"), &[]).await.map(drop)
    }

    /// Makes all of it durable.
    pub async fn commit(self) -> Result<(), StoreError> {
        self.inner.commit().await.map_err(StoreError::statement)
    }
}
