//! Payloads: URLs that people have got inside with, elsewhere.
//!
//! `data/addresses.tsv` has URLs of the inside, and `data/tricks.tsv` URLs that look like an allowed host. A line is
//! the URL (with `\t`, `\r`, `\n`, `\\` and `\u{…}` for what does not show), what becomes of it, and where the trick is
//! from.

use alcove_egress::{AllowList, Egress, EgressError, Origin, Policy};

use crate::world::{World, Zone, get, outcome};

struct Payload {
    url: String,
    becomes: &'static str,
}

fn payloads(text: &'static str) -> Vec<Payload> {
    let lines = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    let read = |line: &'static str| {
        let cells: Vec<&str> = line.split('\t').collect();
        let [url, becomes, source] = cells[..] else { panic!("`{line}` has not three cells") };
        assert!(!source.is_empty(), "{line}");
        Payload { url: shown(url), becomes }
    };
    lines.map(read).collect()
}

/// A text as it is meant.
fn shown(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text.chars();
    while let Some(next) = rest.next() {
        if next != '\\' {
            out.push(next);
            continue;
        }
        match rest.next().unwrap() {
            't' => out.push('\t'),
            'r' => out.push('\r'),
            'n' => out.push('\n'),
            '\\' => out.push('\\'),
            'u' => {
                let code: String = rest.by_ref().skip(1).take_while(|letter| *letter != '}').collect();
                out.push(char::from_u32(u32::from_str_radix(&code, 16).unwrap()).unwrap());
            }
            other => panic!("`\\{other}` in `{text}`"),
        }
    }
    out
}

fn addresses() -> Vec<Payload> {
    payloads(include_str!("data/addresses.tsv"))
}

/// A client that would go there, and to a host of the world, if only its lists were asked.
fn open(world: &World, url: &str, host: &str) -> Egress {
    let own: AllowList = Origin::parse(url).into_iter().collect();
    Egress::new(world.policy(&[host]).with(own)).unwrap()
}

#[tokio::test]
async fn no_url_of_the_inside_is_reached_although_its_origin_is_allowed() {
    let world = World::start(Zone::default()).await;
    for Payload { url, becomes } in addresses() {
        let own: AllowList = Origin::parse(&url).into_iter().collect();
        let policy = Policy::from(own).with_name_servers([world.names.address]);
        let result = Egress::new(policy).unwrap().send(get(&url)).await;
        assert_eq!(outcome(&result), Err(becomes), "{url:?}: {result:?}");
        assert!(result.unwrap_err().nothing_was_sent(), "{url:?}");
    }
    world.inside_is_untouched();
    assert_eq!(world.site.connections(), 0);
}

#[tokio::test]
async fn no_redirect_of_any_kind_leads_to_a_url_of_the_inside() {
    let world = World::start(Zone::default().with("good.example.com", &["127.0.0.1"])).await;
    let start = world.url("good.example.com", "/redirect");
    let mut tried = 0;
    for Payload { url, .. } in addresses() {
        // What is relative to the site leads to the site, and a header has no line breaks.
        let base = url::Url::parse(&start).unwrap();
        let stays = base.join(&url).is_ok_and(|to| to.origin() == base.origin());
        if stays || url.contains(char::is_control) {
            continue;
        }
        let unlisted = world.egress(&["good.example.com"]);
        let listed = open(&world, &url, "good.example.com");
        for status in [301, 302, 303, 307, 308] {
            world.site.redirects(&[(status, Some(&url))]);
            let refused = unlisted.send(get(&start)).await.unwrap_err();
            assert!(matches!(refused, EgressError::Redirect { .. }), "{url:?} by {status}: {refused:?}");
            // 127.0.0.1 is this world's public address, and nothing else of the inside is.
            if !leads_to_the_site(&url) {
                let refused = listed.send(get(&start)).await.unwrap_err();
                let by_rule = matches!(refused, EgressError::Redirect { .. } | EgressError::NoAddress { .. });
                assert!(by_rule, "{url:?} by {status}: {refused:?}");
                tried += 1;
            }
        }
    }
    assert!(tried > 200, "{tried}");
    world.inside_is_untouched();
}

/// Whether the host of a URL is the world's own public address, or means this machine.
fn leads_to_the_site(url: &str) -> bool {
    let url = url::Url::parse(url).ok();
    let host = url.as_ref().and_then(url::Url::host_str);
    host.is_some_and(|host| host == "127.0.0.1" || host.trim_end_matches('.').ends_with("localhost"))
}

#[tokio::test]
async fn a_url_that_looks_like_an_allowed_host_goes_there_or_nowhere() {
    // The allowed host is inside by its name, so that a request which keeps to it is refused there.
    let world = World::start(Zone::default()).await;
    let list = AllowList::parse(["https://api.example.com", "http://api.example.com"]).unwrap();
    let egress = Egress::new(Policy::from(list).with_name_servers([world.names.address])).unwrap();
    for Payload { url, becomes } in payloads(include_str!("data/tricks.tsv")) {
        let result = egress.send(get(&url)).await;
        let wanted = if becomes == "stays" { "no_address" } else { becomes };
        assert_eq!(outcome(&result), Err(wanted), "{url:?}: {result:?}");
    }
    world.inside_is_untouched();
    assert_eq!(world.site.connections(), 0);
}
