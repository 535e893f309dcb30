//! The native programs that the loop is held against: what a good engineer writes who needs this one job done on the
//! same database, with the same driver. One query, then one transaction with statements that stay prepared, one after
//! the other for each member.

use std::path::Path;

use alcove_store::{DECIMAL, decimal};
use anyhow::Result;
use serde_json::json;
use sqlx::{
    ConnectOptions, Connection, SqliteConnection,
    migrate::Migrator,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};

use crate::scene::TENANT;

const SELECT: &str = "SELECT id, xp_total FROM users WHERE tenant_id = ?1 AND xp_total >= ?2
    ORDER BY xp_total DESC, id LIMIT 5000";
const UPDATE: &str = "UPDATE users SET xp_total = xp_total + ?3, updated_at = ?4 WHERE tenant_id = ?1 AND id = ?2";
const LEDGER: &str = "INSERT INTO effects (tenant_id, execution_id, effect_id, action, outcome)
    VALUES (?1, ?2, ?3, 'award_xp', ?4)";
const EVENT: &str = "INSERT INTO emitted_events (tenant_id, id, type, payload, caused_by, chain_depth, created_at)
    VALUES (?1, ?2, 'xp.awarded', ?3, ?4, 1, ?5)";

/// How much of what a run leaves behind the program writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rows {
    /// The new total, and an entry in the ledger so that a second start repeats nothing.
    UpdateAndLedger,
    /// The event `xp.awarded` too, on which other apps may run: all that a run writes.
    All,
}

/// A native program with its own database.
pub(crate) struct Native {
    database: SqliteConnection,
    rows: Rows,
}

impl Native {
    /// On a file, as durable as the platform's store.
    pub(crate) async fn on_file(path: &Path, rows: Rows) -> Result<Self> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .disable_statement_logging();
        Ok(Self { database: options.connect().await?, rows })
    }

    /// In memory, with the members of that file.
    pub(crate) async fn in_memory(members: &Path, rows: Rows) -> Result<Self> {
        let options = SqliteConnectOptions::new()
            .filename(":memory:")
            .collation(DECIMAL, decimal::compare)
            .disable_statement_logging();
        let mut database = options.connect().await?;
        let migrations = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations/sqlite");
        Migrator::new(migrations).await?.run_direct(None, &mut database, false).await?;
        sqlx::query("ATTACH DATABASE ?1 AS source").bind(members.to_string_lossy()).execute(&mut database).await?;
        sqlx::query("INSERT INTO users SELECT * FROM source.users").execute(&mut database).await?;
        sqlx::query("DETACH DATABASE source").execute(&mut database).await?;
        Ok(Self { database, rows })
    }

    /// Awards XP to the members with the most; gives their number.
    pub(crate) async fn award(&mut self, run: u32, xp_min: i64, amount: i64) -> Result<usize> {
        let members: Vec<(String, i64)> =
            sqlx::query_as(SELECT).bind(TENANT).bind(xp_min).fetch_all(&mut self.database).await?;
        let (execution, now) = (format!("run_{run}"), i64::from(run));
        let mut transaction = self.database.begin().await?;
        for (number, (member, before)) in members.iter().enumerate() {
            let (effect, total) = (format!("eff_{run}_{number}"), before + amount);
            sqlx::query(UPDATE).bind(TENANT).bind(member).bind(amount).bind(now).execute(&mut *transaction).await?;
            sqlx::query(LEDGER)
                .bind(TENANT)
                .bind(&execution)
                .bind(&effect)
                .bind(format!("[{total}]"))
                .execute(&mut *transaction)
                .await?;
            if self.rows == Rows::All {
                let payload = json!({ "user_id": member, "amount": amount, "xp_total": total, "source": "app" });
                sqlx::query(EVENT)
                    .bind(TENANT)
                    .bind(format!("evt_{run}_{number}"))
                    .bind(payload.to_string())
                    .bind(&effect)
                    .bind(now)
                    .execute(&mut *transaction)
                    .await?;
            }
        }
        transaction.commit().await?;
        Ok(members.len())
    }

    /// The XP of all members together, and the number of entries in the ledger.
    pub(crate) async fn totals(&mut self) -> Result<(i64, i64)> {
        let sql = "SELECT (SELECT sum(xp_total) FROM users), (SELECT count(*) FROM effects)";
        Ok(sqlx::query_as(sql).fetch_one(&mut self.database).await?)
    }
}
