use super::*;

/// Starts the next run and finds its app locked.
fn start_and_park(scheduler: &mut Scheduler) -> String {
    let start = scheduler.next().unwrap();
    let name = start.run.execution.as_str().to_owned();
    scheduler.park(start);
    name
}

#[test]
fn runs_of_an_app_that_queues_come_one_after_the_other_in_their_order() {
    let mut scheduler = scheduler(9);
    (1..=3).for_each(|number| queue(&mut scheduler, "t/a", number, Overlap::Queue));
    queue(&mut scheduler, "t/b", 1, Overlap::Queue);
    assert_eq!(start_all(&mut scheduler), ["t:a:1", "t:b:1"]);
    end(&mut scheduler, "t/a");
    assert_eq!(start_all(&mut scheduler), ["t:a:2"]);
    end(&mut scheduler, "t/a");
    assert_eq!(start_all(&mut scheduler), ["t:a:3"]);
}

#[test]
fn a_run_of_an_app_that_skips_is_started_though_another_one_is_running_so_that_the_lock_may_refuse_it() {
    let mut scheduler = scheduler(9);
    (1..=2).for_each(|number| queue(&mut scheduler, "t/a", number, Overlap::Skip));
    assert_eq!(start_all(&mut scheduler), ["t:a:1", "t:a:2"]);
}

#[test]
fn a_run_that_found_its_app_locked_waits_first_in_line_and_holds_no_slot() {
    let mut scheduler = scheduler(1);
    (1..=2).for_each(|number| queue(&mut scheduler, "t/a", number, Overlap::Queue));
    assert_eq!(start_and_park(&mut scheduler), "t:a:1");
    queue(&mut scheduler, "t/b", 1, Overlap::Queue);
    assert_eq!(start_all(&mut scheduler), ["t:b:1"]);
    end(&mut scheduler, "t/b");
    scheduler.released(&tenant("t"), &app("a"));
    assert_eq!(start_all(&mut scheduler), ["t:a:1"]);
    end(&mut scheduler, "t/a");
    assert_eq!(start_all(&mut scheduler), ["t:a:2"]);
}

#[test]
fn several_parked_runs_of_an_app_keep_their_order() {
    let mut scheduler = scheduler(9);
    (1..=3).for_each(|number| queue(&mut scheduler, "t/a", number, Overlap::Skip));
    let starts = std::iter::from_fn(|| scheduler.next()).collect::<Vec<_>>();
    starts.into_iter().rev().for_each(|start| scheduler.park(start));
    queue(&mut scheduler, "t/a", 4, Overlap::Skip);
    assert_eq!(start_all(&mut scheduler), ["t:a:4"], "the lock has to say that it is left out");
    scheduler.released_anywhere();
    assert_eq!(start_all(&mut scheduler), ["t:a:1", "t:a:2", "t:a:3"]);
}

#[test]
fn the_end_of_a_run_here_gives_its_app_free() {
    let mut scheduler = scheduler(9);
    queue(&mut scheduler, "t/a", 1, Overlap::Queue);
    assert_eq!(start_all(&mut scheduler), ["t:a:1"]);
    queue(&mut scheduler, "t/a", 2, Overlap::Skip);
    assert_eq!(start_and_park(&mut scheduler), "t:a:2");
    assert_eq!(start_all(&mut scheduler), [""; 0]);
    end(&mut scheduler, "t/a");
    assert_eq!(start_all(&mut scheduler), ["t:a:2"]);
}
