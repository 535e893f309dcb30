//! `alcove load`.

use std::path::PathBuf;

use alcove_catalog::Catalog;
use alcove_ids::{AppId, TenantId};
use alcove_platform::Platform;
use alcove_store::{Store, StoreOptions};
use anyhow::Context;

use super::{Exit, Format, complaint::Complaint, fixtures, source};
use crate::{clock, terminal::Terminal};

/// The connector whose rows belong to an app and not to the tenant.
const APP_STATE: &str = "app_state";

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The database: `sqlite:FILE`, or `postgres://…`. A server that uses the file must be stopped.
    #[arg(long)]
    database: String,
    /// Whose rows they become.
    #[arg(long)]
    tenant: String,
    /// The rows, a JSON file: `{"users": […], "rooms": […]}`.
    #[arg(long)]
    data: PathBuf,
    /// Whose state the rows of `app_state` become.
    #[arg(long)]
    app: Option<String>,
    /// How to print complaints.
    #[arg(long, value_enum, default_value = "human")]
    format: Format,
}

pub(crate) fn run(args: &Args, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    let tokio = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let tokio = tokio.context("the async runtime cannot start")?;
    match tokio.block_on(load(args)) {
        Ok(rows) => {
            terminal.line(&format!("{rows} rows loaded for `{}`", args.tenant));
            Ok(Exit::Done)
        }
        Err(complaint) => Ok(complaint.report(args.format, terminal)),
    }
}

/// Loads the rows of one connector after the other; gives how many these are.
async fn load(args: &Args) -> Result<usize, Complaint> {
    let name = source::name(&args.data);
    let usage = |option: &str, error: &dyn std::error::Error| Complaint::caused("usage", option, error);
    let tenant = TenantId::parse(&args.tenant).map_err(|error| usage("--tenant", &error))?;
    let app = args.app.as_deref().map(AppId::parse).transpose().map_err(|error| usage("--app", &error))?;
    let now = clock::now().ok_or_else(|| Complaint::new("usage", "", "", "the machine's clock is not set"))?;
    let tables = fixtures::read(&args.data, now)?;
    if app.is_none() && tables.iter().any(|(connector, _)| connector == APP_STATE) {
        let message = "there are rows of `app_state`, and they belong to an app: say which";
        return Err(Complaint::new("usage", "--app", "", message));
    }
    let opened = Store::open(&args.database, &StoreOptions::DURABLE).await;
    let store = opened.map_err(|error| Complaint::caused("unavailable", "--database", &error))?;
    let platform = Platform::new(store.clone(), Catalog::shipped());
    let mut loaded = 0;
    for (connector, rows) in &tables {
        // Rows of other connectors belong to the tenant, whichever app stands here.
        let owner = app.clone().map_or_else(|| AppId::parse("none"), Ok).map_err(|error| usage("--app", &error))?;
        let done = platform.load_rows(&tenant, &owner, connector, rows).await;
        done.map_err(|error| Complaint::caused("invalid-data", &name, &error))?;
        loaded += rows.len();
    }
    store.close().await;
    Ok(loaded)
}
