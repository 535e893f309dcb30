//! The whole catalog, by name.

use std::{collections::BTreeMap, sync::OnceLock};

use serde::Deserialize;

use crate::{Action, ActionBinding, Connector, Event};

/// The data files, in the order in which they are read.
const FILES: &[(&str, &str)] = &[
    ("connectors.json", include_str!("../data/connectors.json")),
    ("events.json", include_str!("../data/events.json")),
    ("actions.json", include_str!("../data/actions.json")),
    ("entities.json", include_str!("../data/entities.json")),
];

/// Connectors, events, actions and entities.
#[derive(Clone, Debug, Default)]
pub struct Catalog {
    connectors: BTreeMap<String, Connector>,
    events: BTreeMap<String, Event>,
    actions: BTreeMap<String, Action>,
    entities: BTreeMap<String, Entity>,
}

/// A variable of templates that stands for a row which the event names.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entity {
    /// The variable, such as `user`.
    pub name: String,
    /// Where the row is read.
    pub connector: String,
    /// The payload field that carries its id, such as `user_id`.
    pub id_field: String,
}

/// One data file: any of the four lists.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct File {
    connectors: Vec<Connector>,
    events: Vec<Event>,
    actions: Vec<Action>,
    entities: Vec<Entity>,
}

/// Why data files are not a catalog.
#[derive(Debug, thiserror::Error)]
pub enum CatalogError {
    /// A file that does not parse.
    #[error("catalog file `{file}` does not parse")]
    Parse {
        /// Which.
        file: String,
        /// Why.
        #[source]
        source: serde_json::Error,
    },
    /// A name that occurs twice.
    #[error("catalog file `{file}` defines `{name}` a second time")]
    Repeated {
        /// Where.
        file: String,
        /// Which.
        name: String,
    },
    /// A binding that does not fit its action.
    #[error("catalog file `{file}` has the action `{action}`, whose binding does not fit: {problem}")]
    Binding {
        /// Where.
        file: String,
        /// Which.
        action: String,
        /// What is wrong.
        problem: String,
    },
}

/// What is wrong with the binding of an action.
fn unfit(action: &Action) -> Option<(String, String)> {
    match &action.binding {
        ActionBinding::Api(call) => call.problem(action).map(|problem| (action.name.clone(), problem)),
        ActionBinding::Sql { .. } | ActionBinding::Ai | ActionBinding::Http | ActionBinding::Flow => None,
    }
}

impl Catalog {
    /// The catalog that ships.
    ///
    /// # Panics
    /// Not in a build whose tests pass: the files are compiled in, and the tests of this crate read them.
    pub fn shipped() -> &'static Self {
        static SHIPPED: OnceLock<Catalog> = OnceLock::new();
        SHIPPED.get_or_init(|| {
            #[expect(clippy::expect_used, reason = "the files are compiled in, and the crate's tests read them")]
            Self::from_files(FILES.iter().copied()).expect("the shipped catalog is valid")
        })
    }

    /// Reads data files.
    pub fn from_files<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, CatalogError> {
        let mut catalog = Self::default();
        for (name, text) in files {
            let file: File =
                serde_json::from_str(text).map_err(|source| CatalogError::Parse { file: name.to_owned(), source })?;
            if let Some((action, problem)) = file.actions.iter().find_map(unfit) {
                return Err(CatalogError::Binding { file: name.to_owned(), action, problem });
            }
            add(&mut catalog.connectors, file.connectors, name, |c| &c.name)?;
            add(&mut catalog.events, file.events, name, |e| &e.name)?;
            add(&mut catalog.actions, file.actions, name, |a| &a.name)?;
            add(&mut catalog.entities, file.entities, name, |e| &e.name)?;
        }
        Ok(catalog)
    }

    /// A connector by name.
    pub fn connector(&self, name: &str) -> Option<&Connector> {
        self.connectors.get(name)
    }

    /// An event by name.
    pub fn event(&self, name: &str) -> Option<&Event> {
        self.events.get(name)
    }

    /// An action by name.
    pub fn action(&self, name: &str) -> Option<&Action> {
        self.actions.get(name)
    }

    /// An entity by the name of its variable.
    pub fn entity(&self, name: &str) -> Option<&Entity> {
        self.entities.get(name)
    }

    /// All connectors, by name.
    pub fn connectors(&self) -> impl Iterator<Item = &Connector> {
        self.connectors.values()
    }

    /// All events, by name.
    pub fn events(&self) -> impl Iterator<Item = &Event> {
        self.events.values()
    }

    /// All actions, by name.
    pub fn actions(&self) -> impl Iterator<Item = &Action> {
        self.actions.values()
    }

    /// All entities, by name.
    pub fn entities(&self) -> impl Iterator<Item = &Entity> {
        self.entities.values()
    }
}

fn add<T>(
    into: &mut BTreeMap<String, T>,
    entries: Vec<T>,
    file: &str,
    name: impl Fn(&T) -> &String,
) -> Result<(), CatalogError> {
    for entry in entries {
        let name = name(&entry).clone();
        if into.contains_key(&name) {
            return Err(CatalogError::Repeated { file: file.to_owned(), name });
        }
        into.insert(name, entry);
    }
    Ok(())
}
