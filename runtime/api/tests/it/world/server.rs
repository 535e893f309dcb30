//! A server of its own for each test.

use std::{
    net::SocketAddr,
    sync::{Arc, LazyLock},
    time::Duration,
};

use alcove_api::{Authentication, ServerLimits};
use alcove_catalog::Catalog;
use alcove_control::{Control, Keys, ShopsFile};
use alcove_execution::{Engine, EngineConfig, EngineParts, Outside, SystemClock};
use alcove_host::{Runtime, RuntimeConfig};
use alcove_ids::{AppId, NodeId, TenantId};
use alcove_plan::value::{Timestamp, Value as Cell};
use alcove_platform::{Platform, blank};
use alcove_store::{Store, StoreOptions, tables::tenants};
use serde_json::{Value, json};
use tokio::{net::TcpListener, sync::oneshot};

use super::Client;

/// The sandbox, which all tests of the process share: to compile the executor takes longest.
static SANDBOX: LazyLock<Arc<Runtime>> = LazyLock::new(|| {
    let config = RuntimeConfig::embedded(None);
    Arc::new(Runtime::new(alcove_executor_wasm::EXECUTOR_COMPONENT, &config).unwrap())
});

/// Each caller: key, tenant, kind, id, role.
const CALLERS: [(&str, &str, &str, &str, &str); 9] = [
    ("ann-the-admin-of-acme", "acme", "person", "ann", "admin"),
    ("bob-the-approver-of-acme", "acme", "person", "bob", "approver"),
    ("cleo-the-author-of-acme", "acme", "person", "cleo", "author"),
    ("vic-the-viewer-of-acme", "acme", "person", "vic", "viewer"),
    ("rob-the-runner-of-acme", "acme", "key", "rob", "runner"),
    ("nobody-at-all-of-acme", "acme", "person", "nobody", "stranger"),
    ("agent-who-is-admin-of-acme", "acme", "agent", "bot", "admin"),
    ("key-that-is-admin-of-acme", "acme", "key", "robot", "admin"),
    ("gil-the-admin-of-globex", "globex", "person", "gil", "admin"),
];

/// The shop of `acme`.
pub(crate) const SHOP: &str = "acme.myshopify.com";
/// What it signs with: the old secret and the new one.
pub(crate) const SHOP_SECRETS: [&str; 2] = ["the-old-secret-of-the-shop", "the-new-secret-of-the-shop"];

/// A server with users `u1` to `u3` in each tenant. It ends with this.
pub(crate) struct World {
    pub(crate) address: SocketAddr,
    pub(crate) engine: Arc<Engine>,
    stop: Option<oneshot::Sender<()>>,
    _database: Option<alcove_test_postgres::Database<'static>>,
}

impl World {
    /// One with each kind of database.
    pub(crate) async fn each() -> [Self; 2] {
        let server = alcove_test_postgres::fresh_database().unwrap();
        let store = Store::open(server.url(), &StoreOptions::DURABLE).await.unwrap();
        [Self::new().await, Self::over(store, Some(server), ServerLimits::default()).await]
    }

    /// One with a database in memory, for what has nothing to do with the database.
    pub(crate) async fn new() -> Self {
        Self::limited(ServerLimits::default()).await
    }

    /// The same with other limits.
    pub(crate) async fn limited(limits: ServerLimits) -> Self {
        Self::over(Store::open_memory().await.unwrap(), None, limits).await
    }

    /// Tells the server to stop.
    pub(crate) fn stop(&mut self) {
        drop(self.stop.take());
    }

    async fn over(
        store: Store,
        database: Option<alcove_test_postgres::Database<'static>>,
        limits: ServerLimits,
    ) -> Self {
        let platform = Platform::new(store.clone(), Catalog::shipped());
        for tenant in ["acme", "globex"] {
            people(&platform, tenant).await;
        }
        let engine = Engine::start(EngineParts {
            name: NodeId::parse("node").unwrap(),
            store,
            runtime: Arc::clone(&SANDBOX),
            outside: Outside::default(),
            clock: Arc::new(SystemClock),
            config: EngineConfig::default(),
        });
        let engine = Arc::new(engine.await.unwrap());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let control = Control::new(Arc::clone(&engine)).with_shops(Arc::new(shops()));
        tokio::spawn(alcove_api::serve(listener, control, Authentication::Keys(keys()), limits, async {
            let _ = stopped.await;
        }));
        Self { address, engine, stop: Some(stop), _database: database }
    }

    /// The caller whose key begins so.
    pub(crate) fn caller(&self, name: &str) -> Client {
        let (key, ..) = CALLERS.iter().find(|(key, ..)| key.starts_with(name)).unwrap();
        Client { address: self.address, key: Some(key) }
    }

    /// The admin of `acme`.
    pub(crate) fn admin(&self) -> Client {
        self.caller("ann")
    }

    /// Somebody without a key.
    pub(crate) fn stranger(&self) -> Client {
        Client { address: self.address, key: None }
    }

    /// Creates an app in the name of the admin.
    pub(crate) async fn app(&self, id: &str, status: &str, config: &str) {
        let path = format!("/v1/apps?id={id}&status={status}");
        self.admin().post(&path, serde_json::from_str(config).unwrap()).await.expect(201);
    }

    /// Grants `acme` this, and no more.
    pub(crate) async fn grant(&self, grants: Value) {
        self.agree(json!({ "grants": grants })).await;
    }

    /// Agrees on these settings with `acme`.
    pub(crate) async fn agree(&self, settings: Value) {
        let (store, tenant) = (self.engine.store(), TenantId::parse("acme").unwrap());
        let mut transaction = store.begin().await.unwrap();
        transaction.for_tenant(tenant.as_str());
        let settings = settings.to_string();
        transaction.enqueue(tenants::ensure(store.dialect(), &tenant, &settings, 0));
        transaction.enqueue(tenants::set_settings(store.dialect(), &tenant, &settings));
        transaction.commit().await.unwrap();
        self.engine.tenant_changed(&tenant);
    }

    /// Sends an event that a user was created, and waits for its runs.
    pub(crate) async fn user_created(&self, id: &str) -> Value {
        let event = json!({ "type": "user.created", "id": id, "payload": { "user_id": "u1" } });
        let answer = self.admin().post("/v1/events?wait=10s", event).await;
        assert!(matches!(answer.status, 200 | 202), "{}", answer.body);
        answer.body
    }

    /// Asks until the answer is as it should become.
    pub(crate) async fn until(&self, path: &str, holds: impl Fn(&Value) -> bool) -> Value {
        for _ in 0..400 {
            let body = self.admin().get(path).await.expect(200);
            if holds(&body) {
                return body;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("{path} has not become what it should: {}", self.admin().get(path).await.body);
    }
}

fn keys() -> Keys {
    let line = |(key, tenant, kind, id, role): &(&str, &str, &str, &str, &str)| {
        let subject = json!({ "kind": kind, "id": id });
        json!({ "key": key, "tenant": tenant, "subject": subject, "roles": [role] })
    };
    let lines: Vec<Value> = CALLERS.iter().map(line).collect();
    Keys::parse(json!({ "keys": lines }).to_string().as_bytes()).unwrap()
}

/// The shop of `acme`, while its secret is being changed.
fn shops() -> ShopsFile {
    let shop = json!({ "domain": SHOP, "tenant": "acme", "currency": "USD", "secrets": SHOP_SECRETS });
    ShopsFile::parse(json!({ "shops": [shop] }).to_string().as_bytes()).unwrap()
}

async fn people(platform: &Platform, tenant: &str) {
    let (tenant, app) = (TenantId::parse(tenant).unwrap(), AppId::parse("none").unwrap());
    let users = Catalog::shipped().connector("users").unwrap();
    let row = |id: &str| -> Vec<Cell> {
        let cell = |field: &alcove_catalog::Field| match field.name.as_str() {
            "id" => Cell::from(id),
            "email" => Cell::from(format!("{id}@Example.com")),
            _ => blank(field, Timestamp::from_micros(0).unwrap()),
        };
        users.fields.iter().map(cell).collect()
    };
    let rows: Vec<Vec<Cell>> = ["u1", "u2", "u3"].into_iter().map(row).collect();
    platform.load_rows(&tenant, &app, "users", &rows).await.unwrap();
}
