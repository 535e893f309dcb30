//! A run that has come to an approval: what people are asked, and what waits for their answer.

use alcove_builtins::parse_duration;
use alcove_journal::{
    digest_of_preview,
    entry::Effect,
    transition::{Involved, Subject, SubjectKind, Wait},
};
use alcove_plan::{
    envelope::Digest,
    value::{Value, to_json},
};

use crate::commit::Question;

/// A call of `request_approval` that nobody has decided about.
#[derive(Clone, Debug)]
pub(super) struct Asking {
    pub(super) effect: Effect,
    /// The position among the plan's actions.
    pub(super) place: u32,
    /// Its rendered parameters.
    pub(super) params: Value,
}

impl Asking {
    /// What people see.
    pub(super) fn question(&self, preview: &Value) -> Question {
        let text = |name: &str| self.params.member(name).as_str().unwrap_or_default().to_owned();
        let mut shown = String::new();
        to_json(preview, &mut shown);
        Question { title: text("title"), message: text("message"), preview: shown }
    }

    /// What the run waits for. Who had a part in it is for the transition to say, which reads the app.
    pub(super) fn wait(&self, plan: Digest, preview: &Value) -> Wait {
        let timeout = self.params.member("timeout");
        let timeout_ms = timeout.as_str().and_then(parse_duration).and_then(|ms| u64::try_from(ms).ok());
        let roles = match self.params.member("roles") {
            Value::List(roles) => roles.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            _ => Vec::new(),
        };
        let nobody = Subject { kind: SubjectKind::Agent, id: String::new() };
        let involved = Involved { author: nobody.clone(), activator: nobody, starter: None };
        let (effect, preview) = (Box::new(self.effect.clone()), digest_of_preview(preview));
        Wait::Approval { effect, plan, preview, timeout_ms, roles, involved }
    }
}
