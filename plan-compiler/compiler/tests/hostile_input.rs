//! Whatever comes in: no panic, and JSON is taken exactly as its grammar says.

use std::{fs, path::PathBuf};

use alcove_catalog::Catalog;
use alcove_compiler::{
    compile,
    diagnostic::{Diagnostic, Sink, render_human, to_json},
    source::{self, JsonKind, LineIndex},
};
use proptest::prelude::*;
use serde_json::{Value, json};

/// Outside test data lies beside the checkout; people who have only the repository do without.
#[expect(clippy::print_stderr, reason = "a skipped test must be seen")]
fn suite(path: &str) -> Option<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/suites").join(path);
    if !folder.exists() {
        eprintln!("skipped: {} is not there", folder.display());
        return None;
    }
    Some(folder)
}

/// Everything that is done with a config and its diagnostics.
fn diagnose(bytes: &[u8]) -> Vec<Diagnostic> {
    let compilation = compile(bytes, Catalog::shipped());
    render_human(&compilation.diagnostics, "app.json", &compilation.text, false);
    to_json(&compilation.diagnostics, &LineIndex::new(&compilation.text));
    compilation.diagnostics
}

#[test]
fn the_json_parsing_corpus_is_accepted_and_refused_as_its_names_say() {
    let Some(folder) = suite("json-parsing/test_parsing") else { return };
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().and_then(|name| name.to_str()).expect("a name").to_owned();
        let bytes = fs::read(&path).expect("a file");
        let mut sink = Sink::default();
        let accepted = source::parse(&bytes, &mut sink).is_some();
        let diagnostics = sink.into_sorted();
        diagnose(&bytes);
        match name.get(..2) {
            Some("y_") => assert!(accepted, "{name}: {diagnostics:?}"),
            Some("n_") => {
                assert!(!accepted, "{name}");
                assert_eq!(diagnostics.len(), 1, "{name}");
                assert!(diagnostics[0].loc.span.start as usize <= bytes.len(), "{name}");
            }
            _ => assert_eq!(accepted, diagnostics.is_empty(), "{name}"),
        }
    }
}

#[test]
fn what_it_accepts_means_what_serde_json_says() {
    let Some(folder) = suite("json-parsing/test_parsing") else { return };
    for entry in fs::read_dir(folder).expect("a folder") {
        let bytes = fs::read(entry.expect("an entry").path()).expect("a file");
        let mut sink = Sink::default();
        let (Some(parsed), Ok(other)) = (source::parse(&bytes, &mut sink), serde_json::from_slice::<Value>(&bytes))
        else {
            continue;
        };
        if sink.into_sorted().is_empty() {
            assert!(same(&parsed.json.kind, &other), "{}", parsed.text);
        }
    }
}

fn same(ours: &JsonKind, other: &Value) -> bool {
    match (ours, other) {
        (JsonKind::Null, Value::Null) => true,
        (JsonKind::Bool(a), Value::Bool(b)) => a == b,
        (JsonKind::Number(a), Value::Number(b)) => a.parse::<f64>().ok().filter(|a| a.is_finite()) == b.as_f64(),
        (JsonKind::String(a), Value::String(b)) => a == b,
        (JsonKind::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(&a.kind, b)),
        (JsonKind::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, (key, value))| a.key == *key && same(&a.value.kind, value))
        }
        _ => false,
    }
}

#[test]
fn a_naughty_string_is_text_wherever_it_stands() {
    let Some(file) = suite("naughty-strings/blns.json") else { return };
    let strings: Vec<String> = serde_json::from_slice(&fs::read(file).expect("a file")).expect("a list of strings");
    for string in strings.iter().filter(|string| !string.contains("{{")) {
        let app = json!({
            "schema": "alcove/app@1", "name": string, "description": string, "version": string, "icon": string,
            "trigger": {"type": "manual"},
            "pipeline": [{"id": "s", "connector": "users", "limit": 1,
                          "filter": {"field": "name", "op": "eq", "value": string},
                          "transforms": [{"type": "map", "fields": {"f": string}}]}],
            "actions": [
            {"type": "send_notification", "params": {"user_id": "{{steps.s.data[0].f}}", "message": string}},
                        {"type": "set_state", "params": {"key": "k", "value": [string, {"r": string}]}}],
        });
        assert_eq!(diagnose(app.to_string().as_bytes()), [], "{string:?}");
    }
    for string in &strings {
        let app = json!({ string: string, "trigger": {"type": string}, "actions": [{"type": string, "id": string}] });
        diagnose(app.to_string().as_bytes());
    }
}

#[test]
fn ten_megabytes_of_brackets_are_refused_by_their_size() {
    let diagnostics = diagnose("[".repeat(10 << 20).as_bytes());
    assert_eq!(diagnostics.iter().map(|found| found.code.as_str()).collect::<Vec<_>>(), ["config-too-large"]);
}

fn any_json() -> impl Strategy<Value = Value> {
    let word = prop_oneof![
        any::<String>(),
        proptest::sample::select(vec![
            "schema",
            "name",
            "trigger",
            "type",
            "event",
            "delayed",
            "scheduled",
            "delays",
            "id",
            "after",
            "1d",
            "pipeline",
            "connector",
            "transforms",
            "group",
            "by",
            "as",
            "aggregate",
            "metrics",
            "op",
            "sum",
            "join",
            "on",
            "map",
            "fields",
            "actions",
            "for_each",
            "items",
            "condition",
            "if",
            "then",
            "and",
            "or",
            "not",
            "field",
            "value",
            "exists",
            "{{ a | b:c }}",
            "{{",
            "retry",
            "timeout",
            "settings",
            "widgets",
            "columns",
            "data",
            "params",
        ])
        .prop_map(str::to_owned),
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        word.clone().prop_map(Value::String),
    ];
    leaf.prop_recursive(6, 64, 8, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..8).prop_map(Value::Array),
            proptest::collection::vec((word.clone(), inner), 0..8)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// A config with every construct, to be damaged.
const WHOLE: &str = include_str!("../../../tests/corpus/accept/every_construct_of_the_language/app.json");

proptest! {
    #[test]
    fn any_bytes_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..512)) {
        diagnose(&bytes);
    }

    #[test]
    fn any_json_is_survived(value in any_json()) {
        diagnose(value.to_string().as_bytes());
    }

    #[test]
    fn any_member_of_a_config_may_be_any_json(key in 0_usize..10, value in any_json()) {
        let mut app: Value = serde_json::from_str(WHOLE).expect("it is JSON");
        if let Some(place) = app.as_object_mut().and_then(|app| app.values_mut().nth(key)) {
            *place = value;
        }
        diagnose(app.to_string().as_bytes());
    }

    #[test]
    fn a_damaged_config_is_survived(at in any::<proptest::sample::Index>(), byte in any::<u8>(), cut in any::<bool>()) {
        let mut bytes = WHOLE.as_bytes().to_vec();
        let at = at.index(bytes.len());
        if cut { bytes.truncate(at) } else { bytes[at] = byte }
        diagnose(&bytes);
    }
}
