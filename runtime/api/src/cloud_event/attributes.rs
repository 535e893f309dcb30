//! The attributes of an event, however they came.

use std::borrow::Cow;

use alcove_control::NewEvent;

use crate::problem::{Kind, Problem};

/// The version that is read.
const VERSION: &str = "1.0";
/// The names that the format of JSON has for what is not an attribute.
const NOT_ATTRIBUTES: [&str; 2] = ["data", "data_base64"];

/// An event: what it is, and its data, which is JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CloudEvent<'b> {
    source: Cow<'b, str>,
    id: Cow<'b, str>,
    name: Cow<'b, str>,
    time: Option<Cow<'b, str>>,
    data: Option<&'b str>,
}

/// Attributes as they come in.
#[derive(Debug, Default)]
pub(super) struct Attributes<'b> {
    version: Option<Cow<'b, str>>,
    source: Option<Cow<'b, str>>,
    id: Option<Cow<'b, str>>,
    name: Option<Cow<'b, str>>,
    time: Option<Cow<'b, str>>,
    content_type: Option<Cow<'b, str>>,
}

impl CloudEvent<'_> {
    /// The event as the use case takes it. No data is an empty object.
    pub(crate) fn as_new(&self) -> NewEvent<'_> {
        NewEvent {
            source: Some(&self.source),
            name: &self.name,
            id: &self.id,
            payload: self.data.unwrap_or("{}"),
            timestamp: self.time.as_deref(),
        }
    }
}

impl<'b> Attributes<'b> {
    /// Takes up an attribute. What is not known is an extension, which has a name and a value by the rules, and no
    /// meaning here.
    pub(super) fn set(&mut self, name: &str, value: Cow<'b, str>) -> Result<(), Problem> {
        if value.contains(char::is_control) {
            return Err(invalid(format!("the attribute `{name}` holds a control character")));
        }
        let slot = match name {
            "specversion" => &mut self.version,
            "source" => &mut self.source,
            "id" => &mut self.id,
            "type" => &mut self.name,
            "time" => &mut self.time,
            "datacontenttype" => &mut self.content_type,
            other => return extension(other),
        };
        if value.is_empty() {
            return Err(invalid(format!("the attribute `{name}` is empty")));
        }
        *slot = Some(value);
        Ok(())
    }

    /// The event with this data.
    pub(super) fn event(self, data: Option<&'b str>) -> Result<CloudEvent<'b>, Problem> {
        let needed = |name: &str, value: Option<Cow<'b, str>>| {
            value.ok_or_else(|| invalid(format!("the event has no attribute `{name}`")))
        };
        let version = needed("specversion", self.version)?;
        if version != VERSION {
            return Err(invalid(format!("`specversion` is `{version}`; `{VERSION}` is read here")));
        }
        let source = needed("source", self.source)?;
        if !source.bytes().all(is_uri_byte) {
            return Err(invalid(format!("`source` is `{source}`, which is not a URI reference (RFC 3986)")));
        }
        let (id, name) = (needed("id", self.id)?, needed("type", self.name)?);
        if let Some(kind) = self.content_type.filter(|kind| !is_json(kind)) {
            let detail = format!("the event's data is `{kind}`; only JSON is read here");
            return Err(Problem::new(Kind::MEDIA_TYPE, detail));
        }
        Ok(CloudEvent { source, id, name, time: self.time, data })
    }
}

pub(super) fn invalid(detail: impl Into<String>) -> Problem {
    Problem::new(Kind::INVALID, detail)
}

/// Refuses a name that no extension may have.
fn extension(name: &str) -> Result<(), Problem> {
    let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    if is_name && !NOT_ATTRIBUTES.contains(&name) {
        return Ok(());
    }
    Err(invalid(format!("`{name}` is not the name of an attribute: those are of `a` to `z` and digits")))
}

/// Whether data of this type is JSON: `*/json` or `*/*+json`, whatever its parameters.
fn is_json(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence.split_once('/').is_some_and(|(_, subtype)| subtype == "json" || subtype.ends_with("+json"))
}

/// Whether a URI reference may hold this byte.
fn is_uri_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=%".contains(&byte)
}
