//! Every op, as a table: what it is applied to and what it gives.

use alcove_plan::{
    expr::{Compare, Filter, Op},
    failure::{Code, Failure},
    limits::STRING_BYTES_MAX,
    types::{Kind, Type},
    value::{Timestamp, Value},
};
use rust_decimal::Decimal;

use super::builder::{Builder, input, ints};
use crate::eval::Evaluator;

/// Applies `ops` to constants.
fn apply(operands: &[Value], ops: &[Op]) -> Result<Value, Failure> {
    apply_with(Builder::new(), operands, ops)
}

fn apply_with(mut builder: Builder, operands: &[Value], ops: &[Op]) -> Result<Value, Failure> {
    let mut code: Vec<_> = operands.iter().map(|operand| builder.lit(operand.clone())).collect();
    code.extend_from_slice(ops);
    let expr = builder.expr(code);
    Evaluator::new(&builder.program, &input(Value::Null))?.eval(expr)
}

fn num(text: &str) -> Value {
    Value::Num(text.parse().unwrap())
}

fn object(members: &[(&'static str, Value)]) -> Value {
    Value::object(members.iter().cloned())
}

fn time() -> Value {
    Value::Time(Timestamp::parse("2026-01-31T08:00:00Z").unwrap())
}

#[test]
fn paths_give_parts_or_null() {
    let mut names = Builder::new();
    names.name("a");
    let record = object(&[("a", Value::Int(1)), ("b", ints([7, 8]))]);
    let cases: [(&[Op], Value); 9] = [
        (&[Op::Cell(0)], Value::Int(1)),
        (&[Op::Cell(2)], Value::Null),
        (&[Op::Cell(1), Op::Index(1)], Value::Int(8)),
        (&[Op::Cell(1), Op::Index(2)], Value::Null),
        (&[Op::Index(0)], Value::Null),
        (&[Op::Member(0)], Value::Int(1)),
        (&[Op::Member(0), Op::Member(0)], Value::Null),
        (&[Op::Cell(0), Op::Cell(0)], Value::Null),
        (&[Op::Cell(9), Op::Index(0), Op::Member(0)], Value::Null),
    ];
    for (ops, expected) in cases {
        let mut builder = Builder::new();
        builder.program.names.clone_from(&names.program.names);
        assert_eq!(apply_with(builder, std::slice::from_ref(&record), ops).unwrap(), expected, "{ops:?}");
    }
}

#[test]
fn a_path_from_a_slot_is_the_same_as_step_by_step() {
    let mut builder = Builder::new();
    let name = builder.name("list");
    let expr =
        builder.expr([Op::Slot(alcove_plan::program::input_slot::EVENT), Op::Member(name), Op::Index(1), Op::Exists]);
    let event = object(&[("list", ints([1, 2]))]);
    let mut eval = Evaluator::new(&builder.program, &input(event)).unwrap();
    assert_eq!(eval.eval(expr).unwrap(), Value::Bool(true));
}

#[test]
fn comparisons() {
    use Compare::{Contains, EndsWith, Eq, Gt, Gte, In, Lt, Lte, Ne, NotIn, StartsWith};
    let text = Value::str;
    let cases = [
        (Eq, Value::Int(1), num("1.0"), true),
        (Eq, text("1"), Value::Int(1), false),
        (Ne, text("1"), Value::Int(1), true),
        (Eq, Value::Null, Value::Null, false),
        (Ne, Value::Null, Value::Null, true),
        (Ne, Value::Int(1), Value::Int(1), false),
        (Gt, num("1.5"), Value::Int(1), true),
        (Gt, Value::Int(1), Value::Int(1), false),
        (Gte, Value::Int(1), Value::Int(1), true),
        (Gte, Value::Null, Value::Int(1), false),
        (Lt, text("B"), text("a"), true),
        (Lt, text("1"), Value::Int(2), false),
        (Lte, time(), time(), true),
        (Eq, time(), text("2026-01-31T09:00:00+01:00"), true),
        (Lt, text("2026-01-31T07:59:59Z"), time(), true),
        (In, time(), Value::list(vec![text("soon"), text("2026-01-31T08:00:00Z")]), true),
        (Lt, time(), text("soon"), false),
        (Ne, time(), text("soon"), true),
        (Lte, Value::Bool(false), Value::Bool(true), true),
        (In, num("2"), ints([1, 2]), true),
        (In, Value::Int(3), ints([1, 2]), false),
        (In, Value::Int(1), Value::Int(1), false),
        (In, Value::Null, Value::list(vec![Value::Null]), false),
        (NotIn, Value::Null, ints([1]), true),
        (NotIn, Value::Int(1), ints([1]), false),
        (NotIn, Value::Int(1), text("1"), true),
        (Contains, text("hello"), text("ell"), true),
        (Contains, text("hello"), text("ELL"), false),
        (Contains, ints([1, 2]), Value::Int(2), true),
        (Contains, Value::Null, text(""), false),
        (StartsWith, text("hello"), text("he"), true),
        (StartsWith, Value::Int(12), text("1"), false),
        (EndsWith, text("hello"), text("lo"), true),
        (EndsWith, text("hello"), Value::Null, false),
    ];
    for (op, left, right, expected) in cases {
        let message = format!("{left:?} {} {right:?}", op.name());
        assert_eq!(apply(&[left, right], &[Op::Compare(op)]).unwrap(), Value::Bool(expected), "{message}");
    }
}

#[test]
fn logic_jumps_over_what_it_need_not_evaluate() {
    let (yes, no, null) = (Value::Bool(true), Value::Bool(false), Value::Null);
    // The operand that is jumped over would fail.
    let fails = Op::Cast(Type::One(Kind::Int));
    let cases: [(&Value, &[Op], &Value); 7] = [
        (&yes, &[Op::OrElse(1), fails], &yes),
        (&no, &[Op::AndThen(1), fails], &no),
        (&null, &[Op::AndThen(1), fails], &no),
        (&Value::Int(1), &[Op::AndThen(1), fails], &no),
        (&yes, &[Op::Not], &no),
        (&null, &[Op::Not], &yes),
        (&null, &[Op::Exists], &no),
    ];
    for (operand, ops, expected) in cases {
        assert_eq!(&apply(std::slice::from_ref(operand), ops).unwrap(), expected, "{operand:?} {ops:?}");
    }
    for (op, other) in [(Op::OrElse(1), &no), (Op::OrElse(1), &null), (Op::AndThen(1), &yes)] {
        let mut builder = Builder::new();
        let (left, right) = (builder.lit(other.clone()), builder.lit("right"));
        let expr = builder.expr([left, op, right]);
        let value = Evaluator::new(&builder.program, &input(Value::Null)).unwrap().eval(expr).unwrap();
        assert_eq!(value, Value::str("right"), "{op:?}");
    }
}

#[test]
fn texts_join_and_escape() {
    let parts = [Value::str("a"), Value::Null, num("1.50"), Value::Bool(true), ints([1]), time()];
    assert_eq!(apply(&parts, &[Op::Text(6)]).unwrap(), Value::str("a1.5true[1]2026-01-31T08:00:00Z"));
    let cases = [
        (Op::EscapeHtml, Value::str("<a href=\"x\">'&é"), Value::str("&lt;a href=&quot;x&quot;&gt;&#39;&amp;é")),
        (Op::EscapeHtml, Value::Int(3), Value::str("3")),
        (Op::EscapeHtml, Value::Null, Value::Null),
        (Op::EscapeUrl, Value::str("a-b_c.d~e f/é?"), Value::str("a-b_c.d~e%20f%2F%C3%A9%3F")),
        (Op::EscapeUrl, Value::Null, Value::Null),
    ];
    for (op, operand, expected) in cases {
        assert_eq!(apply(&[operand], &[op]).unwrap(), expected);
    }
}

#[test]
fn texts_end_at_the_limit_and_not_before() {
    let at = Value::from("x".repeat(STRING_BYTES_MAX));
    assert!(apply(&[at.clone(), Value::Null], &[Op::Text(2)]).is_ok());
    let huge = Value::list(vec![at.clone(); 200]);
    let quote = Value::from("\"".repeat(STRING_BYTES_MAX / 6 + 1));
    assert!(apply(std::slice::from_ref(&at), &[Op::EscapeHtml]).is_ok());
    let past: [(&[Value], Op); 4] = [
        (&[at.clone(), Value::str("y")], Op::Text(2)),
        (&[Value::Int(1), huge.clone()], Op::Text(2)),
        (std::slice::from_ref(&quote), Op::EscapeHtml),
        (&[Value::from(" ".repeat(STRING_BYTES_MAX / 3 + 1))], Op::EscapeUrl),
    ];
    for (operands, op) in past {
        let failure = apply(operands, &[op]).unwrap_err();
        assert_eq!((failure.code, failure.limit.unwrap().value), (Code::Limit, STRING_BYTES_MAX as u64), "{op:?}");
    }
}

#[test]
fn casts_convert_or_say_what_they_expected() {
    let one = Type::One;
    let cases = [
        (Value::Null, one(Kind::Int), Ok(Value::Null)),
        (Value::Int(1), one(Kind::Int), Ok(Value::Int(1))),
        (Value::Int(1), one(Kind::Num), Ok(num("1"))),
        (num("1.5"), one(Kind::Int), Err("expected integer, found number")),
        (num("1.50"), one(Kind::Str), Ok(Value::str("1.5"))),
        (Value::Bool(true), one(Kind::Str), Ok(Value::str("true"))),
        (ints([1]), one(Kind::Str), Err("expected string, found list")),
        (Value::str("2026-01-31T08:00:00Z"), one(Kind::Time), Ok(time())),
        (
            Value::str("tomorrow"),
            one(Kind::Time),
            Err("expected timestamp, found string that is not RFC 3339, such as `2026-01-31T08:00:00Z`"),
        ),
        (Value::str("true"), one(Kind::Bool), Err("expected boolean, found string")),
        (ints([1]), one(Kind::Any), Ok(ints([1]))),
        (ints([1]), one(Kind::List), Ok(ints([1]))),
        (Value::Int(1), one(Kind::Object), Err("expected object, found integer")),
        (ints([1]), Type::ListOf(Kind::Str), Ok(Value::list(vec![Value::str("1")]))),
        (ints([1]), Type::ListOf(Kind::Num), Ok(ints([1]))),
        (Value::list(vec![Value::Null]), Type::ListOf(Kind::Int), Err("expected integer, found null")),
        (Value::list(vec![Value::Null]), Type::ListOf(Kind::Any), Ok(Value::list(vec![Value::Null]))),
        (Value::Int(1), Type::ListOf(Kind::Int), Err("expected list of integer, found integer")),
    ];
    for (value, ty, expected) in cases {
        let message = format!("{value:?} as {ty}");
        match (apply(&[value], &[Op::Cast(ty)]), expected) {
            (Ok(value), Ok(expected)) => assert_eq!(value, expected, "{message}"),
            (Err(failure), Err(expected)) => {
                assert_eq!((failure.code, failure.message.as_str()), (Code::Action, expected), "{message}");
            }
            (found, expected) => panic!("{message}: {found:?} instead of {expected:?}"),
        }
    }
}

#[test]
fn patterns_search_in_strings_only() {
    let mut builder = Builder::new();
    builder.program.regexes = vec!["^h.llo$".to_owned(), "(?i)É\\d".to_owned()];
    let cases = [
        (Value::str("hello"), 0, true),
        (Value::str("hello "), 0, false),
        (Value::str("xé7"), 1, true),
        (Value::Null, 0, false),
        (Value::Int(1), 0, false),
    ];
    for (operand, pattern, expected) in cases {
        let mut program = Builder::new();
        program.program.regexes.clone_from(&builder.program.regexes);
        let found = apply_with(program, std::slice::from_ref(&operand), &[Op::Matches(pattern)]).unwrap();
        assert_eq!(found, Value::Bool(expected), "{operand:?}");
    }
}

#[test]
fn a_pattern_past_its_size_is_a_limit() {
    let mut builder = Builder::new();
    builder.program.regexes = vec!["(\\w{100}){100}".to_owned()];
    let failure = apply_with(builder, &[Value::str("x")], &[Op::Matches(0)]).unwrap_err();
    assert_eq!(failure.limit.unwrap().name, "regex_bytes");
}

#[test]
fn lists_and_records_are_built() {
    let operands = [Value::Int(1), Value::Null];
    assert_eq!(apply(&operands, &[Op::List(2)]).unwrap(), Value::list(operands.to_vec()));
    assert_eq!(apply(&[], &[Op::List(0)]).unwrap(), Value::list(vec![]));
    let mut builder = Builder::new();
    builder.shape(&["a", "b"]);
    let built = apply_with(builder, &operands, &[Op::Record(0)]).unwrap();
    assert_eq!(built, object(&[("a", Value::Int(1)), ("b", Value::Null)]));
}

#[test]
fn values_nest_as_deep_as_they_can_cross_and_no_deeper() {
    let nest = |depth: usize| apply(&[Value::Int(1)], &vec![Op::List(1); depth]);
    assert!(nest(32).is_ok());
    assert_eq!(nest(33).unwrap_err().limit.unwrap().name, "depth");
}

#[test]
fn sharing_does_not_hide_the_size_of_a_value() {
    let mut builder = Builder::new();
    let slot = alcove_plan::program::input_slot::EVENT;
    let double = builder.expr([Op::Slot(slot), Op::Slot(slot), Op::List(2)]);
    let mut eval =
        Evaluator::new(&builder.program, &input(object(&[("text", Value::from("x".repeat(1000)))]))).unwrap();
    let failure = loop {
        match eval.eval(double) {
            Ok(value) => eval.set(slot, value).unwrap(),
            Err(failure) => break failure,
        }
    };
    assert_eq!(failure.limit.unwrap().name, "step_bytes");
}

#[test]
fn filters_are_the_builtins() {
    let upper = Op::Filter { filter: Filter::Uppercase, args: 0 };
    assert_eq!(apply(&[Value::str("a")], &[upper]).unwrap(), Value::str("A"));
    let plus = Op::Filter { filter: Filter::Plus, args: 1 };
    assert_eq!(apply(&[Value::Int(1), Value::Int(2)], &[plus]).unwrap(), Value::Int(3));
    assert_eq!(apply(&[Value::Int(i64::MAX), Value::Int(1)], &[plus]).unwrap_err().code, Code::Action);
    let truncated = Decimal::from(1);
    assert_eq!(apply(&[Value::Num(truncated), Value::str("x")], &[plus]).unwrap_err().code, Code::Action);
}

#[test]
fn code_that_no_verifier_lets_through_is_a_defect() {
    let broken: [&[Op]; 10] = [
        &[],
        &[Op::Not],
        &[Op::Literal(9)],
        &[Op::Slot(alcove_plan::expr::Slot(999))],
        &[Op::List(2)],
        &[Op::Record(5)],
        &[Op::Filter { filter: Filter::Plus, args: 7 }],
        &[Op::Matches(3)],
        &[Op::Text(0), Op::Text(0)],
        &[Op::Text(0), Op::Member(4)],
    ];
    for ops in broken {
        assert_eq!(apply(&[], ops).unwrap_err().code, Code::Internal, "{ops:?}");
    }
}
