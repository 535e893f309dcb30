//! Rings of apps: what the index knows, against what the plans say.

use std::collections::BTreeMap;

use alcove_catalog::Catalog;
use alcove_ids::{AppId, TenantId};
use alcove_journal::transition::{Subject, SubjectKind};
use alcove_trigger::chain::Reach;
use serde_json::json;

use super::{LifecycleError, Submission, chain, change::Change};
use crate::{
    Engine, EngineConfig,
    testing::{Scene, databases},
};

/// An app that hears one event of `custom.*` and emits others.
fn app(hears: &str, emits: &[&str]) -> Submission {
    let action = |event: &&str| json!({ "type": "emit_event", "params": { "event": event, "payload": {} } });
    let quiet = json!({ "type": "delete_state", "params": { "key": "a" } });
    let actions: Vec<_> = emits.iter().map(action).chain([quiet]).collect();
    let config = json!({
        "schema": "alcove/app@1", "name": "Link", "trigger": { "type": "event", "event": hears }, "actions": actions,
    });
    let config = config.to_string();
    let compiled = alcove_compiler::compile(config.as_bytes(), Catalog::shipped());
    let compiled = compiled.compiled.unwrap_or_else(|| panic!("{:?}", compiled.diagnostics));
    Submission { config: Some(config), plan: compiled.bytes }
}

fn id(app: &str) -> AppId {
    AppId::parse(app).unwrap()
}

struct World {
    scene: Scene,
    engine: Engine,
    tenant: TenantId,
    by: Subject,
}

impl World {
    async fn each() -> Vec<Self> {
        let mut worlds = Vec::new();
        for database in databases().await {
            let scene = Scene::with(database, EngineConfig::default());
            let engine = scene.engine().await;
            let by = Subject { kind: SubjectKind::Person, id: "ann".to_owned() };
            worlds.push(Self { scene, engine, tenant: TenantId::parse("t").unwrap(), by });
        }
        worlds
    }

    async fn create(&self, app: &str, submission: &Submission) -> Result<(), LifecycleError> {
        self.engine.create_app(&self.tenant, &id(app), submission, true, &self.by).await.map(drop)
    }

    /// Checks that the index and the plans say the same; gives who hears what.
    async fn links(&self) -> BTreeMap<String, String> {
        let mut change = Change::begin(self.engine.node(), &self.tenant, &self.by).await.unwrap();
        let by_app = |mut links: Vec<Reach>| {
            links.sort_by(|a, b| a.app.cmp(&b.app));
            links
        };
        let known = by_app(chain::known(&mut change).await.unwrap().unwrap());
        let read = by_app(chain::read(&mut change).await.unwrap());
        change.transaction.rollback().await;
        assert_eq!(known, read, "{}", self.scene.database.name);
        known.into_iter().map(|reach| (reach.app.to_string(), reach.hears.unwrap())).collect()
    }
}

#[tokio::test]
async fn the_index_knows_the_links_of_a_chain_as_the_plans_say_them_whatever_happens_to_apps() {
    for world in World::each().await {
        let World { engine, tenant, by, .. } = &world;
        assert_eq!(world.links().await.len(), 0);
        world.create("a", &app("custom.a", &["custom.b"])).await.unwrap();
        world.create("b", &app("custom.b", &["custom.c"])).await.unwrap();
        // It causes nothing, so that no ring goes through it.
        world.create("quiet", &app("custom.b", &[])).await.unwrap();
        assert_eq!(world.links().await.into_keys().collect::<Vec<_>>(), ["a", "b"]);
        engine.pause_app(tenant, &id("b"), by).await.unwrap();
        assert_eq!(world.links().await.into_keys().collect::<Vec<_>>(), ["a"]);
        engine.resume_app(tenant, &id("b"), by).await.unwrap();
        engine.edit_app(tenant, &id("a"), &app("custom.z", &["custom.b"]), by).await.unwrap();
        assert_eq!(world.links().await["a"], "custom.a");
        engine.activate_app(tenant, &id("a"), None, by).await.unwrap();
        assert_eq!(world.links().await["a"], "custom.z");
        engine.rollback_app(tenant, &id("a"), 1, by).await.unwrap();
        assert_eq!(world.links().await["a"], "custom.a");
        engine.delete_app(tenant, &id("b"), by).await.unwrap();
        assert_eq!(world.links().await.into_keys().collect::<Vec<_>>(), ["a"]);
        engine.shut_down().await.unwrap();
    }
}

#[tokio::test]
async fn a_ring_is_refused_where_it_would_close_and_leaves_nothing() {
    for world in World::each().await {
        world.create("a", &app("custom.a", &["custom.b"])).await.unwrap();
        world.create("b", &app("custom.b", &["custom.c"])).await.unwrap();
        let refused = world.create("c", &app("custom.c", &["custom.a"])).await;
        assert!(matches!(refused, Err(LifecycleError::Cycle(_))), "{refused:?}");
        assert_eq!(world.scene.count("apps").await, 2);
        // Whoever refuses has left the index as true as it was.
        assert_eq!(world.links().await.len(), 2);
        world.create("c", &app("custom.c", &["custom.d"])).await.unwrap();
        world.engine.shut_down().await.unwrap();
    }
}
