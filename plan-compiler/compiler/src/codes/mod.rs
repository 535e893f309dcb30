//! The registry of diagnostic codes: append, never rename, never reuse.

use crate::diagnostic::Severity;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $severity:ident;)*) => {
        /// A stable diagnostic code.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Code { $($(#[$doc])* $name,)* }

        impl Code {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The text that users see and that `--explain` takes.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// How bad it is.
            pub fn severity(self) -> Severity {
                match self { $(Self::$name => Severity::$severity,)* }
            }

            /// Its help page, as Markdown: what has happened, an example from the corpus, how to mend it.
            pub fn page(self) -> &'static str {
                match self { $(Self::$name => include_str!(concat!("pages/", $text, ".md")),)* }
            }

            /// The code that users call by this text.
            pub fn named(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$name),)* _ => None }
            }
        }
    };
}

codes! {
    // --- the document ---
    /// Not JSON.
    Syntax = "syntax", Error;
    /// Larger than 256 KiB.
    ConfigTooLarge = "config-too-large", Error;
    /// Nested too deeply.
    NestedTooDeeply = "nested-too-deeply", Error;
    /// A key that stands twice in one object.
    DuplicateKey = "duplicate-key", Error;
    /// A key that the language does not have there.
    UnknownKey = "unknown-key", Error;
    /// A key that must be there.
    MissingKey = "missing-key", Error;
    /// A value of the wrong JSON type.
    WrongType = "wrong-type", Error;
    /// A value outside its set or range.
    InvalidValue = "invalid-value", Error;
    /// A number that the language cannot hold.
    NumberOutOfRange = "number-out-of-range", Error;
    /// A string longer than 64 KiB.
    StringTooLong = "string-too-long", Error;
    /// `schema` names another language.
    UnsupportedSchema = "unsupported-schema", Error;

    // --- names ---
    /// An event that the catalog does not have.
    UnknownEvent = "unknown-event", Error;
    /// A connector that the catalog does not have.
    UnknownConnector = "unknown-connector", Error;
    /// An action type that the catalog does not have.
    UnknownAction = "unknown-action", Error;
    /// A field that a connector or row does not have.
    UnknownField = "unknown-field", Error;
    /// A variable that is not in scope.
    UnknownVariable = "unknown-variable", Error;
    /// A template filter that does not exist.
    UnknownFilter = "unknown-filter", Error;
    /// A parameter that the action does not have.
    UnknownParam = "unknown-param", Error;
    /// A parameter that the action needs.
    MissingParam = "missing-param", Error;
    /// An id, loop variable or name that is already taken.
    DuplicateId = "duplicate-id", Error;
    /// An id that is not a name.
    InvalidId = "invalid-id", Error;
    /// A name that would hide a variable of the language.
    ReservedName = "reserved-name", Error;

    // --- types and values ---
    /// Types that do not fit.
    TypeMismatch = "type-mismatch", Error;
    /// An operator that a field does not support.
    UnsupportedOperator = "unsupported-operator", Error;
    /// A field that filters may not name.
    NotFilterable = "not-filterable", Error;
    /// A field that rows cannot be sorted by.
    NotSortable = "not-sortable", Error;
    /// A template that does not parse.
    InvalidTemplate = "invalid-template", Error;
    /// Arguments that a template filter does not take.
    InvalidFilterArgument = "invalid-filter-argument", Error;
    /// A regular expression that does not compile, or is too large.
    InvalidRegex = "invalid-regex", Error;
    /// A cron expression that is not one.
    InvalidCron = "invalid-cron", Error;
    /// A time zone that does not exist.
    InvalidTimezone = "invalid-timezone", Error;
    /// A duration that is not one.
    InvalidDuration = "invalid-duration", Error;
    /// An e-mail address that is not one.
    InvalidEmail = "invalid-email", Error;
    /// A URL that egress would refuse.
    ForbiddenUrl = "forbidden-url", Error;
    /// Text of a model where only data of the platform may stand.
    TaintedValue = "tainted-value", Error;
    /// An output of an action that may not have run.
    UncertainOutput = "uncertain-output", Error;

    // --- limits ---
    /// More pipeline steps than allowed.
    TooManySteps = "too-many-steps", Error;
    /// More actions than allowed.
    TooManyActions = "too-many-actions", Error;
    /// Loops or conditions nested too deeply.
    NestingTooDeep = "nesting-too-deep", Error;
    /// A number over its limit.
    LimitExceeded = "limit-exceeded", Error;
    /// No action at all.
    NoActions = "no-actions", Error;

    // --- warnings and hints ---
    /// A step that nothing uses.
    UnusedStep = "unused-step", Warning;
    /// A value that a field with a closed set of values never has.
    UnknownValue = "unknown-value", Warning;
    /// A condition that is always the same.
    ConstantCondition = "constant-condition", Warning;
    /// A query that relies on the connector's default limit.
    ImplicitLimit = "implicit-limit", Hint;
}
