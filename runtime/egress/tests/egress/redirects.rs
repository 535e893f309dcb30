//! Redirects over sockets: each is a new request.

use alcove_egress::{AllowList, EgressError, Limits, Method, RedirectProblem, Refuser, Request, Sender};

use crate::world::{World, Zone, get, here, outcome, post};

const A: &str = "a.example.com";
const B: &str = "b.example.com";
const STATUSES: [u16; 5] = [301, 302, 303, 307, 308];

async fn world() -> World {
    World::start(Zone::default().with(A, &["127.0.0.1"]).with(B, &["127.0.0.1"])).await
}

#[tokio::test]
async fn three_redirects_are_followed_and_a_fourth_is_not() {
    let world = world().await;
    let (egress, url) = (world.egress(&[A]), world.url(A, "/redirect"));
    for status in STATUSES {
        let again = (status, Some("/redirect"));
        world.site.redirects(&[again, again, (status, Some("/end"))]);
        assert_eq!(outcome(&egress.send(get(&url)).await), Ok(here()), "{status}");
        world.site.redirects(&[again]);
        let tired = egress.send(get(&url)).await;
        let many = |problem: &RedirectProblem| matches!(problem, RedirectProblem::TooMany { limit: 3 });
        assert!(matches!(&tired, Err(EgressError::Redirect { problem, .. }) if many(problem)), "{tired:?}");
    }
    let none = Request { limits: Limits { redirects_max: 0, ..Limits::default() }, ..get(&url) };
    assert_eq!(outcome(&egress.send(none).await), Err("redirect_not_followed"));
    assert_eq!(world.site.seen().len(), STATUSES.len() * 8 + 1);
}

#[tokio::test]
async fn credentials_signatures_and_keys_stay_with_their_origin() {
    let world = world().await;
    let secrets = ["authorization", "cookie", "idempotency-key", "webhook-id", "webhook-signature", "x-api-key"];
    let mut headers: Vec<(&str, &str)> = secrets.iter().map(|name| (*name, "secret")).collect();
    headers.push(("accept", "application/json"));
    let url = world.url(A, "/redirect");
    for (to, keeps) in [(world.url(B, "/end"), false), (world.url(A, "/end"), true), ("/end".to_owned(), true)] {
        world.site.redirects(&[(307, Some(&to))]);
        let reached = world.egress(&[A, B]).send(Request { headers: &headers, ..get(&url) }).await;
        assert_eq!(outcome(&reached), Ok(here()), "{to}");
        let last = world.site.seen().pop().unwrap();
        assert_eq!(last.header("accept"), Some("application/json"));
        for name in secrets {
            assert_eq!(last.header(name).is_some(), keeps, "{name} to {to}");
        }
        assert_eq!(last.headers.iter().any(|(_, value)| value.contains("secret")), keeps, "{last:?}");
    }
}

#[tokio::test]
async fn a_body_is_sent_again_to_the_same_origin_after_307_and_308_and_never_otherwise() {
    let world = world().await;
    let (egress, url) = (world.egress(&[A, B]), world.url(A, "/redirect"));
    for status in STATUSES {
        for (to, stays) in [("/end".to_owned(), true), (world.url(B, "/end"), false)] {
            world.site.redirects(&[(status, Some(&to))]);
            let before = world.site.seen().len();
            let result = egress.send(post(&url)).await;
            let repeated = stays && [307, 308].contains(&status);
            assert_eq!(result.is_ok(), repeated, "{status} to {to}: {result:?}");
            let seen = world.site.seen().split_off(before);
            assert_eq!(seen.len(), if repeated { 2 } else { 1 });
            if repeated {
                assert_eq!((seen[1].line.as_str(), seen[1].body.as_slice()), ("POST /end", b"hello".as_slice()));
            } else {
                assert!(!result.unwrap_err().nothing_was_sent());
            }
        }
    }
}

#[tokio::test]
async fn where_a_redirect_leads_both_lists_have_to_allow() {
    let world = world().await;
    let url = world.url(A, "/redirect");
    world.site.redirects(&[(302, Some(&world.url(B, "/end")))]);
    let (one, both) = ([world.origin(A)], [world.origin(A), world.origin(B)]);
    let (one, both) = (AllowList::parse(one).unwrap(), AllowList::parse(both).unwrap());
    let asked = |allowed| Request { sender: Sender::Tenant(allowed), ..get(&url) };
    assert_eq!(outcome(&world.egress(&[A, B]).send(asked(&both)).await), Ok(here()));
    for (egress, list, refuser) in
        [(world.egress(&[A]), &both, Refuser::Operator), (world.egress(&[A, B]), &one, Refuser::Tenant)]
    {
        let refused = egress.send(asked(list)).await.unwrap_err();
        let EgressError::Redirect { problem: RedirectProblem::Refused(why), .. } = &refused else {
            panic!("{refused:?}")
        };
        assert!(matches!(**why, EgressError::OriginNotAllowed { by, .. } if by == refuser), "{refused:?}");
    }
}

#[tokio::test]
async fn a_redirect_without_a_target_and_other_statuses_below_400_are_no_answers() {
    let world = world().await;
    let (egress, url) = (world.egress(&[A]), world.url(A, "/redirect"));
    for answer in [(302, None), (302, Some("http://")), (300, Some("/end")), (304, None), (305, Some("/end"))] {
        world.site.redirects(&[answer]);
        assert_eq!(outcome(&egress.send(get(&url)).await), Err("redirect_not_followed"), "{answer:?}");
    }
}

#[tokio::test]
async fn each_method_arrives_as_it_is() {
    let world = world().await;
    let (egress, url) = (world.egress(&[A]), world.url(A, "/method"));
    for method in Method::ALL {
        assert_eq!(outcome(&egress.send(Request { method, ..get(&url) }).await), Ok(here()));
        assert_eq!(world.site.seen().pop().unwrap().line, format!("{} /method", method.as_str()));
    }
}
