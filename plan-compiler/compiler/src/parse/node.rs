//! What every parser of a construct works with: a JSON value with its pointer, and the one object reader, so that no
//! key is ever dropped in silence.

use std::sync::Arc;

use crate::{
    codes::Code,
    diagnostic::{Diagnostic, Fix, Sink, did_you_mean, list, nearest},
    source::{Json, JsonKind, Loc, Member, Span, Spanned, push_token},
};

/// A value of the document and its place.
#[derive(Clone)]
pub(super) struct Node<'j> {
    pub(super) json: &'j Json,
    pub(super) pointer: Arc<str>,
}

impl<'j> Node<'j> {
    pub(super) fn root(json: &'j Json) -> Self {
        Self { json, pointer: "".into() }
    }

    pub(super) fn loc(&self) -> Loc {
        Loc { span: self.json.span, pointer: self.pointer.clone() }
    }

    pub(super) fn with<T>(&self, value: T) -> Spanned<T> {
        Spanned { value, loc: self.loc() }
    }

    /// The items, if it is a list; a complaint and none otherwise.
    pub(super) fn items(&self, sink: &mut Sink) -> Option<Vec<Self>> {
        let JsonKind::Array(items) = &self.json.kind else {
            wrong_type(self, "a list", sink);
            return None;
        };
        let node = |(index, json): (usize, &'j Json)| Self { json, pointer: child(&self.pointer, &index.to_string()) };
        Some(items.iter().enumerate().map(node).collect())
    }

    /// The members, if it is an object; a complaint and none otherwise.
    pub(super) fn members(&self, sink: &mut Sink) -> Option<Vec<(Spanned<String>, Self)>> {
        let JsonKind::Object(members) = &self.json.kind else {
            wrong_type(self, "an object", sink);
            return None;
        };
        let node = |member: &'j Member| {
            let pointer = child(&self.pointer, &member.key);
            let loc = Loc { span: member.key_span, pointer: pointer.clone() };
            (Spanned { value: member.key.clone(), loc }, Self { json: &member.value, pointer })
        };
        Some(members.iter().map(node).collect())
    }
}

/// An object of the language: its keys have been held against the ones that may stand there.
pub(super) struct Object<'j> {
    node: Node<'j>,
    members: &'j [Member],
}

impl<'j> Object<'j> {
    /// Reports another type. Its keys are still to be checked with [`Object::allow`].
    pub(super) fn open(node: &Node<'j>, sink: &mut Sink) -> Option<Self> {
        let JsonKind::Object(members) = &node.json.kind else {
            wrong_type(node, "an object", sink);
            return None;
        };
        Some(Self { node: node.clone(), members })
    }

    /// An object whose keys are the same whatever it holds.
    pub(super) fn read(node: &Node<'j>, keys: &[&str], sink: &mut Sink) -> Option<Self> {
        let object = Self::open(node, sink)?;
        object.allow(keys, sink);
        Some(object)
    }

    /// Reports every key but these.
    pub(super) fn allow(&self, keys: &[&str], sink: &mut Sink) {
        for member in self.members.iter().filter(|member| !keys.contains(&member.key.as_str())) {
            let free = keys.iter().copied().filter(|key| !self.has(key));
            let near = nearest(&member.key, free);
            let elsewhere = elsewhere(&member.key, keys);
            let pointer = child(&self.node.pointer, &member.key);
            let fix = near
                .map(|near| Fix::Rename { from: pointer.to_string(), to: child(&self.node.pointer, near).to_string() });
            sink.push(Diagnostic {
                code: Code::UnknownKey,
                loc: Loc { span: member.key_span, pointer },
                message: format!("unknown key `{}`", member.key),
                suggestion: Some(match (near, elsewhere) {
                    (Some(near), _) => did_you_mean(near),
                    (None, Some(elsewhere)) => elsewhere.to_owned(),
                    (None, None) => format!("the keys here are {}", list(keys)),
                }),
                fix,
            });
        }
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.members.iter().any(|member| member.key == key)
    }

    /// The value of a key.
    pub(super) fn get(&self, key: &str) -> Option<Node<'j>> {
        let member = self.members.iter().find(|member| member.key == key)?;
        Some(Node { json: &member.value, pointer: child(&self.node.pointer, key) })
    }

    /// The value of a key that must be there; a complaint at the object otherwise.
    pub(super) fn require(&self, key: &str, sink: &mut Sink) -> Option<Node<'j>> {
        let node = self.get(key);
        if node.is_none() {
            sink.report(Code::MissingKey, &self.opening(), format!("the key `{key}` is missing"));
        }
        node
    }

    pub(super) fn loc(&self) -> Loc {
        self.node.loc()
    }

    /// The object's place, for what is missing in it: its pointer, and of its text only the brace.
    pub(super) fn opening(&self) -> Loc {
        let span = self.node.json.span;
        Loc { span: Span { start: span.start, end: span.start.saturating_add(1) }, pointer: self.node.pointer.clone() }
    }
}

/// Where a key of another construct belongs, for what people expect here.
fn elsewhere(key: &str, keys: &[&str]) -> Option<&'static str> {
    let flow = keys.contains(&"items") || keys.contains(&"then");
    match key {
        "on_failure" | "retry" | "timeout" if flow && !keys.contains(&"params") => {
            Some("loops and conditions have none of their own: put it on the actions inside")
        }
        _ => None,
    }
}

/// A pointer one level down.
pub(super) fn child(pointer: &str, token: &str) -> Arc<str> {
    let mut below = pointer.to_owned();
    push_token(&mut below, token);
    below.into()
}

/// Another JSON type stands here.
pub(super) fn wrong_type(node: &Node<'_>, expected: &str, sink: &mut Sink) {
    let found = match &node.json.kind {
        JsonKind::Null => "`null`",
        JsonKind::Bool(_) => "a boolean",
        JsonKind::Number(_) => "a number",
        JsonKind::String(_) => "a string",
        JsonKind::Array(_) => "a list",
        JsonKind::Object(_) => "an object",
    };
    let message = format!("expected {expected}, found {found}");
    match node.json.kind {
        JsonKind::Null => sink.suggest(Code::WrongType, &node.loc(), message, "leave the key out"),
        _ => sink.report(Code::WrongType, &node.loc(), message),
    }
}
