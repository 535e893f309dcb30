//! The manifest of the verifier's sample, and origins of URLs.

use std::{string::ToString, vec, vec::Vec};

use super::{Manifest, Start, origin, path_text};
use crate::{
    action::{Param, ParamValue},
    codec::Literal,
    query::Hole,
    types::{Kind, Type},
    verify::tests::sample::{names, sample},
};

fn words<'a>(set: impl IntoIterator<Item = &'a std::string::String>) -> Vec<&'a str> {
    set.into_iter().map(std::string::String::as_str).collect()
}

#[test]
fn reads_are_merged_by_connector_and_sorted() {
    let manifest = Manifest::derive(&sample().0);
    assert_eq!(words(manifest.reads.keys()), ["users"]);
    let users = &manifest.reads["users"];
    assert_eq!(words(&users.fields), ["email", "id"]);
    assert_eq!(words(&users.filtered_by), ["email", "id", "name"]);
    assert_eq!(words(&users.sorted_by), ["created_at"]);
}

#[test]
fn actions_say_what_is_constant_how_often_and_behind_what() {
    let manifest = Manifest::derive(&sample().0);
    let mail = &manifest.actions["send_email"][0];
    assert_eq!((mail.place.as_str(), mail.calls_max, mail.behind_approval), ("/actions/0", 1, false));
    assert_eq!(mail.constants["subject"].0.as_str(), Some("hi"));
    assert_eq!(words(&mail.holes), ["to"]);
    assert_eq!(manifest.actions["award_badge"][0].calls_max, 500_000);
    let event = &manifest.actions["emit_event"][0];
    assert!(event.behind_approval);
    assert_eq!(words(event.constants.keys()), ["event", "payload.kind"]);
    assert_eq!(words(&event.holes), ["payload.user"]);
    assert_eq!(words(&manifest.events), ["custom.milestone"]);
    assert_eq!(manifest.approvals, 1);
    assert!(matches!(&manifest.trigger, Start::Delayed { event, .. } if event == "user.created"));
}

#[test]
fn urls_give_their_origin_or_leave_it_open() {
    let (mut plan, _) = sample();
    let url = |value| Param { path: names(&["url"]), value };
    plan.actions[1].params = vec![url(ParamValue::Literal(Literal("https://a.example/x?y".into())))];
    let constant = Manifest::derive(&plan);
    assert_eq!(words(&constant.domains), ["https://a.example"]);
    assert!(!constant.any_allowed_domain);
    plan.actions[1].params = vec![url(ParamValue::Hole(Hole { ty: Type::One(Kind::Str), nullable: false }))];
    assert!(Manifest::derive(&plan).any_allowed_domain);
}

#[test]
fn an_origin_in_doubt_is_shown_whole() {
    assert_eq!(origin::of("HTTPS://A.Example:8443/x"), "https://a.example:8443");
    assert_eq!(origin::of("http://[::1]?x"), "http://[::1]");
    for doubtful in
        ["https://good.example@bad.example/", "https://bad.example\\@good.example", "//a.example", "https:///x", "a b"]
    {
        assert_eq!(origin::of(doubtful), doubtful);
    }
}

#[test]
fn no_two_paths_have_the_same_text() {
    let texts = [&["a", "b"][..], &["a.b"], &["a", "b", ""], &["a\"", "b"], &["a\".\"b"], &["\u{e4}"]];
    let mut seen: Vec<_> = texts.iter().map(|path| path_text(&names(path))).collect();
    assert_eq!(seen[1], "\"a.b\"".to_string());
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), texts.len());
}
