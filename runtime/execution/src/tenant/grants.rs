//! What a tenant's apps may be made of.

use std::collections::BTreeSet;

use alcove_catalog::{Catalog, Class};
use alcove_plan::capability::Manifest;
use serde::{Deserialize, Serialize};

/// Stands among hosts for every URL that is known at run time only.
const ANY_HOST: &str = "*";

/// What the apps of a tenant may touch. What is not listed is not granted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Grants {
    /// The connectors that they may read, by name.
    pub connectors: BTreeSet<String>,
    /// The actions that they may perform, by type.
    pub actions: BTreeSet<String>,
    /// The origins that stand in their configs, such as `https://hooks.example.com`; `*`: also URLs that are known at
    /// run time only. Where requests may go is for the allow-list besides.
    pub hosts: BTreeSet<String>,
    /// Whether they may ask a model.
    pub ai: bool,
}

/// Something that an app needs and the tenant was not granted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Missing {
    /// `connector`, `action`, `host` or `ai`.
    pub kind: &'static str,
    /// Which; of `ai`: the action that asks a model.
    pub name: String,
}

impl Grants {
    /// What a plan of this manifest needs and these do not grant, all of it, in order.
    pub fn lacking(&self, manifest: &Manifest, catalog: &Catalog) -> Vec<Missing> {
        let missing = |kind| move |name: &String| Missing { kind, name: name.clone() };
        let connectors = manifest.reads.keys().filter(|name| !self.connectors.contains(*name));
        let actions = manifest.actions.keys().filter(|name| !self.actions.contains(*name));
        let any = manifest.any_allowed_domain.then(|| ANY_HOST.to_owned());
        let hosts: BTreeSet<String> = manifest.domains.iter().cloned().chain(any).collect();
        let hosts = hosts.into_iter().filter(|host| !self.hosts.contains(host));
        let asks_model = |name: &&String| catalog.action(name).is_some_and(|action| action.class == Some(Class::Ai));
        let models = manifest.actions.keys().filter(asks_model).filter(|_| !self.ai);
        let all = connectors.map(missing("connector")).chain(actions.map(missing("action")));
        let all = all.chain(hosts.map(|name| Missing { kind: "host", name })).chain(models.map(missing("ai")));
        all.collect()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use alcove_plan::capability::{Read, Start};

    use super::*;

    fn manifest() -> Manifest {
        Manifest {
            trigger: Start::Manual,
            reads: BTreeMap::from(["users", "posts"].map(|name| (name.to_owned(), Read::default()))),
            actions: BTreeMap::from(["ai_generate", "webhook_call"].map(|name| (name.to_owned(), Vec::new()))),
            events: BTreeSet::new(),
            domains: BTreeSet::from(["https://a.example".to_owned()]),
            any_allowed_domain: true,
            approvals: 0,
        }
    }

    fn names(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|&name| name.to_owned()).collect()
    }

    #[test]
    fn all_that_is_missing_is_listed_at_once() {
        let missing = Grants::default().lacking(&manifest(), Catalog::shipped());
        let missing: Vec<(&str, &str)> = missing.iter().map(|one| (one.kind, one.name.as_str())).collect();
        let wanted = [
            ("connector", "posts"),
            ("connector", "users"),
            ("action", "ai_generate"),
            ("action", "webhook_call"),
            ("host", "*"),
            ("host", "https://a.example"),
            ("ai", "ai_generate"),
        ];
        assert_eq!(missing, wanted);
    }

    #[test]
    fn nothing_is_missing_where_everything_is_granted_and_each_grant_is_needed() {
        let full = Grants {
            connectors: names(&["users", "posts"]),
            actions: names(&["ai_generate", "webhook_call"]),
            hosts: names(&["https://a.example", "*"]),
            ai: true,
        };
        let lacking = |grants: &Grants| grants.lacking(&manifest(), Catalog::shipped()).len();
        assert_eq!(lacking(&full), 0);
        assert_eq!(lacking(&Grants { connectors: names(&["users"]), ..full.clone() }), 1);
        assert_eq!(lacking(&Grants { actions: names(&["ai_generate"]), ..full.clone() }), 1);
        assert_eq!(lacking(&Grants { hosts: names(&["*"]), ..full.clone() }), 1);
        assert_eq!(lacking(&Grants { hosts: names(&["https://a.example"]), ..full.clone() }), 1);
        assert_eq!(lacking(&Grants { ai: false, ..full }), 1);
    }
}
