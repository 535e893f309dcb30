//! `alcove audit export`.

use alcove_control::AuditView;
use alcove_store::audit;

use super::{Exit, recorded};
use crate::{cli::complaint::Complaint, terminal::Terminal};

/// Notes that are read at once.
const PAGE: u32 = 1_000;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    database: recorded::Database,
    /// From the note of this number on.
    #[arg(long, value_name = "SEQ", default_value_t = 0)]
    from: u64,
}

pub(super) async fn run(args: &Args, terminal: &mut Terminal) -> Result<Exit, Complaint> {
    let (store, tenant) = args.database.open().await?;
    let mut from = args.from;
    loop {
        let page = audit::page(&store, &tenant, from, PAGE).await;
        let page = page.map_err(|error| Complaint::caused("unavailable", "--database", &error))?;
        let Some(last) = page.last() else { break };
        from = last.seq.saturating_add(1);
        for row in page {
            let line = serde_json::to_string(&AuditView::from(row));
            terminal.json(&line.map_err(|error| Complaint::caused("unreadable", "--database", &error))?);
        }
    }
    store.close().await;
    Ok(Exit::Done)
}
