//! The key of a model, and everything that could show it.

use std::{
    io::{Read, Write},
    net::TcpListener,
    sync::Arc,
    thread,
};

use alcove_catalog::Catalog;
use alcove_execution::Runner;
use alcove_platform::{
    Platform,
    ai::{Dialect, HttpProvider, Provider, ProviderConfig},
};
use alcove_store::Store;
use serde_json::json;

use crate::scene::{Executor, Scene, sandbox};

const KEY: &str = "sk-0123456789-secret";

/// A provider that says in its refusal everything that it was told.
fn echo() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut request = [0; 16 * 1024];
            let len = stream.read(&mut request).unwrap();
            let heard = String::from_utf8_lossy(&request[..len]).into_owned();
            assert!(heard.contains(KEY), "the key reaches the provider: {heard}");
            let key = heard.lines().find(|line| line.contains(KEY)).unwrap_or_default();
            let body = json!({ "error": { "message": key } }).to_string();
            write!(stream, "HTTP/1.1 401 No\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}", body.len())
                .unwrap();
        }
    });
    url
}

#[tokio::test(flavor = "multi_thread")]
async fn invariant_08_secrets_stay_in_the_host_even_where_a_provider_repeats_them() {
    let actions = json!([{ "type": "ai_generate", "params": { "prompt": "hello" } }]);
    let scene = Scene::manual(&json!([]), &actions);
    for dialect in [Dialect::Anthropic, Dialect::OpenAi] {
        let config = ProviderConfig { dialect, base_url: echo(), model: "model".to_owned(), key: KEY.to_owned() };
        assert!(!format!("{config:?}").contains(KEY));
        let provider: Arc<dyn Provider> = Arc::new(HttpProvider::new(config).unwrap());
        assert!(!format!("{provider:?}").contains(KEY));
        let mut stage = scene.stage().await;
        let platform = Platform::new(Store::open_memory().await.unwrap(), Catalog::shipped());
        stage.runner = Runner::new(sandbox(), platform, Some(provider));
        let report = stage.report(Executor::Wasm).await;
        let shown = format!("{report:?}");
        assert!(shown.contains("[key]") && !shown.contains(KEY), "{shown}");
        assert_eq!(report.error.unwrap().code.as_str(), "E007");
    }
}

#[test]
fn invariant_08_secrets_stay_in_the_host_also_those_in_a_url_that_is_refused() {
    let config = ProviderConfig {
        dialect: Dialect::OpenAi,
        base_url: "https://me:sk-secret@example.com".to_owned(),
        model: "model".to_owned(),
        key: KEY.to_owned(),
    };
    let error = HttpProvider::new(config).unwrap_err();
    assert!(!format!("{error} {error:?}").contains("sk-secret"), "{error:?}");
}
