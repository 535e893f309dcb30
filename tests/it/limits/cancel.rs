//! Cancellation, at a moment that is known: while a model is asked.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use alcove_execution::Runner;
use alcove_host::CancellationToken;
use alcove_platform::ai::{Completion, Prompt, Provider, ProviderError};
use serde_json::json;

use super::{effects, for_each, items};
use crate::scene::{Executor, Scene, sandbox, to_json};

/// A model whose third answer never comes, because the run is cancelled meanwhile.
#[derive(Debug)]
struct Cancelling {
    run: CancellationToken,
    asked: AtomicUsize,
}

#[async_trait::async_trait]
impl Provider for Cancelling {
    async fn complete(&self, _: &Prompt) -> Result<Completion, ProviderError> {
        if self.asked.fetch_add(1, Ordering::Relaxed) == 2 {
            self.run.cancel();
            std::future::pending::<()>().await;
        }
        Ok(Completion { text: "text".to_owned(), tokens_in: 1, tokens_out: 1 })
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_is_cancelled_in_a_loop_says_so_and_keeps_what_it_did() {
    let actions = for_each(&json!([
        { "id": "text", "type": "ai_generate", "params": { "prompt": "Item {{one}}" } },
        { "type": "set_state", "params": { "key": "item {{one}}", "value": "{{actions.text.text}}" } },
    ]));
    let scene = Scene::manual(&json!([]), &actions).event("custom.input", &items(10));
    let mut stage = scene.stage().await;
    let model = Cancelling { run: stage.spec.cancel.clone(), asked: AtomicUsize::new(0) };
    stage.runner = Runner::new(sandbox(), stage.runner.platform().clone(), Some(Arc::new(model)));
    let report = to_json(&stage.report(Executor::Wasm).await);
    assert_eq!((&report["status"], &report["error"]["code"]), (&json!("failed"), &json!("E010")));
    // Two items: a model's answer and a value each.
    assert_eq!(effects(&report), 4, "{report:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_was_cancelled_before_it_began_does_nothing() {
    let actions = json!([{ "type": "set_state", "params": { "key": "k", "value": 1 } }]);
    let stage = Scene::manual(&json!([]), &actions).stage().await;
    stage.spec.cancel.cancel();
    let report = to_json(&stage.report(Executor::Wasm).await);
    assert_eq!((&report["error"]["code"], effects(&report)), (&json!("E010"), 0));
}
