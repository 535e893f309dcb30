//! Queries that were not read to their end, and the log, which nobody is held to.

use super::*;

fn start(cursor: &mut Cursor) -> ReadAnswer {
    cursor.start_query(4, digest_of_arguments(&[]))
}

fn replayed(row: u8, last: bool) -> ReadAnswer {
    ReadAnswer::Replayed(Ok(rows(row, last)))
}

fn live(answer: ReadAnswer) -> Pending {
    match answer {
        ReadAnswer::Live(pending) => pending,
        answer => panic!("the journal has nothing to say: {answer:?}"),
    }
}

#[test]
fn a_torn_reading_is_dropped_and_the_query_read_again_from_its_first_page() {
    let mut cursor = cursor(vec![local(&[0]), page_of_more(4, 0, 7), page_of_more(4, 1, 8)]);
    assert_eq!(cursor.effect(&effect(0, 0), 0), done());
    let arguments = digest_of_arguments(&[]);
    for page in 0..2 {
        let pending = live(if page == 0 { start(&mut cursor) } else { cursor.next_page(4) });
        assert_eq!((pending.query, pending.page), (4, page));
        let answer = Ok(rows(9, page == 1));
        assert_eq!(pending.answered(answer.clone()), QueryPage { query: 4, page, arguments, answer });
    }
    assert_eq!(cursor.end(&succeeded()), Ok(()));
}

#[test]
fn what_was_read_again_takes_the_place_of_what_was_torn() {
    let again = || vec![page_of_more(4, 0, 7), page_of_more(4, 1, 8), page_of_more(4, 0, 5), page(4, 1, 6)];
    for entries in [again(), [again(), vec![local(&[0])]].concat()] {
        let mut cursor = cursor(entries);
        assert_eq!(start(&mut cursor), replayed(5, false));
        assert_eq!(cursor.next_page(4), replayed(6, true));
    }
    let shorter = vec![page_of_more(4, 0, 7), page_of_more(4, 1, 8), page(4, 0, 5), local(&[0])];
    let mut cursor = cursor(shorter);
    assert_eq!(start(&mut cursor), replayed(5, true));
    assert_eq!(cursor.effect(&effect(0, 0), 0), done());
    assert!(cursor.is_past_end());
}

#[test]
fn a_reading_that_the_run_broke_off_and_went_on_from_is_kept() {
    let mut cursor = cursor(vec![page_of_more(4, 0, 7), local(&[0])]);
    assert_eq!(start(&mut cursor), replayed(7, false));
    assert_eq!(cursor.effect(&effect(0, 0), 0), done());
}

#[test]
fn a_reading_that_was_broken_off_is_kept_where_the_run_has_ended() {
    let mut cursor = cursor(vec![page_of_more(4, 0, 7), end(succeeded())]);
    assert_eq!(start(&mut cursor), replayed(7, false));
    assert_eq!(cursor.end(&succeeded()), Ok(()));
}

#[test]
fn a_whole_reading_is_not_torn_and_not_read_twice() {
    assert_eq!(start(&mut cursor(vec![page(4, 0, 7)])), replayed(7, true));
    assert!(history(vec![page(4, 0, 7), page(4, 0, 8)]).is_err());
    assert!(history(vec![page_of_more(4, 0, 7), local(&[0]), page_of_more(4, 0, 8)]).is_err());
}

#[test]
fn a_query_that_failed_is_read_again_from_its_first_page() {
    let read = Asked::Read { query: 4, page: 1 };
    let failed = || vec![page_of_more(4, 0, 7), unread(4, 1)];
    let mut known = cursor(failed());
    assert_eq!(start(&mut known), replayed(7, false));
    assert_eq!(known.next_page(4), ReadAnswer::Replayed(Err(failure(Code::Connector))));
    let retried = || [failed(), vec![retry(RetryOf::Run, 1, Some(read.clone()))]].concat();
    assert_eq!(live(start(&mut cursor(retried()))).page, 0);
    let again = [retried(), vec![page(4, 0, 5)]].concat();
    assert_eq!(start(&mut cursor(again)), replayed(5, true));
}

#[test]
fn lines_of_the_log_are_written_once_however_often_the_run_says_them() {
    let mut cursor = cursor(vec![line("one"), page(4, 0, 7), line("two")]);
    assert!(!cursor.log());
    assert_eq!(start(&mut cursor), replayed(7, true));
    assert!(!cursor.log());
    assert!(cursor.log());
}
