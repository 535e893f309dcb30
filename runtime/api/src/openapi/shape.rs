//! The schema of what is read or written.

use std::collections::BTreeMap;

use utoipa::{
    ToSchema,
    openapi::{
        Ref, RefOr,
        schema::{
            AdditionalProperties, Array, KnownFormat, Object, ObjectBuilder, OneOfBuilder, Schema, SchemaFormat,
            SchemaType, Type,
        },
    },
};

/// The document's named schemas.
pub(super) type Schemas = BTreeMap<String, RefOr<Schema>>;

/// A schema that is made when the document is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shape(fn(&mut Schemas) -> RefOr<Schema>);

impl Shape {
    /// Any JSON.
    pub(crate) const ANY: Self = Self(|_| Object::with_type(SchemaType::AnyValue).into());
    /// An object whose members are nobody's to name here.
    pub(crate) const OBJECT: Self = Self(|_| Object::new().into());
    /// Text.
    pub(crate) const TEXT: Self = Self(|_| ObjectBuilder::new().schema_type(Type::String).into());
    /// Bytes.
    pub(crate) const BYTES: Self = Self(|_| {
        let format = Some(SchemaFormat::KnownFormat(KnownFormat::Binary));
        ObjectBuilder::new().schema_type(Type::String).format(format).into()
    });

    /// The JSON of a type.
    pub(crate) const fn of<T: ToSchema>() -> Self {
        Self(named::<T>)
    }

    /// The JSON of one of two types.
    pub(crate) const fn either<A: ToSchema, B: ToSchema>() -> Self {
        Self(either::<A, B>)
    }

    /// A page of a list of these: `List` of `alcove-control`.
    pub(crate) const fn page<T: ToSchema>() -> Self {
        Self(page::<T>)
    }

    /// The schema; what it refers to joins the others.
    pub(super) fn schema(self, schemas: &mut Schemas) -> RefOr<Schema> {
        (self.0)(schemas)
    }
}

fn named<T: ToSchema>(schemas: &mut Schemas) -> RefOr<Schema> {
    let name = T::name().into_owned();
    if !schemas.contains_key(&name) {
        schemas.insert(name.clone(), T::schema());
        let mut more = Vec::new();
        T::schemas(&mut more);
        schemas.extend(more);
    }
    Ref::from_schema_name(name).into()
}

fn either<A: ToSchema, B: ToSchema>(schemas: &mut Schemas) -> RefOr<Schema> {
    OneOfBuilder::new().item(named::<A>(schemas)).item(named::<B>(schemas)).into()
}

fn page<T: ToSchema>(schemas: &mut Schemas) -> RefOr<Schema> {
    let name = format!("{}List", T::name());
    let cursor = ObjectBuilder::new()
        .schema_type(SchemaType::from_iter([Type::String, Type::Null]))
        .description(Some("Gives the next page as `cursor`; null: this is the last."));
    let page = ObjectBuilder::new()
        .description(Some("A page of a list."))
        .property("items", Array::new(named::<T>(schemas)))
        .required("items")
        .property("next_cursor", cursor)
        .required("next_cursor")
        .additional_properties(Some(AdditionalProperties::FreeForm(false)));
    schemas.insert(name.clone(), page.into());
    Ref::from_schema_name(name).into()
}
