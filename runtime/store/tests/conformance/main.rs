//! What the store promises, on each database that it speaks to: SQLite in a file, SQLite in memory, PostgreSQL.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test whose help cannot go on has failed")]

mod scene;

mod marks;
mod rows;
mod transactions;
mod values;
mod writers;

mod postgres_only;
mod sqlite_only;

/// Makes a test on each database of each of these functions.
macro_rules! on_each_database {
    ($($module:ident: $($test:ident)+;)+) => {
        on_each_database!(@on sqlite_file, $($module $($test)+;)+);
        on_each_database!(@on sqlite_memory, $($module $($test)+;)+);
        on_each_database!(@on postgres, $($module $($test)+;)+);
    };
    (@on $database:ident, $($module:ident $($test:ident)+;)+) => {
        mod $database {
            $($(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $test() {
                    let scene = crate::scene::Scene::$database().await;
                    crate::$module::$test(&scene).await;
                }
            )+)+
        }
    };
}

on_each_database! {
    transactions:
        what_was_enqueued_is_performed_in_order
        a_transaction_without_statements_commits
        a_dropped_transaction_leaves_no_trace
        a_transaction_that_is_rolled_back_leaves_no_trace
        a_flush_that_nobody_awaits_leaves_no_trace
        a_commit_that_nobody_awaits_is_all_or_nothing
        a_refusal_leaves_out_what_came_after_it
        more_than_fits_into_one_text_is_performed_too
        statements_that_travel_together_get_each_its_own_values
        statements_that_end_with_comments_travel_together;
    marks:
        what_follows_a_mark_is_undone_alone_also_after_a_refusal
        what_follows_a_mark_that_was_not_sent_is_never_performed
        marks_nest
        a_mark_that_was_never_reached_is_nowhere_to_return_to;
    values:
        every_cell_comes_back_as_it_was
        null_fits_every_column
        decimals_keep_their_digits_and_are_ordered_by_value
        an_integer_that_overflows_is_a_refusal
        a_row_that_is_there_already_is_a_refusal
        rows_travel_as_one_parameter;
    rows:
        a_reader_sees_one_moment
        a_small_answer_comes_at_once
        a_query_outside_a_transaction_sees_what_was_committed
        a_reader_that_goes_away_makes_room;
    writers:
        writers_wait_for_each_other_and_nothing_is_lost;
}
