//! Steps: sources, and each transform over the rows `{k, n}` of a list.

use alcove_plan::{
    codec::decode_value,
    expr::{Compare, ExprId, Op, Slot},
    failure::{Code, Failure},
    program::{Metric, MetricOp, SortBy, Source, Transform, Widget},
    value::{Value, to_json},
};

use super::{builder::Builder, scripted::Scripted};
use crate::{Level, RunEnd};

/// Rows `{k, n}`.
fn rows(cells: &[(Value, Value)]) -> Vec<Vec<Value>> {
    cells.iter().map(|(k, n)| vec![k.clone(), n.clone()]).collect()
}

fn row(k: &str, n: i64) -> (Value, Value) {
    (Value::str(k), Value::Int(n))
}

/// Runs a step over a query that gives `rows`, and gives its `data` as JSON.
struct Step {
    builder: Builder,
    row: Slot,
    transforms: Vec<Transform>,
    rows: Vec<Vec<Value>>,
    cut: bool,
}

impl Step {
    fn over(rows: Vec<Vec<Value>>) -> Self {
        let mut builder = Builder::new();
        let row = builder.slot();
        Self { builder, row, transforms: Vec::new(), rows, cut: false }
    }

    fn cell(&mut self, at: u16) -> ExprId {
        let row = self.row;
        self.builder.expr([Op::Slot(row), Op::Cell(at)])
    }

    fn with(mut self, transform: impl FnOnce(&mut Self) -> Transform) -> Self {
        let transform = transform(&mut self);
        self.transforms.push(transform);
        self
    }

    fn limit(self, offset: u32, count: u32, marks_truncated: bool) -> Self {
        self.with(|_| Transform::Limit { offset, count, marks_truncated })
    }

    fn over_n(self, than: i64) -> Self {
        self.with(|step| {
            let (row, than) = (step.row, step.builder.lit(than));
            let predicate = step.builder.expr([Op::Slot(row), Op::Cell(1), than, Op::Compare(Compare::Gt)]);
            Transform::Filter { row, predicate }
        })
    }

    fn aggregate(self, by: bool, metrics: &'static [(MetricOp, bool)]) -> Self {
        self.with(|step| {
            let value = step.cell(1);
            let keys = if by { vec![step.cell(0)] } else { vec![] };
            let names: Vec<_> = if by { vec!["k"] } else { vec![] };
            let names: Vec<_> =
                names.into_iter().chain(["a", "b", "c", "d", "e", "f"][..metrics.len()].iter().copied()).collect();
            let shape = step.builder.shape(&names);
            let metrics = metrics.iter().map(|(op, of)| Metric { op: *op, value: of.then_some(value) }).collect();
            Transform::Aggregate { row: step.row, keys, metrics, shape }
        })
    }

    fn try_run(mut self) -> (Result<String, Failure>, Scripted) {
        let query = self.builder.query(vec![], &["k", "n"]);
        let step = self.builder.step(Source::Query(query), self.transforms);
        let data = self.builder.expr([Op::Slot(step)]);
        self.builder.program.widgets.push(Widget { id: "w".into(), data });
        let mut host = Scripted::new(&self.builder).with_rows(query, self.rows);
        host.page_rows = 2;
        host.cut = self.cut;
        let end = host.run(&self.builder, Value::Null);
        let text = end.map_err(|error| error.failure).map(|end| {
            let RunEnd::Succeeded(report) = end else { panic!("{end:?}") };
            let mut text = String::new();
            to_json(&decode_value(&report).unwrap().member("widgets").member("w").member("data"), &mut text);
            text
        });
        (text, host)
    }

    fn run(self) -> String {
        self.try_run().0.unwrap()
    }
}

fn three() -> Vec<Vec<Value>> {
    rows(&[row("a", 1), row("b", 2), row("a", 3)])
}

#[test]
fn without_transforms_the_rows_of_all_pages_are_the_data() {
    assert_eq!(Step::over(three()).run(), r#"[{"k":"a","n":1},{"k":"b","n":2},{"k":"a","n":3}]"#);
    assert_eq!(Step::over(vec![]).run(), "[]");
}

#[test]
fn filters_keep_what_is_true() {
    assert_eq!(Step::over(three()).over_n(1).run(), r#"[{"k":"b","n":2},{"k":"a","n":3}]"#);
    assert_eq!(Step::over(rows(&[(Value::Null, Value::Null)])).over_n(1).run(), "[]");
}

#[test]
fn limits_cut_and_ask_for_no_more_pages_than_they_need() {
    let ten: Vec<_> = (0..10).map(|n| vec![Value::Null, Value::Int(n)]).collect();
    for (offset, count, pages, marks, warned, numbers) in [
        (0, 2, 1, false, false, vec![0_i64, 1]),
        (0, 0, 0, false, false, vec![]),
        (1, 2, 2, false, false, vec![1, 2]),
        (8, 5, 5, false, false, vec![8, 9]),
        (20, 5, 5, false, false, vec![]),
        (0, 2, 2, true, true, vec![0, 1]),
        (0, 10, 5, true, false, (0..10).collect()),
    ] {
        let (data, host) = Step::over(ten.clone()).limit(offset, count, marks).try_run();
        let rows: Vec<_> = numbers.iter().map(|n| format!(r#"{{"k":null,"n":{n}}}"#)).collect();
        assert_eq!(data.unwrap(), format!("[{}]", rows.join(",")));
        assert_eq!((host.pages, !host.log.is_empty()), (pages, warned), "{offset} {count}");
    }
}

#[test]
fn a_limit_of_nothing_after_a_sort_does_not_warn() {
    let sort = |step: &mut Step| Transform::Sort { row: step.row, keys: vec![] };
    let (data, host) = Step::over(three()).with(sort).limit(0, 0, false).try_run();
    assert_eq!((data.unwrap().as_str(), host.log.len()), ("[]", 0));
}

#[test]
fn a_default_limit_that_cut_the_query_warns() {
    let step = Step { cut: true, ..Step::over(three()) };
    let (_, host) = step.try_run();
    let message = "step `s0` was cut to 3 rows by the default limit; set `limit`".to_owned();
    assert_eq!(host.log, [(Level::Warning, 100, message)]);
}

#[test]
fn sorts_are_stable_with_nulls_last_both_ways() {
    let cells = [row("x", 2), (Value::Null, Value::Null), row("y", 1), row("z", 2)];
    for (descending, order) in [(false, r#"["y","x","z",null]"#), (true, r#"["x","z","y",null]"#)] {
        let step = Step::over(rows(&cells)).with(|step| {
            let keys = vec![SortBy { key: step.cell(1), descending }];
            Transform::Sort { row: step.row, keys }
        });
        let names = step.with(|step| {
            let (values, shape) = (vec![step.cell(0)], step.builder.shape(&["k"]));
            let (index, count) = (step.builder.slot(), step.builder.slot());
            Transform::Map { row: step.row, index, count, values, shape, keep: false }
        });
        let found = names.run().replace(r#"{"k":"#, "").replace('}', "");
        assert_eq!(found, order);
    }
}

#[test]
fn groups_come_in_order_of_first_appearance() {
    let cells = [row("b", 1), (Value::Null, Value::Int(2)), row("a", 3), row("b", 4), (Value::Null, Value::Int(5))];
    let group = |step: Step| {
        step.with(|step| {
            let (keys, shape) = (vec![step.cell(0)], step.builder.shape(&["k", "items", "count"]));
            Transform::Group { row: step.row, keys, shape }
        })
    };
    assert_eq!(
        group(Step::over(rows(&cells))).run(),
        concat!(
            r#"[{"k":"b","items":[{"k":"b","n":1},{"k":"b","n":4}],"count":2},"#,
            r#"{"k":null,"items":[{"k":null,"n":2},{"k":null,"n":5}],"count":2},"#,
            r#"{"k":"a","items":[{"k":"a","n":3}],"count":1}]"#
        )
    );
    assert_eq!(group(Step::over(vec![])).run(), "[]");
}

const ALL: &[(MetricOp, bool)] = &[
    (MetricOp::Count, false),
    (MetricOp::Count, true),
    (MetricOp::Sum, true),
    (MetricOp::Avg, true),
    (MetricOp::Min, true),
    (MetricOp::Max, true),
];
const ENDS: &[(MetricOp, bool)] = &[(MetricOp::First, true), (MetricOp::Last, true)];

#[test]
fn aggregates_leave_nulls_out() {
    let cells = [row("a", 1), (Value::str("a"), Value::Null), row("a", 2), row("b", -1)];
    assert_eq!(
        Step::over(rows(&cells)).aggregate(false, ALL).run(),
        r#"[{"a":4,"b":3,"c":2,"d":0.6666666666666666666666666667,"e":-1,"f":2}]"#
    );
    assert_eq!(
        Step::over(rows(&cells)).aggregate(true, ALL).run(),
        r#"[{"k":"a","a":3,"b":2,"c":3,"d":1.5,"e":1,"f":2},{"k":"b","a":1,"b":1,"c":-1,"d":-1,"e":-1,"f":-1}]"#
    );
}

#[test]
fn aggregates_of_nothing_are_one_row_only_without_keys() {
    assert_eq!(Step::over(vec![]).aggregate(false, ALL).run(), r#"[{"a":0,"b":0,"c":0,"d":null,"e":null,"f":null}]"#);
    assert_eq!(Step::over(vec![]).aggregate(false, ENDS).run(), r#"[{"a":null,"b":null}]"#);
    assert_eq!(Step::over(vec![]).aggregate(true, ALL).run(), "[]");
}

#[test]
fn first_and_last_count_nulls() {
    let cells = [(Value::Null, Value::Null), row("a", 1), (Value::Null, Value::Null)];
    assert_eq!(Step::over(rows(&cells)).aggregate(false, ENDS).run(), r#"[{"a":null,"b":null}]"#);
    assert_eq!(Step::over(three()).aggregate(false, ENDS).run(), r#"[{"a":1,"b":3}]"#);
}

#[test]
fn sums_are_exact_or_fail() {
    let half = Value::Num("0.10".parse().unwrap());
    let sum: &[_] = &[(MetricOp::Sum, true)];
    let mixed = rows(&[row("a", 1), (Value::Null, half.clone()), (Value::Null, half)]);
    assert_eq!(Step::over(mixed).aggregate(false, sum).run(), r#"[{"a":1.2}]"#);
    let messages = [
        (sum, row("a", i64::MAX), row("a", 1), "a sum is too large for a number"),
        (sum, row("a", 1), (Value::Null, Value::str("x")), "`sum`: expected number, found string"),
        (
            &[(MetricOp::Avg, true)],
            row("a", 1),
            (Value::Null, Value::Bool(true)),
            "`avg`: expected number, found boolean",
        ),
        (
            &[(MetricOp::Min, true)],
            row("a", 1),
            (Value::Null, Value::str("x")),
            "`min` needs values that compare, found string and integer",
        ),
    ];
    for (metrics, one, other, message) in messages {
        let failure = Step::over(rows(&[one, other])).aggregate(false, metrics).try_run().0.unwrap_err();
        assert_eq!((failure.code, failure.message.as_str()), (Code::Action, message));
    }
}

fn join(step: Step, with: Value, keep_unmatched: bool) -> Step {
    step.with(|step| {
        let other = step.builder.slot();
        Transform::Join {
            row: step.row,
            left: vec![step.cell(1)],
            with: step.builder.constant(with),
            other,
            right: vec![step.builder.expr([Op::Slot(other), Op::Cell(0)])],
            keep_unmatched,
            name: step.builder.name("m"),
        }
    })
}

#[test]
fn joins_nest_each_match_and_null_matches_nothing() {
    let right = |n: Value, x: i64| Value::object([("id", n), ("x", Value::Int(x))]);
    let list = Value::list(vec![
        right(Value::Num("2.0".parse().unwrap()), 1),
        right(Value::Null, 2),
        right(Value::Int(2), 3),
        right(Value::Int(9), 4),
    ]);
    let left = rows(&[row("a", 2), (Value::str("b"), Value::Null), row("c", 5)]);
    let matched = r#"{"k":"a","n":2,"m":{"id":2,"x":1}},{"k":"a","n":2,"m":{"id":2,"x":3}}"#;
    assert_eq!(join(Step::over(left.clone()), list.clone(), false).run(), format!("[{matched}]"));
    let unmatched = r#"{"k":"b","n":null,"m":null},{"k":"c","n":5,"m":null}"#;
    assert_eq!(join(Step::over(left.clone()), list, true).run(), format!("[{matched},{unmatched}]"));
    assert_eq!(join(Step::over(left.clone()), Value::Null, false).run(), "[]");
    let failure = join(Step::over(left), Value::Int(1), false).try_run().0.unwrap_err();
    assert_eq!(failure.message, "`with`: expected list, found integer");
}

#[test]
fn maps_see_index_and_count_and_keep_members() {
    let map = |step: Step, keep| {
        step.with(|step| {
            let (index, count) = (step.builder.slot(), step.builder.slot());
            let values = [index, count].map(|slot| step.builder.read(slot)).to_vec();
            let shape = step.builder.shape(&["i", "n"]);
            Transform::Map { row: step.row, index, count, values, shape, keep }
        })
    };
    assert_eq!(map(Step::over(three()), false).run(), r#"[{"i":0,"n":3},{"i":1,"n":3},{"i":2,"n":3}]"#);
    let kept = map(Step::over(three()).over_n(1), true).run();
    assert_eq!(kept, r#"[{"k":"b","n":2,"i":0},{"k":"a","n":2,"i":1}]"#, "a name that was there is replaced in place");
}

#[test]
fn a_list_in_scope_is_a_source_and_null_is_empty() {
    for (list, count) in [(super::builder::ints([1, 2]), Ok(2)), (Value::Null, Ok(0)), (Value::Int(1), Err(()))] {
        let mut builder = Builder::new();
        let expr = builder.constant(list);
        builder.step(Source::List(expr), vec![]);
        let end = Scripted::new(&builder).run(&builder, Value::Null);
        let found = end.map_err(|error| assert_eq!(error.place, 100)).map(|end| {
            let RunEnd::Succeeded(report) = end else { panic!("{end:?}") };
            match decode_value(&report).unwrap().member("steps").member("s0").member("count") {
                Value::Int(n) => n,
                other => panic!("{other:?}"),
            }
        });
        assert_eq!(found, count);
    }
}
