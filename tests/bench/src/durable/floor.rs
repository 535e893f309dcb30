//! The floor: a handler that makes one row of each request durable, as cheaply as a good engineer would, and does
//! nothing else. Rows that wait are committed together.

use std::{net::SocketAddr, path::Path};

use anyhow::{Context, Result};
use axum::{Router, body::Bytes, extract::State, http::StatusCode, routing::post};
use sqlx::{
    ConnectOptions, Connection, PgConnection, SqliteConnection,
    postgres::PgConnectOptions,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};
use tokio::{
    net::TcpListener,
    sync::{mpsc, oneshot},
    task::JoinHandle,
};

/// Rows of one commit at the most.
const ROWS_MAX: usize = 256;

const CREATE: &str = "CREATE TABLE requests (body TEXT NOT NULL)";
/// One call of the driver for the whole transaction: each costs a hand-over to the database's thread.
const SQLITE_COMMIT: &str = "BEGIN IMMEDIATE; INSERT INTO requests (body) SELECT value FROM json_each(?1); COMMIT";
const POSTGRES_COMMIT: &str = "INSERT INTO requests (body) SELECT json_array_elements_text($1::json)";

/// A request's body, and whom to tell that it is durable.
type Row = (String, oneshot::Sender<()>);

/// A server that ends when this is dropped.
pub(crate) struct Floor {
    pub(crate) address: SocketAddr,
    tasks: [JoinHandle<Result<()>>; 2],
}

impl Floor {
    /// Over a SQLite file (WAL, `synchronous=FULL`).
    pub(crate) async fn sqlite(file: &Path) -> Result<Self> {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .disable_statement_logging();
        let mut database = SqliteConnection::connect_with(&options).await?;
        sqlx::query(CREATE).execute(&mut database).await?;
        let (sender, rows) = mpsc::channel(ROWS_MAX);
        Self::serve(sender, tokio::spawn(commit_to_sqlite(database, rows))).await
    }

    /// Over PostgreSQL.
    pub(crate) async fn postgres(url: &str) -> Result<Self> {
        let options: PgConnectOptions = url.parse()?;
        let mut database = PgConnection::connect_with(&options.disable_statement_logging()).await?;
        sqlx::query(CREATE).execute(&mut database).await?;
        let (sender, rows) = mpsc::channel(ROWS_MAX);
        Self::serve(sender, tokio::spawn(commit_to_postgres(database, rows))).await
    }

    async fn serve(rows: mpsc::Sender<Row>, committer: JoinHandle<Result<()>>) -> Result<Self> {
        let router = Router::new().route("/v1/events", post(accept)).with_state(rows);
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let listener = axum::serve::ListenerExt::tap_io(listener, |stream| {
            // Without it the figures would be those of Nagle's algorithm.
            let _ = stream.set_nodelay(true);
        });
        let server = tokio::spawn(async move { axum::serve(listener, router).await.context("the floor's server") });
        Ok(Self { address, tasks: [committer, server] })
    }
}

impl Drop for Floor {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

async fn accept(State(rows): State<mpsc::Sender<Row>>, body: Bytes) -> StatusCode {
    let Ok(body) = String::from_utf8(body.into()) else { return StatusCode::BAD_REQUEST };
    let (durable, told) = oneshot::channel();
    match rows.send((body, durable)).await {
        Ok(()) if told.await.is_ok() => StatusCode::OK,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

async fn commit_to_sqlite(mut database: SqliteConnection, mut rows: mpsc::Receiver<Row>) -> Result<()> {
    let mut waiting = Vec::with_capacity(ROWS_MAX);
    while rows.recv_many(&mut waiting, ROWS_MAX).await > 0 {
        sqlx::query(SQLITE_COMMIT).bind(bodies(&waiting)?).execute(&mut database).await?;
        tell(&mut waiting);
    }
    Ok(())
}

async fn commit_to_postgres(mut database: PgConnection, mut rows: mpsc::Receiver<Row>) -> Result<()> {
    let mut waiting = Vec::with_capacity(ROWS_MAX);
    while rows.recv_many(&mut waiting, ROWS_MAX).await > 0 {
        sqlx::query(POSTGRES_COMMIT).bind(bodies(&waiting)?).execute(&mut database).await?;
        tell(&mut waiting);
    }
    Ok(())
}

fn bodies(rows: &[Row]) -> Result<String> {
    Ok(serde_json::to_string(&rows.iter().map(|(body, _)| body).collect::<Vec<_>>())?)
}

fn tell(rows: &mut Vec<Row>) {
    for (_, durable) in rows.drain(..) {
        // A client that has gone away does not want to know.
        let _ = durable.send(());
    }
}
