//! `url_encode`.

use alloc::string::String;

use alcove_plan::{
    expr::Filter,
    types::{Kind, Type},
    value::{Value, to_text},
};

use crate::{Accepts, Builtin, EvalError, Example, Output, Sample, Signature, call::Call, percent_encode};

pub(crate) static URL_ENCODE: Builtin = Builtin {
    filter: Filter::UrlEncode,
    name: "url_encode",
    summary: "The text of a scalar, percent-encoded for any place in a URL (RFC 3986).",
    signature: Signature {
        input: Accepts::kinds(&[Kind::Bool, Kind::Num, Kind::Str, Kind::Time]),
        params: &[],
        output: Output::Fixed(Type::One(Kind::Str)),
    },
    examples: &[
        Example { input: Sample::Str("a b&c/é"), args: &[], output: Sample::Str("a%20b%26c%2F%C3%A9") },
        Example { input: Sample::Str("-._~"), args: &[], output: Sample::Str("-._~") },
        Example { input: Sample::Int(7), args: &[], output: Sample::Str("7") },
        Example { input: Sample::Null, args: &[], output: Sample::Null },
    ],
    run,
};

fn run(call: &Call<'_>) -> Result<Value, EvalError> {
    let mut plain = String::new();
    to_text(call.input, &mut plain);
    let mut text = call.new_text();
    for part in percent_encode(&plain) {
        text.push(part)?;
    }
    Ok(text.finish())
}
