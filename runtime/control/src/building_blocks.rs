//! What apps are made of.

use std::sync::LazyLock;

use alcove_builtins::{ALL, Accepts, Builtin, Output};
use alcove_catalog::{Action, Catalog, Class, Connector, Event, TypeName};
use alcove_plan::types::Type;
use serde_json::{Map, Value, json};

use crate::{Control, ControlError, Permission, Principal};

/// The building blocks, as JSON, and the digest of that text.
#[derive(Debug)]
pub struct BuildingBlocks {
    /// `{"connectors": […], "entities": […], "events": […], "actions": […], "filters": […]}`.
    pub json: String,
    /// Another text has another digest: hex.
    pub digest: String,
}

static SHIPPED: LazyLock<BuildingBlocks> = LazyLock::new(|| {
    let json = described(Catalog::shipped()).to_string();
    let digest = blake3::hash(json.as_bytes()).to_hex().to_string();
    BuildingBlocks { json, digest }
});

impl Control {
    /// Everything of which an app can be made: connectors, entities, events, actions and template filters. It is the
    /// same for all tenants; what one of them was not granted, its apps are refused for.
    pub fn building_blocks(&self, by: &Principal) -> Result<&'static BuildingBlocks, ControlError> {
        by.must(Permission::Read)?;
        Ok(&SHIPPED)
    }
}

fn described(catalog: &Catalog) -> Value {
    json!({
        "connectors": catalog.connectors().map(connector).collect::<Vec<_>>(),
        "entities": catalog.entities().map(|entity| json!({
            "name": entity.name, "connector": entity.connector, "id_field": entity.id_field,
        })).collect::<Vec<_>>(),
        "events": catalog.events().map(event).collect::<Vec<_>>(),
        "actions": catalog.actions().map(action).collect::<Vec<_>>(),
        "filters": ALL.iter().map(|builtin| filter(builtin)).collect::<Vec<_>>(),
    })
}

fn connector(connector: &Connector) -> Value {
    let fields = connector.fields.iter().map(|field| {
        let mut described = typed(&field.name, field.ty);
        described.insert("filterable".to_owned(), json!(field.filterable));
        marked(&mut described, field.pii, &field.values);
        Value::Object(described)
    });
    json!({
        "name": connector.name,
        "summary": connector.summary,
        "default_limit": connector.default_limit,
        "limit_max": connector.limit_max,
        "fields": fields.collect::<Vec<_>>(),
    })
}

fn event(event: &Event) -> Value {
    let fields = event.fields.iter().map(|field| {
        let mut described = typed(&field.name, field.ty);
        marked(&mut described, field.pii, &[]);
        Value::Object(described)
    });
    json!({ "name": event.name, "summary": event.summary, "fields": fields.collect::<Vec<_>>() })
}

fn action(action: &Action) -> Value {
    let params = action.params.iter().map(|param| {
        let mut described = typed(&param.name, param.ty);
        marked(&mut described, false, &param.values);
        Value::Object(described)
    });
    let outputs = action.outputs.iter().map(|output| Value::Object(typed(&output.name, output.ty)));
    json!({
        "name": action.name,
        "category": action.category,
        "summary": action.summary,
        "class": action.class.map(Class::limit_name),
        "emits": action.emits,
        "params": params.collect::<Vec<_>>(),
        "outputs": outputs.collect::<Vec<_>>(),
    })
}

fn filter(builtin: &Builtin) -> Value {
    let signature = &builtin.signature;
    let params = signature
        .params
        .iter()
        .map(|param| json!({ "name": param.name, "accepts": accepts(param.accepts), "required": param.required }));
    let gives = match signature.output {
        Output::Fixed(ty) => ty.to_string(),
        Output::SameAsInput => "what it is applied to".to_owned(),
        Output::Arithmetic => "int, num or timestamp, as its arguments".to_owned(),
        Output::Rounded => "int without digits, otherwise num".to_owned(),
        Output::ItemOfInput => "an item of the list".to_owned(),
        Output::FieldsOfItems => "a list of the items' members".to_owned(),
        Output::UnionWithArg => "what it is applied to, or its argument".to_owned(),
    };
    json!({
        "name": builtin.name,
        "summary": builtin.summary,
        "accepts": accepts(signature.input),
        "params": params.collect::<Vec<_>>(),
        "gives": gives,
    })
}

fn accepts(accepts: Accepts) -> Value {
    let kinds = accepts.kinds.iter().map(|kind| Type::One(*kind).to_string());
    kinds.chain(accepts.items.iter().map(|kind| format!("list of {}", Type::One(*kind)))).collect()
}

fn typed(name: &str, ty: TypeName) -> Map<String, Value> {
    Map::from_iter([
        ("name".to_owned(), json!(name)),
        ("type".to_owned(), json!(ty.ty.to_string())),
        ("nullable".to_owned(), json!(ty.nullable)),
    ])
}

fn marked(described: &mut Map<String, Value>, pii: bool, values: &[String]) {
    if pii {
        described.insert("personal".to_owned(), json!(true));
    }
    if !values.is_empty() {
        described.insert("values".to_owned(), json!(values));
    }
}
