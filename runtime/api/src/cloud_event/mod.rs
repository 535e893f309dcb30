//! CloudEvents 1.0 over HTTP: structured, batched and binary.
//!
//! For the handler of `/v1/events`. [`Mode`] is how the request's headers say that it is to be read; [`structured`] and
//! [`binary`] give the attributes of an event to [`Attributes`], which knows the rules that all of them have alike, and
//! gives the event back as the use case takes it. Of the specification's optional attributes, `time` and
//! `datacontenttype` mean something here; `subject`, `dataschema` and extensions are checked and then ignored.
//!
//! This is not the SDK's type: an event's data stays a slice of the body until the catalog types it, values of headers
//! are percent-decoded as the binding of version 1.0.2 wants it, and what is refused says why in the words of the API.

mod attributes;
mod binary;
mod mode;
mod structured;

pub(crate) use binary::read as read_binary;
pub(crate) use mode::Mode;
pub(crate) use structured::{read as read_structured, read_batch};
