//! Actions: what can be changed.

use serde::Deserialize;

use crate::{ApiCall, TypeName};

/// One type of action.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Action {
    /// The name that configs use.
    pub name: String,
    /// The group that documentation puts it in.
    pub category: String,
    /// One sentence for people who choose an action.
    pub summary: String,
    /// Its parameters.
    pub params: Vec<ParamSpec>,
    /// What it gives back.
    #[serde(default)]
    pub outputs: Vec<OutputSpec>,
    /// The quota that it counts against.
    #[serde(default)]
    pub class: Option<Class>,
    /// What is promised about its effect.
    pub guarantee: Guarantee,
    /// The parameter whose constant `true` says that the receiver honours idempotency keys: the guarantee is
    /// [`Guarantee::Keyed`] then.
    #[serde(default)]
    pub keyed_if: Option<String>,
    /// Events that it causes.
    #[serde(default)]
    pub emits: Vec<String>,
    /// Whether it only reads: then it is not among the effects of a run, and a dry run performs it.
    #[serde(default)]
    pub read_only: bool,
    /// Who performs it.
    pub binding: ActionBinding,
}

/// One parameter.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ParamSpec {
    /// Its name.
    pub name: String,
    /// Its type; nullable means that it may be left out.
    #[serde(rename = "type")]
    pub ty: TypeName,
    /// Where the value goes, so that text cannot become structure.
    #[serde(default)]
    pub kind: ParamKind,
    /// The closed set of its values, where there is one.
    #[serde(default)]
    pub values: Vec<String>,
    /// For an object: its members are fields of this connector that may be written.
    #[serde(default)]
    pub writes: Option<String>,
}

/// Where a parameter's value goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ParamKind {
    /// Shown as it is.
    #[default]
    Text,
    /// Markup: values are escaped, the author's own text is not.
    Html,
    /// Exactly one address.
    EmailAddress,
    /// One line: no CR or LF.
    HeaderValue,
    /// A URL: the origin is constant or allow-listed, values are percent-encoded.
    Url,
    /// Built, never spliced.
    Json,
    /// The name of a secret; never a template.
    Secret,
    /// The id of a row; never AI output.
    Id,
    /// A number, boolean, timestamp or label that decides what happens; never AI text.
    Plain,
}

/// One output.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OutputSpec {
    /// Its name.
    pub name: String,
    /// Its type.
    #[serde(rename = "type")]
    pub ty: TypeName,
    /// Whether it is text that a model wrote.
    #[serde(default)]
    pub ai_text: bool,
}

/// A quota class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// E-mails.
    Email,
    /// AI calls.
    Ai,
    /// Outbound webhooks.
    Webhook,
}

/// What is promised about an effect when a crash leaves it in doubt (`execution.md` § Journal of the design).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Guarantee {
    /// In the journal's own transaction: exactly once.
    Local,
    /// In another database, with a dedup row in the same transaction: exactly once.
    ForeignTx,
    /// The provider honours an idempotency key.
    Keyed,
    /// Repeating it changes nothing.
    Natural,
    /// Neither: on doubt, E013.
    Unproven,
}

/// Who performs an action.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum ActionBinding {
    /// Set-valued SQL on the platform's tables: the name of a script of `runtime/platform`.
    Sql {
        /// The script.
        script: String,
    },
    /// A model, through the AI provider.
    Ai,
    /// A request to whom the app names, through the one way out.
    Http,
    /// A request to the platform's own API.
    Api(ApiCall),
    /// The engine itself: `emit_event`, `request_approval`.
    Flow,
}

impl Action {
    /// A parameter by its name.
    pub fn param(&self, name: &str) -> Option<&ParamSpec> {
        self.params.iter().find(|param| param.name == name)
    }

    /// What is promised about the effect of a call of which `is_true` says whether a parameter is the constant `true`.
    pub fn guarantee_where(&self, is_true: impl Fn(&str) -> bool) -> Guarantee {
        match &self.keyed_if {
            Some(param) if is_true(param) => Guarantee::Keyed,
            _ => self.guarantee,
        }
    }
}

impl Class {
    /// The name of the run's limit on it.
    pub fn limit_name(self) -> &'static str {
        match self {
            Self::Email => "emails",
            Self::Ai => "ai_calls",
            Self::Webhook => "webhooks",
        }
    }
}
