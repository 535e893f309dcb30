//! Some stops on one database, and then the check.

use std::time::Duration;

use alcove_test_postgres::Server as Postgres;
use anyhow::{Context, Result, bail};
use hyper::Method;
use serde_json::Value;
use tempfile::TempDir;
use tokio::sync::watch;

use crate::{
    Args, apps,
    check::{self, Verdict},
    client::Client,
    load::{self, Load},
    provider::Provider,
    server::{self, AUTHOR_KEY, LEASE, Server, Setup},
};

/// The longest life of a server, in milliseconds, and the shortest.
const LIFE_MS: std::ops::RangeInclusive<u64> = 60..=700;
/// Until delays that were accepted last have fired.
const DELAYS: Duration = Duration::from_millis(2_500);
/// How long the last runs may take.
const SETTLE_MAX: Duration = Duration::from_secs(90);

/// One round.
pub(crate) struct Round<'a> {
    args: &'a Args,
    /// The database server, where it is not a file.
    postgres: Option<&'a Postgres>,
    cycles: u32,
    chance: fastrand::Rng,
}

impl<'a> Round<'a> {
    pub(crate) fn new(args: &'a Args, postgres: Option<&'a Postgres>, cycles: u32, chance: fastrand::Rng) -> Self {
        Self { args, postgres, cycles, chance }
    }

    pub(crate) async fn run(mut self) -> Result<Verdict> {
        let folder = TempDir::new()?;
        let provider = Provider::start().await?;
        // Lives as long as the round.
        let postgres = self.postgres.map(Postgres::fresh_database).transpose()?;
        let file = format!("sqlite:{}", folder.path().join("alcove.db").display());
        let database = postgres.as_ref().map_or(file, |database| database.url().to_owned());
        let preload = if self.args.power_loss { Some(server::build_preload(folder.path()).await?) } else { None };
        let setup = Setup {
            program: self.args.program.clone(),
            folder: folder.path().to_owned(),
            database,
            routes: Setup::routes(&provider),
            plant: self.args.plant.clone(),
            preload,
        };
        setup.prepare().await?;
        let (events, refused) = self.stops(&setup).await?;
        let mut verdict = check::check(&setup.database, &events, &provider).await?;
        verdict.violations.extend(refused);
        verdict.stops = self.cycles;
        if !verdict.violations.is_empty() {
            verdict.violations.push(format!("the server said last:\n{}", setup.last_words("n0")));
        }
        Ok(verdict)
    }

    /// Loads, stops and restarts servers; ends them when everything has settled.
    async fn stops(&mut self, setup: &Setup) -> Result<(Vec<crate::events::Event>, Vec<String>)> {
        let mut servers = Vec::new();
        for at in 0..self.args.nodes {
            servers.push(setup.start(&format!("n{at}")).await?);
        }
        create_apps(servers.first().context("no server")?).await?;
        let (announce, urls) = watch::channel(urls_of(&servers));
        let load = Load::start(&urls, &mut self.chance);
        let approver = tokio::spawn(load::approve_everything(urls.clone(), self.chance.fork()));
        for _ in 0..self.cycles {
            tokio::time::sleep(Duration::from_millis(self.chance.u64(LIFE_MS))).await;
            self.disturb(setup, &mut servers, &announce).await?;
        }
        let sent = load.stop().await;
        let settled = settle(servers.first().context("no server")?).await;
        approver.abort();
        for server in servers {
            server.stop().await?;
        }
        settled.map(|()| sent)
    }

    /// Stops one server in the middle of its work.
    async fn disturb(
        &mut self,
        setup: &Setup,
        servers: &mut Vec<Server>,
        announce: &watch::Sender<Vec<String>>,
    ) -> Result<()> {
        let mut server = servers.swap_remove(self.chance.usize(..servers.len()));
        if server.has_ended()? {
            bail!("the server ended by itself: {}", setup.last_words(&server.name));
        }
        if self.args.nodes > 1 && self.chance.bool() {
            server.freeze()?;
            tokio::time::sleep(LEASE + LEASE / 2).await;
            server.wake()?;
            servers.push(server);
        } else {
            let name = server.name.clone();
            server.kill().await?;
            announce.send_replace(urls_of(servers));
            servers.push(setup.start(&name).await?);
        }
        announce.send_replace(urls_of(servers));
        Ok(())
    }
}

fn urls_of(servers: &[Server]) -> Vec<String> {
    servers.iter().map(|server| server.url.clone()).collect()
}

async fn create_apps(server: &Server) -> Result<()> {
    let client = Client::new(AUTHOR_KEY);
    for (id, config) in apps::APPS {
        let url = format!("{}/v1/apps?id={id}&status=active", server.url);
        client.call(Method::POST, &url, config.to_owned()).await?;
    }
    Ok(())
}

/// Waits until no run is left that could still do something.
async fn settle(server: &Server) -> Result<()> {
    let client = Client::new(AUTHOR_KEY);
    let begun = tokio::time::Instant::now();
    let mut quiet = 0;
    tokio::time::sleep(DELAYS).await;
    while quiet < 3 {
        let mut open = 0;
        for status in ["queued", "running", "waiting"] {
            let url = format!("{}/v1/executions?status={status}&limit=1", server.url);
            let page = client.call(Method::GET, &url, String::new()).await?;
            open += page.get("items").and_then(Value::as_array).map_or(0, Vec::len);
        }
        quiet = if open == 0 { quiet + 1 } else { 0 };
        if begun.elapsed() > SETTLE_MAX {
            // The check says what is missing.
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    Ok(())
}
