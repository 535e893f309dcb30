//! Defects that are planted on purpose, so that the crash harness can show that it finds them.

/// A defect that this engine is to have. Only the crash harness asks for one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Planted {
    /// The committer answers before the commit, so a crash loses what was acknowledged.
    EarlyAcknowledgement,
    /// An external call is sent before its intent is durable, so a crash repeats it.
    CallBeforeIntent,
    /// Commits do not look at leases, so a worker that was given up for dead goes on.
    NoFencing,
}

impl Planted {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::EarlyAcknowledgement, Self::CallBeforeIntent, Self::NoFencing];

    /// The name that the harness gives.
    pub fn name(self) -> &'static str {
        match self {
            Self::EarlyAcknowledgement => "early-acknowledgement",
            Self::CallBeforeIntent => "call-before-intent",
            Self::NoFencing => "no-fencing",
        }
    }

    /// The defect of a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|planted| planted.name() == name)
    }
}
