//! The same templates in another implementation: where `minijinja` has a filter that means the same, it gives the same.

use std::{format, string::String, vec::Vec};

use alcove_plan::value::{Value, to_text};
use minijinja::{Environment, context};
use proptest::prelude::*;

use super::eval;

fn theirs(template: &str, x: impl serde_free::Input) -> String {
    Environment::new().render_str(template, x.context()).unwrap()
}

fn ours(name: &str, input: Value, args: &[Value]) -> String {
    let mut text = String::new();
    to_text(&eval(name, input, args).unwrap(), &mut text);
    text
}

/// Inputs as both sides take them.
mod serde_free {
    use super::{String, Vec, context};

    pub(super) trait Input {
        fn context(self) -> minijinja::Value;
    }
    impl Input for &String {
        fn context(self) -> minijinja::Value {
            context! { x => minijinja::Value::from(self.as_str()) }
        }
    }
    impl Input for &Vec<String> {
        fn context(self) -> minijinja::Value {
            context! { x => self.iter().map(|item| minijinja::Value::from(item.as_str())).collect::<Vec<_>>() }
        }
    }
    impl Input for i64 {
        fn context(self) -> minijinja::Value {
            context! { x => minijinja::Value::from(self) }
        }
    }
}

fn list(items: &[String]) -> Value {
    Value::list(items.iter().map(|item| Value::from(item.as_str())).collect())
}

proptest! {
    #[test]
    fn text_filters_agree(x in "\\PC{0,40}", search in "[a-c ,]{1,2}", with in "\\PC{0,3}") {
        let same = [("upper", "uppercase"), ("lower", "lowercase"), ("trim", "trim"), ("length", "length")];
        for (template, name) in same {
            prop_assert_eq!(theirs(&format!("{{{{ x|{template} }}}}"), &x), ours(name, x.as_str().into(), &[]));
        }
        let mut environment = Environment::new();
        environment.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
        let replaced = environment
            .render_str("{{ x|replace(s, w) }}", context! { x => x.as_str(), s => search.as_str(), w => with.as_str() })
            .unwrap();
        prop_assert_eq!(replaced, ours("replace", x.as_str().into(), &[search.into(), with.into()]));
    }

    #[test]
    fn list_filters_agree(x in prop::collection::vec("[a-z]{0,3}", 0..6)) {
        for (template, name) in [("first", "first"), ("last", "last"), ("length", "length")] {
            prop_assert_eq!(theirs(&format!("{{{{ x|{template} }}}}"), &x), ours(name, list(&x), &[]));
        }
        prop_assert_eq!(theirs("{{ x|join(', ') }}", &x), ours("join", list(&x), &[", ".into()]));
    }

    #[test]
    fn splitting_agrees(x in "[ab,]{0,12}") {
        prop_assert_eq!(theirs("{{ x|split(',')|join(';') }}", &x), {
            let parts = eval("split", x.as_str(), &[",".into()]).unwrap();
            ours("join", parts, &[";".into()])
        });
    }

    #[test]
    fn integer_arithmetic_agrees(x in -1_000_000_i64..1_000_000, y in 1_i64..1_000) {
        for (operator, name) in [("+", "plus"), ("-", "minus"), ("*", "times")] {
            let template = format!("{{{{ x {operator} {y} }}}}");
            prop_assert_eq!(theirs(&template, x), ours(name, Value::Int(x), &[Value::Int(y)]));
        }
        let remainder = ours("modulo", Value::Int(x.abs()), &[Value::Int(y)]);
        prop_assert_eq!(theirs(&format!("{{{{ x % {y} }}}}"), x.abs()), remainder);
    }

    #[test]
    fn defaults_agree_where_nothing_is_there(word in "[a-z]{1,5}") {
        let context = context! { w => word.as_str() };
        let theirs = Environment::new().render_str("{{ missing|default(w) }}", context).unwrap();
        prop_assert_eq!(theirs, ours("default", Value::Null, &[word.into()]));
    }
}
