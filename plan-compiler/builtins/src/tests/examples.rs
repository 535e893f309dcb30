//! Every filter is found, documented, and does what its examples say.

use std::{string::ToString, vec::Vec};

use alcove_plan::value::Value;
use jiff::tz::TimeZone;

use crate::{ALL, ArgType, Env, Sample, builtin, by_name};

const NAMES: &[&str] = &[
    "capitalize",
    "ceil",
    "currency",
    "date",
    "default",
    "divided_by",
    "first",
    "floor",
    "join",
    "json",
    "last",
    "length",
    "lowercase",
    "map",
    "minus",
    "modulo",
    "number",
    "plus",
    "replace",
    "round",
    "slug",
    "split",
    "start_of",
    "times",
    "trim",
    "truncate",
    "uppercase",
    "url_encode",
];

#[test]
fn the_filters_of_the_language_are_there_and_no_others() {
    assert_eq!(ALL.iter().map(|builtin| builtin.name).collect::<Vec<_>>(), NAMES);
    for each in ALL {
        assert!(core::ptr::eq(*each, builtin(each.filter)), "{}", each.name);
        assert!(core::ptr::eq(*each, by_name(each.name).unwrap()), "{}", each.name);
    }
    for unknown in ["", "upper", "Uppercase", "zzz"] {
        assert!(by_name(unknown).is_none(), "{unknown}");
    }
}

#[test]
fn examples_give_what_they_say() {
    for builtin in ALL {
        assert!(builtin.examples.len() >= 3 && builtin.summary.ends_with('.'), "{}", builtin.name);
        for example in builtin.examples {
            let args: Vec<Value> = example.args.iter().map(Sample::value).collect();
            let result = builtin.eval(&Env { zone: &TimeZone::UTC }, &example.input.value(), &args);
            assert_eq!(result.as_ref().map_err(ToString::to_string), Ok(&example.output.value()), "{example:?}");
        }
    }
}

#[test]
fn examples_pass_the_check_and_are_of_the_type_that_it_gives() {
    for builtin in ALL {
        for example in builtin.examples {
            let input = ArgType::literal(example.input.value()).ty;
            let args: Vec<_> = example.args.iter().map(|arg| ArgType::literal(arg.value())).collect();
            let output = example.output.value();
            let ty = builtin.signature.check(input, &args).unwrap_or_else(|error| panic!("{example:?}: {error}"));
            assert!(output.is_null() || ty.admits(&output), "{}: {example:?} gives {ty}", builtin.name);
        }
    }
}

#[test]
fn null_in_is_null_out_but_for_default() {
    for builtin in ALL.iter().filter(|builtin| builtin.name != "default") {
        let args: Vec<Value> = builtin.examples[0].args.iter().map(Sample::value).collect();
        let result = builtin.eval(&Env { zone: &TimeZone::UTC }, &Value::Null, &args);
        assert_eq!(result, Ok(Value::Null), "{}", builtin.name);
    }
}

#[test]
fn samples_can_be_read() {
    for sample in ALL.iter().flat_map(|builtin| builtin.examples).flat_map(|example| [&example.input, &example.output])
    {
        if matches!(sample, Sample::Num(_) | Sample::Time(_)) {
            assert!(!sample.value().is_null(), "{sample:?}");
        }
    }
}
