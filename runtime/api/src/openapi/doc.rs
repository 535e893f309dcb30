//! What is said of one operation.

use super::{Parameter, Shape, Success};
use crate::problem::Kind;

/// What is said of one operation: everything but its path, who may call it, and how large its body may be, which its
/// line in the table says.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Doc {
    pub(crate) tag: Tag,
    pub(crate) summary: &'static str,
    pub(crate) query: &'static [Parameter],
    pub(crate) headers: &'static [Parameter],
    pub(crate) body: Option<Body>,
    pub(crate) successes: &'static [Success],
    /// Beside those that every operation can give.
    pub(crate) problems: &'static [Kind],
    /// Whether its answers say how far the tenant may go with runs.
    pub(crate) tells_rate: bool,
}

/// What an operation reads.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Body {
    /// The types that it may have, in lower case; `*/*`: the handler decides. Without `Content-Type` it is read as the
    /// first.
    pub(crate) types: &'static [(&'static str, Shape)],
    pub(crate) required: bool,
}

/// What an operation belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Tag {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
}

impl Tag {
    pub(crate) const APPS: Self =
        Self { name: "apps", about: "What runs: app plans, their versions and their states." };
    pub(crate) const PLANS: Self = Self { name: "plans", about: "Compiled plans." };
    pub(crate) const EVENTS: Self = Self { name: "events", about: "What starts runs." };
    pub(crate) const EXECUTIONS: Self = Self { name: "executions", about: "Runs, and what they did." };
    pub(crate) const APPROVALS: Self = Self { name: "approvals", about: "Questions to people that runs wait for." };
    pub(crate) const DEAD_LETTERS: Self =
        Self { name: "dead-letters", about: "Runs that failed for good and took their trigger with them." };
    pub(crate) const USAGE: Self = Self { name: "usage", about: "What the tenant has used of what its tier allows." };
    pub(crate) const IDENTITY: Self =
        Self { name: "identity", about: "Who is who: members, teams, what was granted to them, and their keys." };
    pub(crate) const ADMIN: Self = Self { name: "admin", about: "Tenants. For operators of the platform alone." };
    pub(crate) const AUDIT: Self = Self { name: "audit", about: "Who changed what, and who was refused." };
    pub(crate) const SERVER: Self = Self { name: "server", about: "The server itself. No key is needed." };
    /// In the order of the document.
    pub(super) const ALL: &'static [Self] = &[
        Self::APPS,
        Self::PLANS,
        Self::EVENTS,
        Self::EXECUTIONS,
        Self::APPROVALS,
        Self::DEAD_LETTERS,
        Self::USAGE,
        Self::IDENTITY,
        Self::ADMIN,
        Self::AUDIT,
        Self::SERVER,
    ];
}

impl Doc {
    /// An operation that reads nothing.
    pub(crate) const fn new(tag: Tag, summary: &'static str) -> Self {
        Self { tag, summary, query: &[], headers: &[], body: None, successes: &[], problems: &[], tells_rate: false }
    }

    /// The parameters that may stand in its query; others are refused.
    pub(crate) const fn query(self, query: &'static [Parameter]) -> Self {
        Self { query, ..self }
    }

    /// The headers that it reads, beside `Authorization` and what belongs to the body.
    pub(crate) const fn headers(self, headers: &'static [Parameter]) -> Self {
        Self { headers, ..self }
    }

    /// The types of its body, one of which must come.
    pub(crate) const fn reads(self, types: &'static [(&'static str, Shape)]) -> Self {
        Self { body: Some(Body { types, required: true }), ..self }
    }

    /// The types of its body, if it comes with one.
    pub(crate) const fn may_read(self, types: &'static [(&'static str, Shape)]) -> Self {
        Self { body: Some(Body { types, required: false }), ..self }
    }

    /// What it answers if it is done.
    pub(crate) const fn gives(self, successes: &'static [Success]) -> Self {
        Self { successes, ..self }
    }

    /// Its answers say how far the tenant may go with runs: it starts them.
    pub(crate) const fn tells_rate(self) -> Self {
        Self { tells_rate: true, ..self }
    }

    /// Why it may not be done, beside what holds for every operation.
    pub(crate) const fn fails(self, problems: &'static [Kind]) -> Self {
        Self { problems, ..self }
    }
}

impl Body {
    /// Whether the body may be of this type.
    pub(crate) fn is_of(&self, media_type: &str) -> bool {
        self.types.iter().any(|(known, _)| *known == media_type || *known == "*/*")
    }
}
