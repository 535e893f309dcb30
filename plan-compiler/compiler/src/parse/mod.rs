//! From JSON to [`syntax`](crate::syntax), never failing: every complaint at once, and whatever could be read.

mod app;
mod trigger;

mod pipeline;
mod transform;

mod action;
mod flow;

mod settings;
mod widget;

mod predicate;
mod template;
mod value;

mod duration;
mod node;
mod number;
mod path;
mod scalar;
mod scanner;

#[cfg(test)]
mod tests;

use crate::{diagnostic::Sink, source::Json, syntax::App};

/// The app that a document describes; `source` is the text of which the document's spans are. None only where the
/// document is no object.
pub fn app(json: &Json, source: &str, sink: &mut Sink) -> Option<App> {
    app::read(&node::Node::root(json), &mut Cx { source, sink })
}

/// What all parsers carry along.
struct Cx<'a> {
    source: &'a str,
    sink: &'a mut Sink,
}
