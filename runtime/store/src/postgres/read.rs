//! Queries whose rows are read while they are asked for.

use futures_util::TryStreamExt;
use sqlx::{Either, PgConnection};
use tokio::sync::mpsc::Sender;

use super::{Session, cells, run};
use crate::{
    Sql, SqlValue, StoreError,
    rows::{Chunk, Filling, send},
};

/// Sends the rows of a query, until the last or until nobody wants them.
pub(super) async fn stream(
    mut session: Session,
    sql: &Sql,
    params: &[SqlValue],
    sender: &Sender<Result<Chunk, StoreError>>,
) -> Result<(), StoreError> {
    // A query whose run has ended stops too, even where it would search for long without finding a row.
    let sent = tokio::select! {
        sent = send_rows(session.connection()?, sql, params, sender) => sent,
        () = sender.closed() => Ok(Sent::Partly),
    };
    let ended = matches!(sent, Ok(Sent::All) | Err(StoreError::Refused(_)));
    if ended {
        session.rollback().await;
    } else {
        // The rest of the rows is on its way. Without its connection the query ends.
        session.discard();
    }
    sent.map(drop)
}

enum Sent {
    All,
    Partly,
}

async fn send_rows(
    connection: &mut PgConnection,
    sql: &Sql,
    params: &[SqlValue],
    sender: &Sender<Result<Chunk, StoreError>>,
) -> Result<Sent, StoreError> {
    let mut items = std::pin::pin!(run::send(connection, sql, params).await?);
    let mut filling = Filling::default();
    while let Some(item) = items.try_next().await.map_err(StoreError::statement)? {
        let Either::Right(row) = item else { continue };
        if let Some(chunk) = filling.push(cells::read_row(&row)?)
            && !send(sender, chunk).await?
        {
            return Ok(Sent::Partly);
        }
    }
    match filling.rest() {
        Some(chunk) => send(sender, chunk).await.map(|_| Sent::All),
        None => Ok(Sent::All),
    }
}
