//! What a guest may say.

use alcove_host::Level;

use crate::{platform::Seen, puppet::Orders, scene::Scene};

#[tokio::test]
async fn entries_reach_the_log_as_they_are() {
    let ended = Scene::new().run(Orders::new().log(1, 7, "hé\nllo\u{1b}[31m")).await;
    ended.answers();
    assert_eq!(ended.platform.seen(), [Seen::Log(Level::Warning, 7, "hé\nllo\u{1b}[31m".to_owned())]);
}

#[tokio::test]
async fn a_message_is_cut_at_4_kib_between_characters() {
    let ended = Scene::new().run(Orders::new().log(0, 0, &format!("{}é", "x".repeat(4_095)))).await;
    assert_eq!(ended.platform.seen(), [Seen::Log(Level::Info, 0, "x".repeat(4_095))]);
}

#[tokio::test]
async fn a_flood_of_entries_ends_with_one_that_says_so_and_fails_nothing() {
    for message in ["", "flood", &"x".repeat(10_000)] {
        let orders = (0..20_000).fold(Orders::new(), |orders, _| orders.log(2, 1, message));
        let orders = if message.len() > 5 {
            (0..100).fold(Orders::new(), |orders, _| orders.log(2, 1, message))
        } else {
            orders
        };
        let ended = Scene::new().run(orders).await;
        let seen = ended.platform.seen();
        let bytes: usize = seen.iter().map(|seen| if let Seen::Log(_, _, text) = seen { text.len() } else { 0 }).sum();
        assert!(bytes <= (256 << 10) + 100, "{bytes}");
        let Some(Seen::Log(Level::Warning, 1, last)) = seen.last() else { panic!("{:?}", seen.last()) };
        assert!(last.contains("the log of this run is full"));
    }
}

#[tokio::test]
async fn a_level_that_does_not_exist_or_text_that_is_not_utf8_is_a_trap() {
    let ended = Scene::new().run(Orders::new().log(3, 0, "x")).await;
    ended.assert_refused_unseen("the executor trapped");
    let ended = Scene::new().run(Orders::new().log(0, 0, "x").log_memory(0xffff_fff0, 16)).await;
    assert!(ended.failure().message.contains("the executor trapped"));
}
