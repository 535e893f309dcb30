//! Both lists have to allow where a request goes.

use alcove_egress::{AllowList, Egress, EgressError, Policy, Refuser, Request, Sender};

use crate::world::{World, Zone, get, here, outcome};

const HOST: &str = "api.example.com";

fn world() -> impl Future<Output = World> {
    World::start(Zone::default().with(HOST, &["127.0.0.1"]).with("sub.api.example.com", &["127.0.0.1"]))
}

fn refuser(result: Result<alcove_egress::Response, EgressError>) -> Refuser {
    match result {
        Err(EgressError::OriginNotAllowed { by, .. }) => by,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn what_is_on_both_lists_is_reached_and_what_is_on_one_of_them_is_not() {
    let world = world().await;
    let url = world.url(HOST, "/");
    let (named, nothing) = (AllowList::parse([world.origin(HOST)]).unwrap(), AllowList::default());
    let open = world.egress(&[HOST]);
    let asked = |allowed| Request { sender: Sender::Tenant(allowed), ..get(&url) };

    assert_eq!(outcome(&open.send(asked(&named)).await), Ok(here()));
    assert_eq!(refuser(open.send(asked(&nothing)).await), Refuser::Tenant);
    assert_eq!(refuser(world.egress(&[]).send(asked(&named)).await), Refuser::Operator);
    assert_eq!(refuser(world.egress(&[]).send(asked(&nothing)).await), Refuser::Operator);
    assert_eq!(world.site.seen().len(), 1);
}

#[tokio::test]
async fn the_operators_own_requests_pass_the_operators_list_alone() {
    let world = world().await;
    assert_eq!(outcome(&world.egress(&[HOST]).send(get(&world.url(HOST, "/"))).await), Ok(here()));
    let denied = Egress::new(Policy::deny_all()).unwrap().send(get(&world.url(HOST, "/"))).await;
    assert_eq!(refuser(denied), Refuser::Operator);
}

#[tokio::test]
async fn http_and_a_port_have_to_be_named() {
    let world = world().await;
    for entry in ["https://api.example.com", "http://api.example.com", &format!("https://{HOST}:{}", world.port)] {
        let list = AllowList::parse([entry]).unwrap();
        let egress = Egress::new(Policy::from(list.clone())).unwrap();
        assert_eq!(refuser(egress.send(get(&world.url(HOST, "/"))).await), Refuser::Operator, "{entry}");
        let url = world.url(HOST, "/");
        let asked = Request { sender: Sender::Tenant(&list), ..get(&url) };
        assert_eq!(refuser(world.egress(&[HOST]).send(asked).await), Refuser::Tenant, "{entry}");
    }
    let other = world.url("sub.api.example.com", "/");
    assert_eq!(refuser(world.egress(&[HOST]).send(get(&other)).await), Refuser::Operator);
}

#[tokio::test]
async fn errors_say_which_list_and_never_show_headers_or_the_query() {
    let world = world().await;
    let nothing = AllowList::default();
    let url = world.url(HOST, "/path?token=secret");
    let headers = [("authorization", "secret")];
    let asked = Request { sender: Sender::Tenant(&nothing), headers: &headers, ..get(&url) };
    let refused = world.egress(&[HOST]).send(asked).await.unwrap_err();
    let text = format!("{refused:?} {refused}");
    assert!(text.contains("allow-list of the tenant") && !text.contains("secret"), "{text}");
    let dead = Egress::new(world.policy(&[HOST])).unwrap();
    let url = format!("http://{HOST}:1/path?token=secret");
    let refused = dead.send(Request { headers: &headers, ..get(&url) }).await.unwrap_err();
    assert!(!format!("{refused:?} {refused}").contains("secret"), "{refused:?}");
}
