use super::*;

fn runs(numbers: std::ops::RangeInclusive<usize>) -> Vec<QueuedRun> {
    numbers.map(|number| run(&format!("t:a:{number}"), PARALLEL)).collect()
}

#[test]
fn runs_up_to_the_bound_are_remembered_and_the_rest_is_read_when_there_is_room() {
    let (t, a) = (tenant("t"), app("a"));
    let mut scheduler = remembering(1, 4);
    (1..=6).for_each(|number| queue(&mut scheduler, "t/a", number, PARALLEL));
    assert_eq!(start(&mut scheduler).unwrap(), "t:a:1");
    end(&mut scheduler, "t/a");
    assert_eq!(start(&mut scheduler).unwrap(), "t:a:2");
    assert_eq!(scheduler.take_hungry(), [], "two are remembered, and a quarter of four is one");
    end(&mut scheduler, "t/a");
    assert_eq!(start(&mut scheduler).unwrap(), "t:a:3");
    assert_eq!(scheduler.take_hungry(), [(t.clone(), a.clone())]);
    assert_eq!(scheduler.take_hungry(), [], "it is being read");
    queue(&mut scheduler, "t/a", 7, PARALLEL);
    scheduler.loaded(&t, &a, runs(4..=6), true);
    assert_eq!(scheduler.take_hungry(), [], "three are remembered");
    for number in 4..=6 {
        end(&mut scheduler, "t/a");
        assert_eq!(start(&mut scheduler).unwrap(), format!("t:a:{number}"));
    }
    assert_eq!(scheduler.take_hungry(), [(t.clone(), a.clone())], "the seventh came while it was being read");
    scheduler.loaded(&t, &a, runs(7..=7), true);
    end(&mut scheduler, "t/a");
    assert_eq!(start_all(&mut scheduler), ["t:a:7"]);
    end(&mut scheduler, "t/a");
    assert_eq!(scheduler.take_hungry(), []);
    assert!(scheduler.admit(&t, &a, PARALLEL));
}

#[test]
fn what_is_read_and_was_known_is_not_started_twice() {
    let (t, a) = (tenant("t"), app("a"));
    let mut scheduler = remembering(1, 8);
    (1..=9).for_each(|number| queue(&mut scheduler, "t/a", number, PARALLEL));
    for _ in 1..=6 {
        start(&mut scheduler).unwrap();
        end(&mut scheduler, "t/a");
    }
    let claiming = scheduler.next().unwrap();
    assert_eq!(scheduler.take_hungry().len(), 1);
    scheduler.loaded(&t, &a, runs(7..=9), true);
    scheduler.claimed(&t, &a, &claiming.run.execution);
    end(&mut scheduler, "t/a");
    for number in 8..=9 {
        assert_eq!(start_all(&mut scheduler), [format!("t:a:{number}")]);
        end(&mut scheduler, "t/a");
    }
    assert_eq!(start_all(&mut scheduler), [""; 0]);
}

#[test]
fn more_than_the_bound_is_not_taken_in_and_read_again_later() {
    let (t, a) = (tenant("t"), app("a"));
    let mut scheduler = remembering(9, 4);
    scheduler.discovered(&t, &a);
    assert_eq!(scheduler.take_hungry(), [(t.clone(), a.clone())]);
    scheduler.loaded(&t, &a, runs(1..=6), true);
    assert_eq!(start_all(&mut scheduler), ["t:a:1", "t:a:2", "t:a:3", "t:a:4"]);
    assert_eq!(scheduler.take_hungry(), [(t.clone(), a.clone())]);
    scheduler.load_failed(&t, &a);
    assert_eq!(scheduler.take_hungry(), [(t, a)], "it could not be read");
}

#[test]
fn what_is_remembered_is_not_read_because_somebody_found_it() {
    let mut scheduler = scheduler(1);
    queue(&mut scheduler, "t/a", 1, PARALLEL);
    scheduler.discovered(&tenant("t"), &app("a"));
    assert_eq!(scheduler.take_hungry(), []);
}

#[test]
fn what_is_halted_is_not_read() {
    let (t, a) = (tenant("t"), app("a"));
    let mut scheduler = scheduler(1);
    scheduler.halt(&Reach::Tenant(t.clone()));
    scheduler.discovered(&t, &a);
    assert_eq!(scheduler.take_hungry(), []);
    scheduler.resume(&Reach::Tenant(t.clone()));
    assert_eq!(scheduler.take_hungry(), [(t, a)]);
}

#[test]
fn an_apps_backlog_hides_no_other_app_of_its_tenant() {
    let mut scheduler = remembering(9, 4);
    (1..=100).for_each(|number| queue(&mut scheduler, "t/a", number, Overlap::Queue));
    queue(&mut scheduler, "t/b", 1, Overlap::Queue);
    assert_eq!(start_all(&mut scheduler), ["t:a:1", "t:b:1"]);
}

#[test]
fn idle_tenants_are_forgotten_and_the_shares_of_others_are_read_again() {
    let mut scheduler = scheduler(9);
    queue(&mut scheduler, "t/a", 1, PARALLEL);
    queue(&mut scheduler, "u/a", 1, PARALLEL);
    assert_eq!(scheduler.take_strangers(), [tenant("t"), tenant("u")]);
    assert_eq!(scheduler.take_strangers(), []);
    assert_eq!(start_all(&mut scheduler).len(), 2);
    end(&mut scheduler, "t/a");
    scheduler.sweep();
    assert_eq!(scheduler.take_strangers(), [tenant("u")]);
    assert_eq!(scheduler.tenants.len(), 1);
    end(&mut scheduler, "u/a");
    scheduler.sweep();
    assert!(scheduler.tenants.is_empty() && scheduler.startable.is_empty() && scheduler.hungry.is_empty());
}
