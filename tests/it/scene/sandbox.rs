use std::{
    path::Path,
    sync::{Arc, OnceLock},
};

use alcove_host::{Runtime, RuntimeConfig};
use alcove_platform::ai::{
    Dialect, HttpProvider, Provider, ProviderConfig,
    cassette::{Cassette, CassetteServer},
};
use serde_json::Value as Json;

/// The sandbox of the test process. Its machine code is kept between processes, as each test is one.
pub(crate) fn sandbox() -> Arc<Runtime> {
    static SANDBOX: OnceLock<Arc<Runtime>> = OnceLock::new();
    let start = || {
        let cache = Path::new(env!("CARGO_TARGET_TMPDIR")).join("machine-code");
        let config = RuntimeConfig::embedded(Some(cache));
        Arc::new(Runtime::new(alcove_executor_wasm::EXECUTOR_COMPONENT, &config).unwrap())
    };
    Arc::clone(SANDBOX.get_or_init(start))
}

/// A model that answers from a script, over HTTP. It answers as long as the server lives.
pub(super) async fn scripted_model(cassette: &Json) -> (CassetteServer, Arc<dyn Provider>) {
    let cassette = Cassette::parse(cassette.to_string().as_bytes()).unwrap();
    let server = CassetteServer::start(cassette).await.unwrap();
    let provider = HttpProvider::new(ProviderConfig {
        dialect: Dialect::Anthropic,
        base_url: server.base_url().to_owned(),
        model: "model".to_owned(),
        key: "key".to_owned(),
    });
    (server, Arc::new(provider.unwrap()))
}
