use super::*;

#[test]
fn no_more_runs_are_started_than_the_node_has_slots_for() {
    let mut scheduler = scheduler(2);
    (1..=4).for_each(|number| queue(&mut scheduler, "t/a", number, PARALLEL));
    assert_eq!(start_all(&mut scheduler), ["t:a:1", "t:a:2"]);
    end(&mut scheduler, "t/a");
    assert_eq!(start_all(&mut scheduler), ["t:a:3"]);
    assert_eq!(scheduler.running(), 2);
}

#[test]
fn a_tenant_at_its_bound_leaves_its_slots_to_others() {
    let mut scheduler = scheduler(3);
    (1..=3).for_each(|number| queue(&mut scheduler, "t/a", number, PARALLEL));
    scheduler.set_share(&tenant("t"), Share { weight: 1, runs_max: 2 });
    assert_eq!(start_all(&mut scheduler), ["t:a:1", "t:a:2"]);
    queue(&mut scheduler, "u/b", 1, PARALLEL);
    assert_eq!(start_all(&mut scheduler), ["u:b:1"]);
    end(&mut scheduler, "u/b");
    assert_eq!(start_all(&mut scheduler), [""; 0]);
    end(&mut scheduler, "t/a");
    assert_eq!(start_all(&mut scheduler), ["t:a:3"]);
}

#[test]
fn an_app_that_runs_in_parallel_keeps_its_own_bound_and_others_of_its_tenant_go_on() {
    let mut scheduler = scheduler(9);
    let two = Overlap::Parallel { runs_max: 2 };
    (1..=3).for_each(|number| queue(&mut scheduler, "t/a", number, two));
    queue(&mut scheduler, "t/b", 1, PARALLEL);
    assert_eq!(start_all(&mut scheduler), ["t:a:1", "t:a:2", "t:b:1"]);
    end(&mut scheduler, "t/a");
    assert_eq!(start_all(&mut scheduler), ["t:a:3"]);
}

#[test]
fn a_run_that_is_not_queued_counts_against_the_same_bounds() {
    let (t, a, b) = (tenant("t"), app("a"), app("b"));
    let mut scheduler = scheduler(2);
    let one = Overlap::Parallel { runs_max: 1 };
    assert!(scheduler.admit(&t, &a, one));
    assert!(!scheduler.admit(&t, &a, one), "the app has one run already");
    assert!(scheduler.admit(&t, &b, PARALLEL));
    assert!(!scheduler.admit(&t, &b, PARALLEL), "both slots are taken");
    scheduler.ended(&t, &a);
    scheduler.set_share(&t, Share { weight: 1, runs_max: 1 });
    assert!(!scheduler.admit(&t, &a, one), "the tenant has one run already");
    assert!(scheduler.admit(&tenant("u"), &a, one));
}

#[test]
fn a_run_that_is_not_queued_overtakes_nobody() {
    let (t, a) = (tenant("t"), app("a"));
    let mut scheduler = scheduler(2);
    queue(&mut scheduler, "t/a", 1, PARALLEL);
    assert!(!scheduler.admit(&t, &a, PARALLEL), "a run of the app waits");
    assert!(!scheduler.admit(&tenant("u"), &a, PARALLEL), "a run of another tenant waits for the same slots");
    assert_eq!(start_all(&mut scheduler), ["t:a:1"]);
    assert!(scheduler.admit(&t, &a, PARALLEL));
}

#[test]
fn what_is_halted_is_neither_started_nor_admitted_until_it_is_resumed() {
    let (t, a) = (tenant("t"), app("a"));
    for reach in [Reach::Node, Reach::Tenant(t.clone()), Reach::App(t.clone(), a.clone())] {
        let mut scheduler = scheduler(9);
        queue(&mut scheduler, "t/a", 1, PARALLEL);
        scheduler.halt(&reach);
        queue(&mut scheduler, "t/a", 2, PARALLEL);
        assert_eq!(start_all(&mut scheduler), [""; 0], "{reach:?}");
        queue(&mut scheduler, "u/a", 1, PARALLEL);
        let others = if reach == Reach::Node { vec![] } else { vec!["u:a:1"] };
        assert_eq!(start_all(&mut scheduler), others, "{reach:?}");
        assert!(!scheduler.admit(&t, &a, PARALLEL));
        scheduler.resume(&reach);
        let resumed = start_all(&mut scheduler).into_iter().filter(|name| name.starts_with("t:")).collect::<Vec<_>>();
        assert_eq!(resumed, ["t:a:1", "t:a:2"], "{reach:?}");
        assert!(scheduler.admit(&t, &a, PARALLEL));
    }
}

#[test]
fn runs_of_an_app_that_is_not_active_wait_first_in_line_until_it_is() {
    let (t, a) = (tenant("t"), app("a"));
    let mut scheduler = scheduler(9);
    (1..=2).for_each(|number| queue(&mut scheduler, "t/a", number, PARALLEL));
    let too_early = scheduler.next().unwrap();
    scheduler.pause(&t, &a);
    scheduler.park(too_early);
    assert_eq!(start_all(&mut scheduler), [""; 0]);
    assert_eq!(scheduler.paused(), [(t.clone(), a.clone())]);
    assert!(!scheduler.admit(&t, &a, PARALLEL));
    scheduler.unpause(&t, &a);
    assert_eq!(start_all(&mut scheduler), ["t:a:1", "t:a:2"]);
    assert_eq!(scheduler.paused(), []);
}
