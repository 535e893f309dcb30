//! `date`.

use alloc::string::String;

use alcove_plan::{
    expr::Filter,
    types::{Kind, Type},
    value::Value,
};
use jiff::{
    Timestamp, Zoned,
    fmt::strtime::{BrokenDownTime, Config, PosixCustom},
    tz::TimeZone,
};

use crate::{Accepts, Builtin, EvalError, Example, LiteralRule, Output, Param, Sample, Signature, call::Call};

pub(crate) static DATE: Builtin = Builtin {
    filter: Filter::Date,
    name: "date",
    summary: "A timestamp by a strftime pattern, in the time zone of the trigger; without a pattern `%b %d`, such as \
              `Jan 31`.",
    signature: Signature {
        input: Accepts::kinds(&[Kind::Time]),
        params: &[Param::required("pattern", &[Kind::Str]).optional().literal(LiteralRule::Always).valid(pattern)],
        output: Output::Fixed(Type::One(Kind::Str)),
    },
    examples: &[
        Example { input: Sample::Time("2026-01-31T12:00:00Z"), args: &[], output: Sample::Str("Jan 31") },
        Example {
            input: Sample::Time("2026-01-31T12:00:00Z"),
            args: &[Sample::Str("%d %b %Y")],
            output: Sample::Str("31 Jan 2026"),
        },
        Example {
            input: Sample::Time("2026-01-31T08:05:00Z"),
            args: &[Sample::Str("%A, %-I:%M %P")],
            output: Sample::Str("Saturday, 8:05 am"),
        },
        Example { input: Sample::Null, args: &[], output: Sample::Null },
    ],
    run,
};

fn run(call: &Call<'_>) -> Result<Value, EvalError> {
    let pattern = call.optional_text(0).unwrap_or(DEFAULT_PATTERN);
    format(pattern, &call.zoned()?).map(Value::from).ok_or_else(|| call.out_of_range())
}

const DEFAULT_PATTERN: &str = "%b %d";
/// A conversion pads to 20 characters at most and takes two at least, so that no date comes near the limit of strings.
const PATTERN_BYTES_MAX: usize = 256;

fn pattern(pattern: &Value) -> Result<(), &'static str> {
    match pattern.as_str() {
        Some(text) if text.len() > PATTERN_BYTES_MAX => Err("must be at most 256 bytes long"),
        Some(text) if format(text, &Timestamp::UNIX_EPOCH.to_zoned(TimeZone::UTC)).is_none() => {
            Err("must be a strftime pattern, such as `%d %b %Y`")
        }
        _ => Ok(()),
    }
}

/// `None` for a pattern that is none.
fn format(pattern: &str, zoned: &Zoned) -> Option<String> {
    let mut out = String::new();
    let config = Config::new().custom(PosixCustom::default());
    BrokenDownTime::from(zoned).format_with_config(&config, pattern, &mut out).ok()?;
    Some(out)
}
