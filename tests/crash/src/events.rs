//! The events that are sent, and what each must lead to.

use serde_json::{Value, json};

use crate::apps::{MEMBERS, member};

/// What an event is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// Local effects in one commit.
    Direct,
    /// Local effects in a loop, with barriers.
    Loop,
    /// A request to an endpoint that honours idempotency keys.
    Keyed,
    /// A request to one that does not.
    Blind,
    /// Two runs later on.
    Delayed,
    /// A run that causes another.
    Chained,
    /// A run that waits for a person.
    Asked,
}

impl Kind {
    /// Each kind as often as it is sent.
    pub(crate) const MIX: [Self; 12] = [
        Self::Direct,
        Self::Direct,
        Self::Direct,
        Self::Direct,
        Self::Loop,
        Self::Keyed,
        Self::Keyed,
        Self::Blind,
        Self::Blind,
        Self::Delayed,
        Self::Chained,
        Self::Asked,
    ];
}

/// One event.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Event {
    pub(crate) kind: Kind,
    pub(crate) id: String,
    pub(crate) member: String,
}

impl Event {
    /// The event of this number: kind and member by chance.
    pub(crate) fn of_number(number: u64, chance: &mut fastrand::Rng) -> Self {
        let kind = chance.choice(Kind::MIX).unwrap_or(Kind::Direct);
        Self { kind, id: format!("e{number}"), member: member(chance.usize(..MEMBERS)) }
    }

    /// The body of `POST /v1/events`.
    pub(crate) fn body(&self) -> Value {
        let Self { kind, id, member } = self;
        let (name, payload) = match kind {
            Kind::Direct => ("user.login", json!({ "user_id": member })),
            Kind::Loop => {
                ("comment.created", json!({ "comment_id": id, "post_id": "p", "user_id": member, "content": "c" }))
            }
            Kind::Keyed => ("post.created", post(member)),
            Kind::Blind => ("post.updated", post(member)),
            Kind::Delayed => ("mission.assigned", json!({ "mission_id": "m", "user_id": member, "xp_reward": 1 })),
            Kind::Chained => ("room.access_requested", json!({ "room_id": "r", "user_id": member })),
            Kind::Asked => ("user.wallet_connected", json!({ "user_id": member, "web3_account": "0x0" })),
        };
        json!({ "type": name, "id": id, "payload": payload })
    }

    /// The notifications that there must be of it in the end, each once.
    pub(crate) fn notifications(&self) -> Vec<String> {
        let id = &self.id;
        match self.kind {
            Kind::Direct => vec![format!("direct {id}")],
            Kind::Loop => (0..MEMBERS).map(|at| format!("loop {id} {} false", member(at))).collect(),
            Kind::Keyed => vec![format!("keyed {id}")],
            Kind::Blind => vec![format!("blind {id}")],
            Kind::Delayed => vec![format!("soon {id}"), format!("later {id}")],
            Kind::Chained => vec![format!("chained {id}")],
            Kind::Asked => vec![format!("asked {id}")],
        }
    }
}

fn post(member: &str) -> Value {
    json!({ "post_id": "p", "room_id": "r", "user_id": member, "content": "c" })
}
