//! A case of the corpus, read from its folder.

use std::{fs, path::Path};

use alcove_execution::Tier;
use alcove_plan::value::Timestamp;
use serde_json::{Value as Json, json};

use crate::scene::Scene;

/// What `case.json` may say.
const OPTIONS: [&str; 4] = ["now", "tier", "dry_run", "chain_depth"];

/// Reads the case of a folder.
pub(crate) fn read(folder: &Path) -> Scene {
    let file = |name: &str| json_file(&folder.join(name));
    let options = file("case.json").unwrap_or_else(|| panic!("{} has no case.json", folder.display()));
    let unknown = options.as_object().unwrap().keys().find(|key| !OPTIONS.contains(&key.as_str()));
    assert_eq!(unknown, None, "{}: case.json has an unknown key", folder.display());
    let mut scene = Scene::new(fs::read(folder.join("app.json")).unwrap());
    scene.data = file("data.json").unwrap_or_else(|| json!({}));
    scene.event = file("event.json");
    scene.ai = file("ai.json");
    if let Some(now) = options.get("now") {
        scene.now = Timestamp::parse(now.as_str().unwrap()).unwrap();
    }
    let tier = options.get("tier").map(|name| Tier::ALL.into_iter().find(|tier| tier.name() == name).unwrap());
    scene.tier = tier;
    scene.dry_run = options.get("dry_run") == Some(&json!(true));
    scene.chain_depth = options.get("chain_depth").and_then(Json::as_u64).unwrap_or(0).try_into().unwrap();
    scene
}

/// The JSON of a file; `None` where there is none.
pub(super) fn json_file(path: &Path) -> Option<Json> {
    let text = fs::read_to_string(path).ok()?;
    Some(serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
}
