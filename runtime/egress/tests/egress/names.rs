//! Names: every address that one resolves to is checked, and what is checked is what is used.

use alcove_egress::{Egress, EgressError, Network};
use hickory_resolver::proto::op::ResponseCode;

use crate::world::{World, Zone, get, here, outcome};

/// Each kind of answer that must not be used.
fn zone() -> Zone {
    Zone::default()
        .with("good.example.com", &["127.0.0.1"])
        .with("two.example.com", &["127.0.0.1", "127.0.0.1"])
        .alias("alias.example.com", "another.example.com")
        .alias("another.example.com", "good.example.com")
        .with("loopback.example.com", &["127.0.0.2"])
        .with("private.example.com", &["10.0.0.1"])
        .with("metadata.example.com", &["169.254.169.254"])
        .with("shared.example.com", &["100.64.0.1"])
        .with("unspecified.example.com", &["0.0.0.0"])
        .with("broadcast.example.com", &["255.255.255.255"])
        .with("multicast.example.com", &["224.0.0.1"])
        .with("loopback6.example.com", &["::1"])
        .with("local6.example.com", &["fd00::1"])
        .with("link6.example.com", &["fe80::1"])
        .with("mapped.example.com", &["::ffff:127.0.0.2"])
        .with("translated.example.com", &["64:ff9b::127.0.0.2"])
        .with("mixed.example.com", &["127.0.0.1", "127.0.0.2"])
        .with("mixed-too.example.com", &["127.0.0.2", "127.0.0.1"])
        .with("mixed6.example.com", &["127.0.0.1", "::1"])
        .alias("alias-inside.example.com", "alias-further.example.com")
        .alias("alias-further.example.com", "loopback.example.com")
        .alias("circle.example.com", "circle-too.example.com")
        .alias("circle-too.example.com", "circle.example.com")
        .with("empty.example.com", &[])
        .failing("nowhere.example.com", ResponseCode::NXDomain)
        .failing("broken.example.com", ResponseCode::ServFail)
}

const REFUSED: [&str; 20] = [
    "loopback",
    "private",
    "metadata",
    "shared",
    "unspecified",
    "broadcast",
    "multicast",
    "loopback6",
    "local6",
    "link6",
    "mapped",
    "translated",
    "mixed",
    "mixed-too",
    "mixed6",
    "alias-inside",
    "circle",
    "empty",
    "nowhere",
    "broken",
];

#[tokio::test]
async fn names_of_public_addresses_are_reached_also_through_aliases() {
    let world = World::start(zone()).await;
    for name in ["good", "two", "alias"] {
        let host = format!("{name}.example.com");
        let reached = world.egress(&[&host]).send(get(&world.url(&host, "/"))).await;
        assert_eq!(outcome(&reached), Ok(here()), "{name}: {reached:?}");
    }
    let seen = world.site.seen();
    assert_eq!(seen[2].header("host"), Some(format!("alias.example.com:{}", world.port).as_str()));
}

#[tokio::test]
async fn no_name_leads_inside_and_an_app_cannot_tell_it_from_a_name_that_is_not_there() {
    let world = World::start(zone()).await;
    let hosts = REFUSED.map(|name| format!("{name}.example.com"));
    let egress = world.egress(&hosts.each_ref().map(String::as_str));
    for host in &hosts {
        let refused = egress.send(get(&world.url(host, "/"))).await.unwrap_err();
        assert!(matches!(refused, EgressError::NoAddress { .. }) && refused.nothing_was_sent(), "{host}: {refused:?}");
        let (said, shown) = (refused.to_string(), format!("{refused:?}"));
        assert_eq!(said, format!("`{}` has no address that requests may go to", world.origin(host)));
        assert!(!shown.contains("127.0.0.2") && !shown.contains("10.0.0.1"), "{shown}");
    }
    world.inside_is_untouched();
    assert_eq!(world.site.connections(), 0);
}

#[tokio::test]
async fn a_name_whose_answer_changes_after_the_check_leads_to_what_was_checked() {
    let changing: &[&[&str]] = &[&["127.0.0.1"], &["127.0.0.2"]];
    let world = World::start(Zone::default().changing("turns.example.com", changing)).await;
    let egress = world.egress(&["turns.example.com"]);
    // The connection is not kept, so that the next request asks again.
    let url = world.url("turns.example.com", "/close");
    assert_eq!(outcome(&egress.send(get(&url)).await), Ok(here()));
    assert_eq!(outcome(&egress.send(get(&url)).await), Err("no_address"));
    world.inside_is_untouched();
}

#[tokio::test]
async fn a_name_that_leads_inside_first_is_refused_until_it_does_not() {
    let changing: &[&[&str]] = &[&["127.0.0.2"], &["127.0.0.1"], &["127.0.0.1", "127.0.0.2"]];
    let world = World::start(Zone::default().changing("turns.example.com", changing)).await;
    let egress = world.egress(&["turns.example.com"]);
    let url = world.url("turns.example.com", "/close");
    assert_eq!(outcome(&egress.send(get(&url)).await), Err("no_address"));
    assert_eq!(outcome(&egress.send(get(&url)).await), Ok(here()));
    assert_eq!(outcome(&egress.send(get(&url)).await), Err("no_address"));
    world.inside_is_untouched();
}

#[tokio::test]
async fn a_connection_that_is_kept_stays_where_it_is() {
    let world = World::start(zone()).await;
    let egress = world.egress(&["good.example.com"]);
    let url = world.url("good.example.com", "/");
    assert_eq!(outcome(&egress.send(get(&url)).await), Ok(here()));
    world.names.set(Zone::default());
    assert_eq!(outcome(&egress.send(get(&url)).await), Ok(here()));
    assert_eq!((world.site.seen().len(), world.site.connections()), (2, 1));
    world.inside_is_untouched();
}

#[tokio::test]
async fn a_network_that_the_operator_names_is_reached_and_its_neighbour_is_not() {
    let world = World::start(zone()).await;
    let open = |network: &str| {
        let policy =
            world.policy(&["loopback.example.com", "127.0.0.2"]).with_network(Network::parse(network).unwrap());
        Egress::new(policy).unwrap()
    };
    for url in [world.url("loopback.example.com", "/"), world.url("127.0.0.2", "/")] {
        assert!(open("127.0.0.3").send(get(&url)).await.is_err(), "{url}");
        assert_eq!(world.inside.seen().len(), 0);
    }
    for url in [world.url("loopback.example.com", "/"), world.url("127.0.0.2", "/")] {
        assert_eq!(outcome(&open("127.0.0.2/31").send(get(&url)).await), Ok(here()), "{url}");
    }
}

#[tokio::test]
async fn an_answer_from_an_address_that_was_not_checked_is_not_handed_out() {
    let world = World::start(zone()).await;
    // Whoever connects to 0.0.0.0 gets to 127.0.0.1, which this policy does not name.
    let list = alcove_egress::AllowList::parse([world.origin("0.0.0.0")]).unwrap();
    let policy = alcove_egress::Policy::from(list).with_network(Network::parse("0.0.0.0").unwrap());
    let refused = Egress::new(policy).unwrap().send(get(&world.url("0.0.0.0", "/"))).await.unwrap_err();
    assert!(matches!(refused, EgressError::WrongPeer { .. }) && !refused.nothing_was_sent(), "{refused:?}");
}
