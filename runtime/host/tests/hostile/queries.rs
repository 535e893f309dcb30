//! What a guest may do with a query.

use alcove_plan::{codec::encode_arguments, failure::Code, value::Value};

use crate::{
    platform::{Platform, Seen},
    puppet::{Answer, Orders},
    scene::{ALL, BY_NAME, ONCE, Scene},
};

fn name() -> Vec<u8> {
    encode_arguments(&["ada".into()])
}

fn pages(pages: &[u32]) -> Scene {
    Scene { platform: Platform { pages: pages.to_vec(), ..Platform::new() }, ..Scene::new() }
}

#[tokio::test]
async fn a_query_is_started_with_checked_values_and_read_page_by_page() {
    let ended = pages(&[2, 1]).run(Orders::new().start(BY_NAME, &name()).next(BY_NAME)).await;
    // Version, flags, number of rows, one null in each.
    assert_eq!(ended.answers(), [Answer::Bytes(vec![1, 0, 2, 0, 0]), Answer::Bytes(vec![1, 1, 1, 0])]);
    assert_eq!(ended.platform.seen(), [Seen::Start(0, vec!["ada".into()]), Seen::Next(0)]);
    assert_eq!(ended.result.usage.rows, 3);
    assert_eq!(ended.result.usage.host_calls, 2);
}

#[tokio::test]
async fn starting_a_query_twice_stops_the_run() {
    let ended = Scene::new().run(Orders::new().start(BY_NAME, &name()).start(BY_NAME, &name())).await;
    assert_eq!(ended.failure().code, Code::Internal);
    assert!(ended.failure().message.contains("started twice"));
    assert_eq!(ended.platform.seen().len(), 1);
}

#[tokio::test]
async fn a_page_before_the_start_is_refused() {
    let ended = Scene::new().run(Orders::new().next(ALL)).await;
    ended.assert_refused_unseen("no further page");
}

#[tokio::test]
async fn a_page_after_the_last_stops_the_run() {
    let ended = Scene::new().run(Orders::new().start(ALL, &[1]).next(ALL)).await;
    assert!(ended.failure().message.contains("no further page"));
    assert_eq!(ended.platform.seen().len(), 1);
}

#[tokio::test]
async fn one_query_is_read_at_a_time_so_that_a_run_holds_one_reader() {
    let orders = Orders::new().start(BY_NAME, &name()).start(ALL, &[1]).next(BY_NAME);
    let ended = pages(&[1, 1, 1]).run(orders).await;
    assert!(ended.failure().message.contains("query 0 has no further page"), "{}", ended.failure().message);
    assert_eq!(ended.platform.seen(), [Seen::Start(0, vec!["ada".into()]), Seen::Start(1, vec![])]);
}

#[tokio::test]
async fn effects_end_the_query_that_was_being_read() {
    let orders = Orders::new().start(ALL, &[1]).calls(ONCE, &[(&[], &["x".into()])]).next(ALL);
    let ended = pages(&[1, 1]).run(orders).await;
    assert!(ended.failure().message.contains("query 1 has no further page"), "{}", ended.failure().message);
    assert_eq!(ended.platform.seen().len(), 2);
}

#[tokio::test]
async fn values_that_do_not_fit_the_holes_never_reach_the_platform() {
    let long = "x".repeat(64 * 1024 + 1);
    let cases: [(&[Value], &str); 6] = [
        (&[], "cut off"),
        (&[Value::Null], "null where string is wanted"),
        (&[Value::Int(1)], "integer where string is wanted"),
        (&[Value::list(vec!["ada".into()])], "list where string is wanted"),
        (&["ada".into(), "bob".into()], "bytes left over"),
        (&[long.into()], "a string of 65537 bytes"),
    ];
    for (values, message) in cases {
        let ended = Scene::new().run(Orders::new().start(BY_NAME, &encode_arguments(values))).await;
        ended.assert_refused_unseen(message);
    }
}

#[tokio::test]
async fn bytes_that_are_no_message_never_reach_the_platform() {
    let deep = [[7, 1].repeat(33), vec![0]].concat();
    let cases: [(&[u8], &str); 6] = [
        (&[], "cut off"),
        (&[2, 5, 0], "unknown version"),
        (&[1, 9], "unknown tag"),
        (&[1, 5, 0xff, 0xff, 0xff, 0xff, 0x0f], "exceeds the message"),
        (&[1, 5, 1, 0xff], "not UTF-8"),
        (&[&[1], deep.as_slice()].concat(), "nested too deeply"),
    ];
    for (bytes, message) in cases {
        let ended = Scene::new().run(Orders::new().start(BY_NAME, bytes)).await;
        ended.assert_refused_unseen(message);
    }
}

#[tokio::test]
async fn a_handle_that_was_dropped_or_made_up_is_a_trap() {
    for orders in [
        Orders::new().drop_query(BY_NAME).start(BY_NAME, &name()),
        Orders::new().drop_query(BY_NAME).drop_query(BY_NAME),
        Orders::new().start_made_up(0),
        Orders::new().start_made_up(77),
        Orders::new().start_made_up(u32::MAX),
    ] {
        let ended = Scene::new().run(orders).await;
        ended.assert_refused_unseen("the executor trapped");
    }
}

#[tokio::test]
async fn arguments_outside_of_guest_memory_are_a_trap() {
    for (at, len) in [(u32::MAX, 1), (0, u32::MAX), (1 << 20, 1), (0, 0x7fff_ffff)] {
        let ended = Scene::new().run(Orders::new().start_with_memory(BY_NAME, at, len)).await;
        assert_eq!(ended.platform.seen(), []);
        assert!(matches!(ended.failure().code, Code::Internal | Code::Limit));
    }
}

#[tokio::test]
async fn arguments_of_more_than_2_mib_are_refused_before_they_are_decoded() {
    let orders = |len| Orders::new().grow(64).start_with_memory(ALL, 0, len);
    let ended = Scene::new().run(orders((2 << 20) + 1)).await;
    assert_eq!(ended.limit(), ("message_bytes", 2 << 20));
    let ended = Scene::new().run(orders(2 << 20)).await;
    ended.assert_refused_unseen("unknown version");
}

#[tokio::test]
async fn rows_are_given_up_to_the_limit_of_the_run_and_not_beyond() {
    for (pages_given, ok) in [(&[4, 6], true), (&[4, 7], false)] {
        let mut scene = pages(pages_given);
        scene.limits.rows = 10;
        let ended = scene.run(Orders::new().start(ALL, &[1]).next(ALL)).await;
        if ok {
            assert_eq!(ended.answers().len(), 2);
        } else {
            assert_eq!(ended.limit(), ("rows", 10));
            assert_eq!(ended.result.usage.rows, 4);
        }
    }
}

#[tokio::test]
async fn a_platform_that_gives_more_rows_than_the_plan_asks_for_is_found_out() {
    let ended = pages(&[2, 2]).run(Orders::new().start(BY_NAME, &name()).next(BY_NAME)).await;
    assert!(ended.failure().message.contains("more rows than the plan asks for"));
}
