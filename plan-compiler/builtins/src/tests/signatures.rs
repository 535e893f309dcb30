//! What the compiler is told.

use std::{string::ToString, vec, vec::Vec};

use alcove_plan::{
    types::{Kind, Type},
    value::Value,
};

use super::num;
use crate::{ArgType, SignatureError, by_name};

const ANY: Type = Type::One(Kind::Any);
const BOOL: Type = Type::One(Kind::Bool);
const INT: Type = Type::One(Kind::Int);
const NUM: Type = Type::One(Kind::Num);
const STR: Type = Type::One(Kind::Str);
const TIME: Type = Type::One(Kind::Time);
const OBJECT: Type = Type::One(Kind::Object);
const LIST: Type = Type::One(Kind::List);

fn check(name: &str, input: Type, args: &[ArgType]) -> Result<Type, SignatureError> {
    by_name(name).unwrap().signature.check(input, args)
}

fn lit(value: impl Into<Value>) -> ArgType {
    ArgType::literal(value.into())
}

fn int(n: i64) -> ArgType {
    ArgType::literal(Value::Int(n))
}

#[test]
fn results_follow_input_and_arguments() {
    let path = ArgType::path;
    let cases: Vec<(&str, Type, Vec<ArgType>, Type)> = vec![
        ("uppercase", STR, vec![], STR),
        ("uppercase", ANY, vec![], STR),
        ("plus", INT, vec![int(1)], INT),
        ("plus", INT, vec![ArgType::literal(num("0.5"))], NUM),
        ("plus", NUM, vec![int(1)], NUM),
        ("plus", INT, vec![path(NUM)], NUM),
        ("plus", INT, vec![path(ANY)], NUM),
        ("plus", ANY, vec![path(ANY)], ANY),
        ("plus", ANY, vec![int(1)], NUM),
        ("plus", ANY, vec![lit("1d")], TIME),
        ("minus", TIME, vec![lit("30d")], TIME),
        ("times", INT, vec![int(2)], INT),
        ("divided_by", INT, vec![int(2)], NUM),
        ("modulo", INT, vec![int(2)], INT),
        ("round", NUM, vec![], INT),
        ("round", NUM, vec![int(0)], INT),
        ("round", NUM, vec![int(2)], NUM),
        ("round", NUM, vec![path(INT)], NUM),
        ("first", Type::ListOf(Kind::Str), vec![], STR),
        ("last", LIST, vec![], ANY),
        ("map", Type::ListOf(Kind::Object), vec![lit("name")], LIST),
        ("default", STR, vec![lit("x")], STR),
        ("default", INT, vec![path(NUM)], NUM),
        ("default", STR, vec![int(1)], ANY),
        ("default", Type::ListOf(Kind::Str), vec![path(LIST)], LIST),
        ("split", STR, vec![lit(",")], Type::ListOf(Kind::Str)),
        ("join", Type::ListOf(Kind::Int), vec![lit(",")], STR),
        ("length", OBJECT, vec![], INT),
        ("length", Type::ListOf(Kind::Int), vec![], INT),
        ("json", LIST, vec![], STR),
        ("date", TIME, vec![], STR),
        ("start_of", TIME, vec![lit("week")], TIME),
    ];
    for (name, input, args, output) in cases {
        assert_eq!(check(name, input, &args), Ok(output), "{input} | {name}: {args:?}");
    }
}

#[test]
fn refusals_say_what_is_wrong() {
    let path = ArgType::path;
    let cases: Vec<(&str, Type, Vec<ArgType>, &str)> = vec![
        ("uppercase", INT, vec![], "takes a string, not integer"),
        ("length", BOOL, vec![], "takes a string, a list or an object, not boolean"),
        ("plus", STR, vec![int(1)], "takes a number or a timestamp, not string"),
        ("plus", INT, vec![lit("1d")], "argument `amount` must be a number, not string"),
        ("plus", TIME, vec![int(1)], "argument `amount` must be a string, not integer"),
        ("plus", TIME, vec![lit("1y")], "argument `amount` must be a duration, such as `30d` or `1d12h`"),
        ("plus", TIME, vec![path(STR)], "argument `amount` must be written out, not taken from a variable"),
        ("plus", INT, vec![], "needs the argument `amount`"),
        ("trim", STR, vec![int(1)], "takes at most 0 arguments, not 1"),
        ("date", TIME, vec![lit("%!")], "argument `pattern` must be a strftime pattern, such as `%d %b %Y`"),
        ("date", TIME, vec![path(STR)], "argument `pattern` must be written out, not taken from a variable"),
        ("date", STR, vec![], "takes a timestamp, not string"),
        ("start_of", TIME, vec![lit("year")], "argument `unit` must be `day`, `week` or `month`"),
        ("round", NUM, vec![int(29)], "argument `decimals` must be from 0 to 28"),
        ("round", NUM, vec![int(-1)], "argument `decimals` must be from 0 to 28"),
        ("truncate", STR, vec![int(0)], "argument `length` must be at least 1"),
        ("replace", STR, vec![lit(""), lit("x")], "argument `search` must not be empty"),
        (
            "currency",
            NUM,
            vec![lit("usd")],
            "argument `code` must be the three capital letters of a currency, such as `USD`",
        ),
        ("map", Type::ListOf(Kind::Str), vec![lit("x")], "takes a list of objects, not list of string"),
        ("join", Type::ListOf(Kind::Object), vec![lit("x")], "takes a list of scalars, not list of object"),
    ];
    for (name, input, args, message) in cases {
        let error = check(name, input, &args).unwrap_err();
        assert_eq!(error.to_string(), message, "{input} | {name}: {args:?}");
    }
}

#[test]
fn numbers_and_codes_may_be_paths() {
    assert!(check("plus", INT, &[ArgType::path(INT)]).is_ok());
    assert!(check("currency", NUM, &[ArgType::path(STR)]).is_ok());
    assert!(check("truncate", STR, &[ArgType::path(INT)]).is_ok());
}

#[test]
fn errors_point_at_their_argument() {
    let error = check("replace", STR, &[lit("a"), int(1)]).unwrap_err();
    assert_eq!(error.position(), Some(1));
    assert_eq!(check("replace", STR, &[lit("a")]).unwrap_err().position(), None);
}
