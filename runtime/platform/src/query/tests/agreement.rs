//! The database keeps exactly the rows for which the predicate is true by the language's own rules.

use std::cmp::Ordering;

use alcove_plan::{
    codec::Literal,
    expr::Compare,
    query::{FilterNode, Hole, Operand, Query},
    types::{Kind, Type},
    value::{self, Timestamp, Value},
};
use alcove_store::Dialect;
use proptest::{prelude::*, sample::select as one_of, test_runner::TestRunner};

use crate::testing::{load, rows, scope, select, stages};

/// Fields of every kind, nullable ones among them.
pub(super) const FIELDS: [(&str, Type); 9] = [
    ("id", Type::One(Kind::Str)),
    ("name", Type::One(Kind::Str)),
    ("web3_account", Type::One(Kind::Str)),
    ("engagement_score", Type::One(Kind::Num)),
    ("xp_total", Type::One(Kind::Int)),
    ("last_active_at", Type::One(Kind::Time)),
    ("marketing_opt_in", Type::One(Kind::Bool)),
    ("interests", Type::ListOf(Kind::Str)),
    ("referrer_id", Type::One(Kind::Str)),
];

pub(super) const TEXTS: [&str; 10] = ["", "a", "ab", "b", "a\0b", "\0", "Ä", "%_", "a\u{1}", "a\u{1}b"];
const NUMBERS: [&str; 6] = ["-1", "0", "2", "10", "0.1234567890123456789012345678", "2.5"];

#[derive(Clone, Debug)]
pub(super) enum Tree {
    Test(usize, Compare, Value, Supply),
    Exists(usize),
    And(Vec<Tree>),
    Or(Vec<Tree>),
    Not(Box<Tree>),
}

/// How the right side reaches the query.
#[derive(Clone, Copy, Debug)]
pub(super) enum Supply {
    Constant,
    Typed,
    Any,
}

fn scalar(kind: Kind) -> BoxedStrategy<Value> {
    match kind {
        Kind::Bool => any::<bool>().prop_map(Value::Bool).boxed(),
        Kind::Int => one_of(vec![-1_i64, 0, 2, 10, i64::MAX]).prop_map(Value::Int).boxed(),
        Kind::Num => one_of(NUMBERS.to_vec()).prop_map(|n| Value::Num(n.parse().unwrap())).boxed(),
        Kind::Time => (0_i64..4).prop_map(|n| Value::Time(Timestamp::from_micros(n).unwrap())).boxed(),
        _ => one_of(TEXTS.to_vec()).prop_map(Value::from).boxed(),
    }
}

fn operators(ty: Type) -> Vec<Compare> {
    use Compare::{Contains, EndsWith, Eq, Gt, Gte, In, Lt, Lte, Ne, NotIn, StartsWith};
    match ty {
        Type::One(Kind::Str) => vec![Eq, Ne, Gt, Gte, Lt, Lte, In, NotIn, Contains, StartsWith, EndsWith],
        Type::One(Kind::Bool) => vec![Eq, Ne],
        Type::One(_) => vec![Eq, Ne, Gt, Gte, Lt, Lte, In, NotIn],
        Type::ListOf(_) => vec![Contains],
    }
}

fn test_tree() -> impl Strategy<Value = Tree> {
    let supply = one_of(vec![Supply::Constant, Supply::Typed, Supply::Any]);
    (0..FIELDS.len(), supply).prop_flat_map(|(field, supply)| {
        let ty = FIELDS[field].1;
        let kind = match ty {
            Type::One(kind) | Type::ListOf(kind) => kind,
        };
        // An integer field also meets decimals, and a hole of any type meets everything.
        let right = match (kind, supply) {
            (_, Supply::Any) => {
                prop_oneof![scalar(kind), scalar(Kind::Str), scalar(Kind::Int), Just(Value::Null)].boxed()
            }
            (Kind::Int, Supply::Constant) => prop_oneof![scalar(Kind::Int), scalar(Kind::Num)].boxed(),
            (kind, Supply::Constant) => scalar(kind),
            (kind, Supply::Typed) => prop_oneof![9 => scalar(kind), 1 => Just(Value::Null)].boxed(),
        };
        let list = prop::collection::vec(right.clone(), 0..4);
        (one_of(operators(ty)), right, list).prop_map(move |(op, right, list)| {
            let listed = matches!(op, Compare::In | Compare::NotIn);
            let nulls = matches!(supply, Supply::Any);
            let items = list.into_iter().filter(|item| nulls || !item.is_null()).collect();
            Tree::Test(field, op, if listed { Value::list(items) } else { right }, supply)
        })
    })
}

pub(super) fn tree() -> impl Strategy<Value = Tree> {
    let leaf = prop_oneof![6 => test_tree(), 1 => (0..FIELDS.len()).prop_map(Tree::Exists)];
    leaf.prop_recursive(3, 12, 3, |inner| {
        let some = prop::collection::vec(inner.clone(), 0..4);
        prop_oneof![
            some.clone().prop_map(Tree::And),
            some.prop_map(Tree::Or),
            inner.prop_map(|inner| Tree::Not(Box::new(inner))),
        ]
    })
}

/// The language's own rules, as `expr::Compare` states them.
fn holds(tree: &Tree, row: &[Value]) -> bool {
    match tree {
        Tree::And(trees) => trees.iter().all(|tree| holds(tree, row)),
        Tree::Or(trees) => trees.iter().any(|tree| holds(tree, row)),
        Tree::Not(tree) => !holds(tree, row),
        Tree::Exists(field) => !row[*field].is_null(),
        Tree::Test(field, op, right, _) => compare(&row[*field], *op, right),
    }
}

fn compare(left: &Value, op: Compare, right: &Value) -> bool {
    let order = value::compare(left, right);
    let within = || match right {
        Value::List(items) => items.iter().any(|item| value::equal(left, item)),
        _ => false,
    };
    match op {
        Compare::Eq => value::equal(left, right),
        Compare::Ne => !value::equal(left, right),
        Compare::Gt => order.is_some_and(Ordering::is_gt),
        Compare::Gte => order.is_some_and(Ordering::is_ge),
        Compare::Lt => order.is_some_and(Ordering::is_lt),
        Compare::Lte => order.is_some_and(Ordering::is_le),
        Compare::In => !left.is_null() && within(),
        Compare::NotIn => left.is_null() || !within(),
        Compare::Contains => match (left, right) {
            (Value::List(items), right) => items.iter().any(|item| value::equal(item, right)),
            (Value::Str(left), Value::Str(right)) => left.contains(&**right),
            _ => false,
        },
        Compare::StartsWith => matches!((left, right), (Value::Str(l), Value::Str(r)) if l.starts_with(&**r)),
        Compare::EndsWith => matches!((left, right), (Value::Str(l), Value::Str(r)) if l.ends_with(&**r)),
    }
}

/// The tree in postfix form, its holes and their values.
pub(super) fn lower(tree: &Tree, query: &mut Query, args: &mut Vec<Value>) {
    let many = |trees: &[Tree], query: &mut Query, args: &mut Vec<Value>| {
        for tree in trees {
            lower(tree, query, args);
        }
        u16::try_from(trees.len()).unwrap()
    };
    let node = match tree {
        Tree::And(trees) => FilterNode::And(many(trees, query, args)),
        Tree::Or(trees) => FilterNode::Or(many(trees, query, args)),
        Tree::Not(tree) => {
            lower(tree, query, args);
            FilterNode::Not
        }
        Tree::Exists(field) => FilterNode::Exists { field: FIELDS[*field].0.to_owned() },
        Tree::Test(field, op, right, supply) => {
            let (name, ty) = FIELDS[*field];
            let kind = match ty {
                Type::One(kind) | Type::ListOf(kind) => kind,
            };
            let listed = matches!(op, Compare::In | Compare::NotIn);
            let kind = if matches!(supply, Supply::Any) { Kind::Any } else { kind };
            let operand = match supply {
                Supply::Constant => Operand::Literal(Literal(right.clone())),
                Supply::Typed | Supply::Any => {
                    let ty = if listed { Type::ListOf(kind) } else { Type::One(kind) };
                    query.holes.push(Hole { ty, nullable: true });
                    args.push(right.clone());
                    Operand::Hole(u16::try_from(args.len() - 1).unwrap())
                }
            };
            FilterNode::Test { field: name.to_owned(), op: *op, operand }
        }
    };
    query.filter.push(node);
}

/// So many rows, whose texts are these.
pub(super) fn users(count: usize, texts: &[&str]) -> String {
    let pick = |list: &[&str], at: usize| serde_json::to_string(list[at % list.len()]).unwrap();
    let rows: Vec<String> = (0..count)
        .map(|n| {
            let nullable = |text: String, at: usize| if at.is_multiple_of(3) { "null".to_owned() } else { text };
            format!(
                r#"{{"id":"u{n:03}","name":{},"web3_account":{},"engagement_score":{},"xp_total":{},
                   "last_active_at":{},"marketing_opt_in":{},"interests":[{},{}],"referrer_id":{}}}"#,
                pick(texts, n),
                nullable(pick(texts, n / 3), n / 2),
                NUMBERS[n * 5 % 6],
                ["-1", "0", "2", "10", "9223372036854775807"][n % 5],
                nullable(format!("\"1970-01-01T00:00:00.00000{}Z\"", n % 4), n),
                n % 2 == 0,
                pick(texts, n / 2),
                pick(texts, n / 5),
                nullable(pick(texts, n / 7), n / 4),
            )
        })
        .collect();
    format!("[{}]", rows.join(","))
}

#[test]
fn sql_filters_as_the_predicates_of_the_language_do() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let names: Vec<&str> = FIELDS.iter().map(|(name, _)| *name).collect();
    let scope = scope("t1");
    for platform in runtime.block_on(stages()) {
        let texts: Vec<&str> = match platform.store().dialect() {
            Dialect::Sqlite => TEXTS.to_vec(),
            Dialect::Postgres => TEXTS.into_iter().filter(|text| !text.contains('\0')).collect(),
        };
        let all = runtime.block_on(async {
            load(&platform, &scope, "users", &users(60, &texts)).await;
            rows(&platform, &scope, &select("users", &names), &[]).await.0
        });
        assert_eq!(all.len(), 60);
        let mut runner =
            TestRunner::new(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() });
        let agree = |tree: Tree| {
            let (mut query, mut args) = (select("users", &names), Vec::new());
            lower(&tree, &mut query, &mut args);
            let (found, _) = runtime.block_on(rows(&platform, &scope, &query, &args));
            let expected: Vec<Vec<Value>> = all.iter().filter(|row| holds(&tree, row)).cloned().collect();
            prop_assert_eq!(found, expected);
            Ok(())
        };
        runner.run(&tree(), agree).unwrap();
    }
}
