//! A node as `alcove serve` makes one, in this process.

use std::{net::SocketAddr, num::NonZeroU32, sync::Arc};

use alcove_api::{Authentication, RequestLimit, ServerLimits};
use alcove_catalog::Catalog;
use alcove_control::{Control, ExecutionFilter, NewApp, Page, Principal, Source};
use alcove_execution::{Engine, EngineConfig, EngineParts, Outside, SystemClock};
use alcove_ids::{NodeId, TenantId};
use alcove_journal::transition::{Subject, SubjectKind};
use alcove_platform::Platform;
use alcove_store::Store;
use anyhow::Result;
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};

use crate::scene::{Sandbox, TENANT, settle};

/// It is the node that is measured, and not how it refuses.
fn any_rate() -> ServerLimits {
    let tenant = RequestLimit { per_second: NonZeroU32::MAX, burst: NonZeroU32::MAX };
    ServerLimits { tenant, ..ServerLimits::default() }
}

/// A node that listens on loopback.
pub(crate) struct Node {
    pub(crate) address: SocketAddr,
    pub(crate) control: Control,
    engine: Arc<Engine>,
    store: Store,
    serving: JoinHandle<std::io::Result<()>>,
    _stop: oneshot::Sender<()>,
}

impl Node {
    pub(crate) async fn start(sandbox: &Sandbox, store: Store) -> Result<Self> {
        let engine = Engine::start(EngineParts {
            name: NodeId::parse("bench")?,
            store: store.clone(),
            runtime: Arc::clone(&sandbox.runtime),
            outside: Outside::default(),
            clock: Arc::new(SystemClock),
            // One tenant may have the whole node, as nobody else is there.
            config: EngineConfig { runs_per_tenant_max: 64, ..EngineConfig::default() },
        });
        let engine = Arc::new(engine.await?);
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let control = Control::new(Arc::clone(&engine));
        let (stop, stopped) = oneshot::channel::<()>();
        let everybody = Authentication::Everybody(principal()?);
        let serving = tokio::spawn(alcove_api::serve(listener, control.clone(), everybody, any_rate(), async move {
            drop(stopped.await);
        }));
        Ok(Self { address, control, engine, store, serving, _stop: stop })
    }

    /// Creates an app and activates it.
    pub(crate) async fn create(&self, id: &str, config: &str) -> Result<()> {
        let new = NewApp { id: Some(id), source: Source::Config(config.as_bytes()), activate: true };
        self.control.create_app(&principal()?, new).await?;
        Ok(())
    }

    /// How many runs are in this state, up to 200.
    pub(crate) async fn runs(&self, status: &str) -> Result<usize> {
        let filter = ExecutionFilter { app: None, status: Some(status) };
        let page = Page { limit: Some(200), cursor: None };
        Ok(self.control.executions(&principal()?, filter, page).await?.items.len())
    }

    pub(crate) async fn stop(self) -> Result<()> {
        self.engine.shut_down().await?;
        self.serving.abort();
        self.store.close().await;
        Ok(())
    }
}

/// Who does everything here.
pub(crate) fn principal() -> Result<Principal> {
    let subject = Subject { kind: SubjectKind::Person, id: "bench".to_owned() };
    Ok(Principal::new(TenantId::parse(TENANT)?, subject, ["admin"].into_iter().collect()))
}

/// Adds members to the community.
pub(crate) async fn members(store: &Store, count: u32) -> Result<()> {
    settle(&Platform::new(store.clone(), Catalog::shipped()), count).await
}
