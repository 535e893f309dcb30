//! Events in the JSON format, alone and in batches.

use std::{borrow::Cow, collections::BTreeMap, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, Visitor},
};
use serde_json::value::RawValue;

use super::attributes::{Attributes, CloudEvent, invalid};
use crate::{
    call::malformed,
    problem::{Kind, Problem},
};

/// Events of a batch.
const BATCH_MAX: usize = 100;

/// The members of an object, each once.
struct Members<'b>(BTreeMap<Cow<'b, str>, &'b RawValue>);

/// A name, of the text if it stands there as it is.
#[derive(Deserialize)]
struct Name<'b>(#[serde(borrow)] Cow<'b, str>);

/// An event.
pub(crate) fn read(text: &str) -> Result<CloudEvent<'_>, Problem> {
    let Members(members) = serde_json::from_str(text).map_err(|error| malformed(&error))?;
    let mut attributes = Attributes::default();
    let mut data = None;
    for (name, raw) in members {
        match &*name {
            "data" => data = Some(raw.get()),
            "data_base64" => {
                let detail = "the event has `data_base64`; only JSON is read here, as `data`";
                return Err(Problem::new(Kind::MEDIA_TYPE, detail));
            }
            name => {
                if let Some(value) = value(name, raw.get())? {
                    attributes.set(name, value)?;
                }
            }
        }
    }
    attributes.event(data)
}

/// The events of a batch, each by itself.
pub(crate) fn read_batch(text: &str) -> Result<Vec<Result<CloudEvent<'_>, Problem>>, Problem> {
    let events: Vec<&RawValue> = serde_json::from_str(text).map_err(|error| malformed(&error))?;
    if events.len() > BATCH_MAX {
        let detail = format!("the batch has {} events; at most {BATCH_MAX} are allowed", events.len());
        return Err(invalid(detail));
    }
    Ok(events.into_iter().map(|event| read(event.get())).collect())
}

/// The value of an attribute: a string, or what an extension may be beside one; `None`: it is not set.
fn value<'b>(name: &str, json: &'b str) -> Result<Option<Cow<'b, str>>, Problem> {
    let wrong = || invalid(format!("the attribute `{name}` must be a string"));
    match json.as_bytes().first() {
        Some(b'"') => {
            let Name(text) = serde_json::from_str(json).map_err(|error| malformed(&error))?;
            Ok(Some(text))
        }
        Some(b'n') => Ok(None),
        Some(b'{' | b'[') | None => Err(wrong()),
        Some(_) if is_core(name) => Err(wrong()),
        Some(b't' | b'f') => Ok(Some(Cow::Borrowed(json))),
        Some(_) if json.parse::<i32>().is_ok() => Ok(Some(Cow::Borrowed(json))),
        Some(_) => Err(invalid(format!("the attribute `{name}` must be an integer of 32 bits, a boolean or a string"))),
    }
}

/// Whether an attribute is a string by the specification.
fn is_core(name: &str) -> bool {
    const CORE: [&str; 8] = ["specversion", "id", "source", "type", "time", "datacontenttype", "dataschema", "subject"];
    CORE.contains(&name)
}

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;

        impl<'de> Visitor<'de> for Object {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an event, which is an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
                let mut members = BTreeMap::new();
                while let Some(Name(name)) = map.next_key()? {
                    let value = map.next_value()?;
                    if let Some(name) = members.insert(name.clone(), value).map(|_| name) {
                        return Err(A::Error::custom(format!("the member `{name}` is repeated")));
                    }
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(Object)
    }
}
