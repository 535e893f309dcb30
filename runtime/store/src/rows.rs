//! Reading.

use std::{collections::VecDeque, mem, time::Duration};

use futures_util::StreamExt;
use sqlx::{Sqlite, SqlitePool, pool::PoolConnection};
use tokio::{
    sync::mpsc::{self, Receiver, Sender},
    time::timeout,
};

use crate::{Sql, SqlValue, StoreError, value};

/// Rows of one chunk at most.
pub const CHUNK_ROWS: usize = 512;
/// A chunk ends with the row that brings it to so many bytes.
pub const CHUNK_BYTES: usize = 64 * 1024;

/// Chunks that are read ahead. A result that is no larger frees its connection at once, whatever its reader does.
const CHUNKS_AHEAD: usize = 4;
/// A reader that asks for nothing for so long loses its snapshot, so that it cannot keep others out.
const IDLE_SECONDS: u64 = 60;
/// Steps of SQLite's machine (some 100 µs of work) after which it is asked whether anybody still wants the rows.
const STEPS_PER_CHECK: i32 = 10_000;

/// The longest query that stays prepared.
const KEPT_SQL_BYTES: usize = 4 * 1024;

type Chunk = Vec<Vec<SqlValue>>;

/// The rows of one query, chunk by chunk, all of one snapshot.
#[derive(Debug)]
pub struct Rows {
    source: Source,
}

#[derive(Debug)]
enum Source {
    Gathered(VecDeque<Chunk>),
    Stream(Receiver<Result<Chunk, StoreError>>),
}

impl Rows {
    /// The next rows, never an empty list; `None` after the last.
    pub async fn next(&mut self) -> Result<Option<Chunk>, StoreError> {
        match &mut self.source {
            Source::Gathered(chunks) => Ok(chunks.pop_front()),
            Source::Stream(chunks) => chunks.recv().await.transpose(),
        }
    }

    /// Reads everything first.
    pub(crate) async fn gather(pool: &SqlitePool, sql: &Sql, params: &[SqlValue]) -> Result<Self, StoreError> {
        let rows = value::bind(sqlx::query(sql), params).fetch_all(pool).await.map_err(StoreError::statement)?;
        let mut chunks = VecDeque::new();
        let mut filling = Filling::default();
        for row in &rows {
            chunks.extend(filling.push(value::read_row(row)?));
        }
        chunks.extend(filling.rest());
        Ok(Self { source: Source::Gathered(chunks) })
    }

    /// Reads in a task of its own, a few chunks ahead of whoever asks.
    pub(crate) async fn stream(pool: &SqlitePool, sql: Sql, params: Vec<SqlValue>) -> Result<Self, StoreError> {
        let connection = pool.acquire().await.map_err(StoreError::statement)?;
        let (sender, receiver) = mpsc::channel(CHUNKS_AHEAD);
        tokio::spawn(async move {
            if let Err(error) = read(connection, &sql, &params, &sender).await {
                // The reader may have gone, and then nobody wants to know.
                let _ = sender.send(Err(error)).await;
            }
        });
        Ok(Self { source: Source::Stream(receiver) })
    }
}

async fn read(
    mut connection: PoolConnection<Sqlite>,
    sql: &Sql,
    params: &[SqlValue],
    sender: &Sender<Result<Chunk, StoreError>>,
) -> Result<(), StoreError> {
    // A query whose run has ended stops too, even where it would search for long without finding a row.
    let wanted = sender.clone();
    let mut handle = connection.lock_handle().await.map_err(StoreError::statement)?;
    handle.set_progress_handler(STEPS_PER_CHECK, move || !wanted.is_closed());
    drop(handle);
    let done = send_rows(&mut connection, sql, params, sender).await;
    connection.lock_handle().await.map_err(StoreError::statement)?.remove_progress_handler();
    done
}

async fn send_rows(
    connection: &mut PoolConnection<Sqlite>,
    sql: &Sql,
    params: &[SqlValue],
    sender: &Sender<Result<Chunk, StoreError>>,
) -> Result<(), StoreError> {
    // A prepared statement takes many times its text: an app with large filters shall not fill every reader with them.
    let query = sqlx::query(sql).persistent(sql.as_str().len() <= KEPT_SQL_BYTES);
    let mut rows = value::bind(query, params).fetch(&mut **connection);
    let mut filling = Filling::default();
    while let Some(row) = rows.next().await {
        let row = value::read_row(&row.map_err(StoreError::statement)?)?;
        if let Some(chunk) = filling.push(row)
            && !send(sender, chunk).await?
        {
            return Ok(());
        }
    }
    match filling.rest() {
        Some(chunk) => send(sender, chunk).await.map(drop),
        None => Ok(()),
    }
}

/// Hands a chunk over; false if nobody wants it any more.
async fn send(sender: &Sender<Result<Chunk, StoreError>>, chunk: Chunk) -> Result<bool, StoreError> {
    match timeout(Duration::from_secs(IDLE_SECONDS), sender.send(Ok(chunk))).await {
        Ok(sent) => Ok(sent.is_ok()),
        Err(_) => Err(StoreError::Idle { seconds: IDLE_SECONDS }),
    }
}

/// The chunk that is being filled.
#[derive(Default)]
struct Filling {
    rows: Chunk,
    bytes: usize,
}

impl Filling {
    /// Adds a row; gives the chunk if it is full now.
    fn push(&mut self, row: Vec<SqlValue>) -> Option<Chunk> {
        self.bytes += row.iter().map(SqlValue::size).sum::<usize>();
        self.rows.push(row);
        let full = self.rows.len() >= CHUNK_ROWS || self.bytes >= CHUNK_BYTES;
        full.then(|| self.rest()).flatten()
    }

    fn rest(&mut self) -> Option<Chunk> {
        self.bytes = 0;
        let rows = mem::take(&mut self.rows);
        (!rows.is_empty()).then_some(rows)
    }
}
