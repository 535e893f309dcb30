//! The embedded runtime of one process.

use std::{env, path::PathBuf, sync::Arc};

use alcove_catalog::Catalog;
use alcove_execution::Runner;
use alcove_host::{Runtime, RuntimeConfig};
use alcove_platform::{
    Platform,
    ai::{
        Dialect, HttpProvider, Provider, ProviderConfig,
        cassette::{Cassette, CassetteServer},
    },
};
use alcove_store::Store;
use anyhow::{Context, bail};

/// The executor in its sandbox, over a database.
pub(crate) fn runner(store: Store, ai: Option<Arc<dyn Provider>>) -> anyhow::Result<Runner> {
    let runtime = runtime(&RuntimeConfig::embedded(code_cache()))?;
    Ok(Runner::new(Arc::new(runtime), Platform::new(store, Catalog::shipped()), ai))
}

/// The executor in a sandbox that holds so many runs at a time.
pub(crate) fn runtime_of(runs_max: u32) -> anyhow::Result<Runtime> {
    runtime(&RuntimeConfig { instances_max: runs_max, ..RuntimeConfig::embedded(code_cache()) })
}

fn runtime(config: &RuntimeConfig) -> anyhow::Result<Runtime> {
    Runtime::new(alcove_executor_wasm::EXECUTOR_COMPONENT, config).context("the sandbox cannot start")
}

/// Where machine code is kept between calls: `$XDG_CACHE_HOME/alcove`, `~/.cache/alcove`, or nowhere.
fn code_cache() -> Option<PathBuf> {
    let absolute = |name: &str| env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let base = absolute("XDG_CACHE_HOME").or_else(|| absolute("HOME").map(|home| home.join(".cache")))?;
    Some(base.join("alcove"))
}

/// The provider that the environment names, if it names one.
pub(crate) fn configured_ai() -> anyhow::Result<Option<Arc<dyn Provider>>> {
    let Some(dialect) = variable("ALCOVE_AI_DIALECT")? else { return Ok(None) };
    let Some(dialect) = Dialect::parse(&dialect) else {
        bail!("ALCOVE_AI_DIALECT is `{dialect}`; it must be `anthropic` or `openai`");
    };
    let needed =
        |name: &str| variable(name)?.with_context(|| format!("ALCOVE_AI_DIALECT is set, so {name} must be too"));
    let config = ProviderConfig {
        dialect,
        base_url: needed("ALCOVE_AI_BASE_URL")?,
        model: needed("ALCOVE_AI_MODEL")?,
        key: needed("ALCOVE_AI_KEY")?,
    };
    Ok(Some(Arc::new(HttpProvider::new(config).context("ALCOVE_AI_BASE_URL cannot be used")?)))
}

/// A provider that answers from a script. The server lives as long as what is returned.
pub(crate) async fn scripted_ai(cassette: Cassette) -> anyhow::Result<(CassetteServer, Arc<dyn Provider>)> {
    let server = CassetteServer::start(cassette).await.context("the cassette server cannot start")?;
    let config = ProviderConfig {
        dialect: Dialect::Anthropic,
        base_url: server.base_url().to_owned(),
        model: "cassette".to_owned(),
        key: "cassette".to_owned(),
    };
    let provider = HttpProvider::new(config).context("the cassette server cannot be reached")?;
    Ok((server, Arc::new(provider)))
}

fn variable(name: &str) -> anyhow::Result<Option<String>> {
    match env::var(name) {
        Ok(text) if text.is_empty() => Ok(None),
        Ok(text) => Ok(Some(text)),
        Err(env::VarError::NotPresent) => Ok(None),
        Err(env::VarError::NotUnicode(_)) => bail!("{name} is not UTF-8"),
    }
}
