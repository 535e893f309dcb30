//! What the corpus cannot show: the very characters that are underlined, and the shape of the syntax.

use crate::{
    diagnostic::{Diagnostic, Sink},
    parse, source,
    syntax::{ActionKind, App, Arg, TemplatePart, ValueKind},
};

fn read(text: &str) -> (Option<App>, Vec<Diagnostic>) {
    let mut sink = Sink::default();
    let parsed = source::parse(text.as_bytes(), &mut sink).expect("the text is JSON");
    let app = parse::app(&parsed.json, parsed.text, &mut sink);
    (app, sink.into_sorted())
}

/// An app whose only action has one parameter, written as it stands here.
fn with_param(param: &str) -> String {
    format!(
        r#"{{"schema":"alcove/app@1","name":"n","trigger":{{"type":"manual"}},
            "actions":[{{"type":"t","params":{{"p":{param}}}}}]}}"#
    )
}

/// What of the source each diagnostic underlines.
fn underlined(text: &str) -> Vec<(String, &str)> {
    let diagnostics = read(text).1;
    diagnostics.into_iter().map(|found| (found.message, text.get(found.loc.span.range()).expect("in range"))).collect()
}

fn param(param: &str) -> ValueKind {
    let (app, diagnostics) = read(&with_param(param));
    assert_eq!(diagnostics, []);
    let action = app.expect("an app").actions.value.remove(0);
    let Some(ActionKind::Call { mut params, .. }) = action.kind else { panic!("not a call: {action:?}") };
    params.remove(0).1.kind
}

/// The only thing that a complaint about a parameter underlines.
#[track_caller]
fn check_template(source: &str, expected_underlined: &str, expected_message: &str) {
    let text = with_param(source);
    assert_eq!(underlined(&text), [(expected_message.to_owned(), expected_underlined)]);
}

#[test]
fn a_mistake_in_a_template_is_underlined_behind_escapes_and_wide_characters() {
    check_template(r#""\"é🎉\n\ud83c\udf89 {{ user.1st }}""#, "1st", "expected a name after `.`, found `1st`");
}

#[test]
fn mistakes_in_templates_are_named() {
    check_template(r#""a {{ b""#, "{{", "the placeholder that begins here has no end");
    check_template(r#""{{ }}""#, "{{ }}", "this placeholder is empty");
    check_template(r#""{{ a + 1 }}""#, "+", "expected `|` or `}}`, found `+`");
    check_template(r#""{{ = }}""#, "=", "expected a variable, found `=`");
    check_template(r#""{{ a | }}""#, "}", "expected a filter, found `}`");
    check_template(r#""{{ a | f:30d }}""#, "30d", "`30d` is not a number");
    check_template(r#""{{ a | f:\"x }}""#, r#"\""#, "the text that begins here has no closing quote");
    check_template(r#""{{ a[x] }}""#, "x", "expected an index, found `x`");
    check_template(r#""{{ a[99999999999] }}""#, "99999999999", "the index `99999999999` is too large");
}

#[test]
fn every_wrong_placeholder_of_a_string_is_reported() {
    assert_eq!(underlined(&with_param(r#""{{ }} {{ ok }} {{ + }}""#)).len(), 2);
}

#[test]
fn a_literal_alone_is_what_it_says() {
    assert_eq!(param(r#""{{ 'x }}' }}""#), ValueKind::Text("x }}".to_owned()));
    assert_eq!(param(r#""{{ 7 }}""#), ValueKind::Int(7));
    assert_eq!(param(r#""{{ 1.5 }}""#), ValueKind::Num("1.5".parse().unwrap()));
    assert_eq!(param(r#""{{ true }}""#), ValueKind::Bool(true));
    assert_eq!(param(r#""{{ null }}""#), ValueKind::Null);
    assert!(matches!(param(r#""{{ 7 | plus:1 }}""#), ValueKind::Template(_)));
    assert!(matches!(param(r#""{{ 7 }}.""#), ValueKind::Template(_)));
}

#[test]
fn arguments_are_literals_or_paths() {
    let text = r#""{{ a.b[0].c | f:\"q: \\\"}}\":'x':12:-1.5:true:null:d.e }}""#;
    let ValueKind::Template(template) = param(text) else { panic!("not a template") };
    let [TemplatePart::Placeholder(pipe)] = template.parts.as_slice() else { panic!("not one placeholder") };
    assert!(matches!(&pipe.head, Arg::Path(path) if path.to_string() == "a.b[0].c"));
    let args: Vec<String> = pipe.filters[0]
        .args
        .iter()
        .map(|arg| match arg {
            Arg::Text(text, _) => format!("text {text}"),
            Arg::Int(int, _) => format!("int {int}"),
            Arg::Num(num, _) => format!("num {num}"),
            Arg::Bool(flag, _) => format!("bool {flag}"),
            Arg::Null(_) => "null".to_owned(),
            Arg::Path(path) => format!("path {path}"),
        })
        .collect();
    assert_eq!(args, ["text q: \"}}", "text x", "int 12", "num -1.5", "bool true", "null", "path d.e"]);
}

#[test]
fn text_around_placeholders_is_kept_as_it_is() {
    let ValueKind::Template(template) = param(r#"" a {{ b }}}} { ""#) else { panic!("not a template") };
    let [TemplatePart::Text(before), TemplatePart::Placeholder(_), TemplatePart::Text(after)] =
        template.parts.as_slice()
    else {
        panic!("not three parts: {template:?}")
    };
    assert_eq!((before.as_str(), after.as_str()), (" a ", "}} { "));
}

#[test]
fn text_without_placeholders_is_text() {
    assert_eq!(param(r#""}} { {%""#), ValueKind::Text("}} { {%".to_owned()));
}

#[test]
fn an_unknown_key_underlines_the_key_and_a_missing_one_the_brace_of_its_object() {
    let text = r#"{"schema":"alcove/app@1","name":"n","trigger":{"typ":"manual"},"actions":[{"type":"t"}]}"#;
    let found = underlined(text);
    assert_eq!(found[0], ("the key `type` is missing".to_owned(), "{"));
    assert_eq!(found[1], ("unknown key `typ`".to_owned(), "\"typ\""));
}
