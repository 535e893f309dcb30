//! Routes: the operator's word, and nobody else's.

use alcove_egress::{Egress, Origin, Policy};

use crate::world::{World, Zone, get, here, outcome};

const NAMED: &str = "https://hooks.example.com";

fn origin(text: &str) -> Origin {
    Origin::parse(text).unwrap()
}

#[tokio::test]
async fn what_is_for_a_routed_origin_goes_where_the_operator_says_and_nothing_else_does() {
    let world = World::start(Zone::default()).await;
    let inside = origin(&world.origin("127.0.0.2"));
    let policy = Policy::allow([origin(NAMED), inside.clone()]).with_route(origin(NAMED), inside);
    let egress = Egress::new(policy).unwrap();
    assert_eq!(outcome(&egress.send(get("https://hooks.example.com/a?b=c")).await), Ok(here()));
    assert_eq!(world.inside.seen()[0].line, "GET /a?b=c");
    // By its own name the same server stays out of reach, although a connection to it is open.
    assert_eq!(outcome(&egress.send(get(&world.url("127.0.0.2", "/"))).await), Err("address_not_allowed"));
    assert_eq!(world.inside.seen().len(), 1);
}

#[tokio::test]
async fn a_route_does_not_open_an_origin_and_a_redirect_is_one_of_the_origin_that_was_named() {
    let world = World::start(Zone::default()).await;
    let site = origin(&world.origin("127.0.0.1"));
    let closed = Egress::new(Policy::deny_all().with_route(origin(NAMED), site.clone())).unwrap();
    assert_eq!(outcome(&closed.send(get(NAMED)).await), Err("origin_not_allowed"));
    let egress = Egress::new(Policy::allow([origin(NAMED)]).with_route(origin(NAMED), site)).unwrap();
    world.site.redirects(&[(302, Some("/next")), (302, Some(&world.url("127.0.0.1", "/next")))]);
    assert_eq!(outcome(&egress.send(get("https://hooks.example.com/redirect")).await), Ok(here()));
    let away = egress.send(get("https://hooks.example.com/redirect")).await;
    assert_eq!(outcome(&away), Err("redirect_not_followed"), "{away:?}");
}

#[tokio::test]
async fn an_origin_that_is_routed_to_itself_is_reached_wherever_it_is() {
    let world = World::start(Zone::default()).await;
    let own = origin(&world.origin("127.0.0.2"));
    let egress = Egress::new(Policy::allow([own.clone()]).with_route(own.clone(), own)).unwrap();
    assert_eq!(outcome(&egress.send(get(&world.url("127.0.0.2", "/"))).await), Ok(here()));
}
