//! Reading.

use std::{collections::VecDeque, mem, time::Duration};

use tokio::{
    sync::mpsc::{self, Receiver, Sender},
    time::timeout,
};

use crate::{SqlValue, StoreError};

/// Rows of one chunk at most.
pub const CHUNK_ROWS: usize = 512;
/// A chunk ends with the row that brings it to so many bytes.
pub const CHUNK_BYTES: usize = 64 * 1024;

/// Chunks that are read ahead. A result that is no larger frees its connection at once, whatever its reader does.
const CHUNKS_AHEAD: usize = 4;
/// A reader that asks for nothing for so long loses its snapshot, so that it cannot keep others out.
const IDLE_SECONDS: u64 = 60;
pub(crate) type Chunk = Vec<Vec<SqlValue>>;

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

    /// Rows that were read already.
    pub(crate) fn gathered(rows: Vec<Vec<SqlValue>>) -> Self {
        let mut chunks = VecDeque::new();
        let mut filling = Filling::default();
        for row in rows {
            chunks.extend(filling.push(row));
        }
        chunks.extend(filling.rest());
        Self { source: Source::Gathered(chunks) }
    }

    /// Rows that a task of its own reads, a few chunks ahead of whoever asks.
    pub(crate) fn streamed<F>(read: impl FnOnce(Sender<Result<Chunk, StoreError>>) -> F) -> Self
    where
        F: Future<Output = Result<(), StoreError>> + Send + 'static,
    {
        let (sender, receiver) = mpsc::channel(CHUNKS_AHEAD);
        let reading = read(sender.clone());
        tokio::spawn(async move {
            if let Err(error) = reading.await {
                // The reader may have gone, and then nobody wants to know.
                let _ = sender.send(Err(error)).await;
            }
        });
        Self { source: Source::Stream(receiver) }
    }
}

/// Hands a chunk over; false if nobody wants it any more.
pub(crate) async fn send(sender: &Sender<Result<Chunk, StoreError>>, chunk: Chunk) -> Result<bool, StoreError> {
    match timeout(Duration::from_secs(IDLE_SECONDS), sender.send(Ok(chunk))).await {
        Ok(sent) => Ok(sent.is_ok()),
        Err(_) => Err(StoreError::Idle { seconds: IDLE_SECONDS }),
    }
}

/// The chunk that is being filled.
#[derive(Default)]
pub(crate) struct Filling {
    rows: Chunk,
    bytes: usize,
}

impl Filling {
    /// Adds a row; gives the chunk if it is full now.
    pub(crate) fn push(&mut self, row: Vec<SqlValue>) -> Option<Chunk> {
        self.bytes += row.iter().map(SqlValue::size).sum::<usize>();
        self.rows.push(row);
        let full = self.rows.len() >= CHUNK_ROWS || self.bytes >= CHUNK_BYTES;
        full.then(|| self.rest()).flatten()
    }

    pub(crate) fn rest(&mut self) -> Option<Chunk> {
        self.bytes = 0;
        let rows = mem::take(&mut self.rows);
        (!rows.is_empty()).then_some(rows)
    }
}
