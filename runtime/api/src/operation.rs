//! One operation of the API.

use std::{future::Future, pin::Pin};

use alcove_control::{Operator, Permission};

use crate::{
    call::{Api, Call, SignedCall},
    openapi::Doc,
    problem::Problem,
    reply::Reply,
};

/// What an operation comes to.
pub(crate) type Answer = Pin<Box<dyn Future<Output = Result<Reply, Problem>> + Send>>;

/// One operation: a method and a path, as clients see them, and what does it.
#[derive(Clone, Copy, Debug)]
pub struct Operation {
    /// The method.
    pub method: &'static str,
    /// The path, with `{…}` for what a client fills in; a `:verb` may follow.
    pub path: &'static str,
    /// The path of its handler below `resource`.
    pub(crate) name: &'static str,
    /// The largest body, in bytes.
    pub(crate) body_bytes_max: usize,
    pub(crate) doc: Doc,
    pub(crate) handler: Handler,
}

/// What does an operation.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Handler {
    /// For everybody: what a load balancer asks.
    Open(fn(Api) -> Answer),
    /// For callers who have been authenticated. What they may do is decided in `alcove-control`; that it is this
    /// permission which decides is a test's to say.
    Keyed(Permission, fn(Call) -> Answer),
    /// For operators of the platform, and nobody else.
    Operator(fn(Call<Operator>) -> Answer),
    /// For whoever has signed the body, which is for `alcove-control` to say.
    Signed(fn(SignedCall) -> Answer),
}

impl Operation {
    /// Whether anybody may call it, without a key.
    pub fn is_open(&self) -> bool {
        matches!(self.handler, Handler::Open(_) | Handler::Signed(_))
    }

    /// The permission that it needs.
    pub fn permission(&self) -> Option<Permission> {
        match self.handler {
            Handler::Keyed(permission, _) => Some(permission),
            Handler::Open(_) | Handler::Signed(_) | Handler::Operator(_) => None,
        }
    }

    /// Whether it is for operators alone.
    pub fn is_operators(&self) -> bool {
        matches!(self.handler, Handler::Operator(_))
    }

    /// The names in its path that a client fills in, in their order.
    pub(crate) fn holes(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.path.split('{').skip(1).filter_map(|part| part.split('}').next())
    }

    /// The path of the resource: without its verb.
    pub(crate) fn resource(&self) -> &'static str {
        self.split().0
    }

    /// What follows the last `{…}` after a colon.
    pub(crate) fn verb(&self) -> Option<&'static str> {
        self.split().1
    }

    fn split(&self) -> (&'static str, Option<&'static str>) {
        match self.path.rsplit_once("}:") {
            // The brace is one byte, so the resource is what stands before the colon.
            Some((before, verb)) => (self.path.get(..=before.len()).unwrap_or(self.path), Some(verb)),
            None => (self.path, None),
        }
    }
}
