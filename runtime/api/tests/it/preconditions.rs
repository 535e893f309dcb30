//! Who changes an app only as they have seen it.

use hyper::Method;

use crate::world::{Answer, Client, WELCOME, World, named};

const APP: &str = "/v1/apps/hello";

async fn edit(client: &Client, tag: &str, name: &str) -> Answer {
    let headers = [("content-type", "application/json"), ("if-match", tag)];
    client.send(Method::PUT, APP, &headers, named(WELCOME, name).to_string().into_bytes()).await
}

async fn tag(world: &World) -> String {
    world.admin().get(APP).await.header("etag").unwrap().to_owned()
}

#[tokio::test]
async fn what_somebody_has_is_not_sent_again() {
    for world in World::each().await {
        world.app("hello", "draft", WELCOME).await;
        let tag = tag(&world).await;
        let read =
            async |known: &str| world.admin().send(Method::GET, APP, &[("if-none-match", known)], Vec::new()).await;
        for known in [&*tag, &format!("\"x\", W/{tag}"), "*"] {
            let answer = read(known).await;
            assert_eq!((answer.status, answer.header("etag")), (304, Some(&*tag)), "{known}");
        }
        read("\"x\"").await.expect(200);
        read("x").await.problem(400, "invalid-request");
        world.admin().put(APP, named(WELCOME, "Second")).await.expect(200);
        read(&tag).await.expect(200);
    }
}

#[tokio::test]
async fn a_change_of_what_has_changed_meanwhile_is_refused_and_changes_nothing() {
    for world in World::each().await {
        world.app("hello", "active", WELCOME).await;
        let seen = tag(&world).await;
        let edited = edit(&world.admin(), &seen, "Second").await;
        assert_ne!(edited.header("etag"), Some(&*seen));
        edited.expect(200);
        let stale = [("if-match", &*seen)];
        for (method, verb) in
            [(Method::POST, ":activate"), (Method::POST, ":pause"), (Method::POST, ":resume"), (Method::DELETE, "")]
        {
            let path = format!("{APP}{verb}");
            world.admin().send(method, &path, &stale, Vec::new()).await.problem(412, "precondition-failed");
        }
        edit(&world.admin(), &seen, "Third").await.problem(412, "precondition-failed");
        edit(&world.admin(), &format!("W/{}", tag(&world).await), "Third").await.problem(412, "precondition-failed");
        let app = world.admin().get(APP).await.expect(200);
        assert_eq!((&app["name"], &app["status"]), (&"Second".into(), &"active".into()));
        edit(&world.admin(), "*", "Third").await.expect(200);
        let now = tag(&world).await;
        world.admin().send(Method::POST, &format!("{APP}:pause"), &[("if-match", &*now)], Vec::new()).await.expect(200);
    }
}

#[tokio::test]
async fn of_writers_who_have_seen_the_same_one_succeeds() {
    for world in World::each().await {
        world.app("hello", "draft", WELCOME).await;
        for round in 0..8 {
            let (seen, client) = (tag(&world).await, world.admin());
            let names = [format!("A{round}"), format!("B{round}")];
            let (one, other) = tokio::join!(edit(&client, &seen, &names[0]), edit(&client, &seen, &names[1]));
            let mut statuses = [one.status, other.status];
            statuses.sort_unstable();
            assert_eq!(statuses, [200, 412]);
        }
    }
}
