//! `alcove demo`.

use std::path::PathBuf;

use super::Exit;
use crate::{demo, terminal::Terminal};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Where to keep the community's database; otherwise it is a temporary file. The file must not exist.
    #[arg(long)]
    database: Option<PathBuf>,
}

pub(crate) fn run(args: &Args, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    let tokio = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    tokio.block_on(demo::run(args.database.as_deref(), terminal))
}
