//! What an operation answers if it is done.

use utoipa::{
    ToSchema,
    openapi::{ContentBuilder, Header, HeaderBuilder, ObjectBuilder, Response, ResponseBuilder, schema::Type},
};

use super::{Shape, shape::Schemas};

/// One answer of an operation that is done.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Success {
    pub(super) status: u16,
    about: &'static str,
    /// The type and the shape of its body; empty: it has none. More than one: the request says which.
    content: &'static [(&'static str, Shape)],
    /// Headers that stand in it, with what they say.
    headers: &'static [(&'static str, &'static str)],
}

impl Success {
    /// 200 with this.
    pub(crate) const fn ok<T: ToSchema>(about: &'static str) -> Self {
        Self::with(200, about, const { &[("application/json", Shape::of::<T>())] })
    }

    /// 200 with a page of a list of these.
    pub(crate) const fn page<T: ToSchema>(about: &'static str) -> Self {
        let page = Self::with(200, about, const { &[("application/json", Shape::page::<T>())] });
        Self { headers: &[("Link", "The next page (`rel=\"next\"`), if there is one.")], ..page }
    }

    /// 202 with this: it is durable, and goes on by itself.
    pub(crate) const fn accepted<T: ToSchema>(about: &'static str) -> Self {
        Self::with(202, about, const { &[("application/json", Shape::of::<T>())] })
    }

    /// 202 with one of these: it is durable, and goes on by itself.
    pub(crate) const fn accepted_either<A: ToSchema, B: ToSchema>(about: &'static str) -> Self {
        Self::with(202, about, const { &[("application/json", Shape::either::<A, B>())] })
    }

    /// 207 with this: it tells of each part what became of it.
    pub(crate) const fn mixed<T: ToSchema>(about: &'static str) -> Self {
        Self::with(207, about, const { &[("application/json", Shape::of::<T>())] })
    }

    /// 201 with this, and where it is from now on.
    pub(crate) const fn created<T: ToSchema>(about: &'static str) -> Self {
        let made = Self::with(201, about, const { &[("application/json", Shape::of::<T>())] });
        Self { headers: &[("Location", "Its path.")], ..made }
    }

    /// 204.
    pub(crate) const fn done(about: &'static str) -> Self {
        Self { status: 204, about, content: &[], headers: &[] }
    }

    /// 304.
    pub(crate) const fn unchanged(about: &'static str) -> Self {
        Self { status: 304, about, content: &[], headers: &[] }
    }

    /// 200 with a body of one of these types.
    pub(crate) const fn content(about: &'static str, content: &'static [(&'static str, Shape)]) -> Self {
        Self::with(200, about, content)
    }

    const fn with(status: u16, about: &'static str, content: &'static [(&'static str, Shape)]) -> Self {
        Self { status, about, content, headers: &[] }
    }

    /// With the tag of what is in it.
    pub(crate) const fn tagged(self) -> Self {
        Self { headers: &[("ETag", "Names the state of what is answered: see `If-Match`.")], ..self }
    }

    /// As the document has it.
    pub(super) fn response(&self, schemas: &mut Schemas) -> Response {
        let mut response = ResponseBuilder::new().description(self.about);
        for (media_type, shape) in self.content {
            response = response.content(*media_type, ContentBuilder::new().schema(Some(shape.schema(schemas))).build());
        }
        for (name, about) in self.headers {
            response = response.header(*name, text_header(about));
        }
        response.build()
    }
}

/// A header with a text in it.
pub(super) fn text_header(about: &str) -> Header {
    let text = ObjectBuilder::new().schema_type(Type::String);
    HeaderBuilder::new().schema(Some(text)).description(Some(about)).build()
}
