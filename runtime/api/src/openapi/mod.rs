//! What the API says of itself: OpenAPI 3.1, and a page for people.
//!
//! Each operation of the table has a [`Doc`], a constant beside its handler in `resource`. The document is made of
//! these and of the schemas of what is read and written; [`Query`](crate::query::Query) reads parameters as their
//! [`Form`] says, so that the document is not only words.

mod doc;
mod document;
mod page;
mod parameter;
mod problems;
mod shape;
mod style;
mod success;

pub(crate) use doc::{Body, Doc, Tag};
pub use document::openapi;
pub(crate) use page::page;
pub(crate) use parameter::{CURSOR, Form, IDEMPOTENCY_KEY, IF_MATCH, IF_NONE_MATCH, LIMIT, Parameter, WAIT, duration};
pub(crate) use shape::Shape;
pub(crate) use style::STYLE;
pub(crate) use success::Success;
