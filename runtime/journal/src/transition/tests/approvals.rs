//! Who decides about what, and until when.

use super::*;
use crate::entry::{Decided, Decision, Edit};

fn agent(id: &str) -> Subject {
    Subject { kind: SubjectKind::Agent, id: id.to_owned() }
}

fn decide_with(policy: &Policy, by: Decider) -> Result<Transition, TransitionError> {
    let ruling = Ruling { by, binding: binding(), verdict: Verdict::Approve };
    waiting_for_approval().on(Event::Decided(ruling), &context(policy))
}

#[test]
fn an_approved_run_goes_on() {
    let approved = on(&waiting_for_approval(), ruling(person("ann"), Verdict::Approve)).unwrap();
    assert_eq!(approved.run.state, State::Queued);
    assert_eq!(names(&approved.actions), ["decided", "cancel timer", "close approval", "audit", "enqueue"]);
    let decided = Decided { effect: effect().id, by: Some("ann".to_owned()), decision: Decision::Approved };
    assert_eq!(approved.actions[0], Action::Append(Entry::Decided(decided)));
    let note = AuditNote::Decided { by: person("ann"), binding: binding(), own: false };
    assert_eq!(approved.actions[3], Action::Audit(note));
}

#[test]
fn a_rejected_run_is_cancelled() {
    let rejected = on(&waiting_for_approval(), ruling(person("ann"), Verdict::Reject)).unwrap();
    let State::Cancelled(failure) = &rejected.run.state else { panic!("{:?}", rejected.run) };
    assert_eq!(failure.code, Code::Approval);
    assert_eq!(names(&rejected.actions), ["decided", "cancel timer", "close approval", "audit", "finish"]);
}

#[test]
fn a_modified_run_goes_on_with_its_edits() {
    let edit = Edit { action: 2, indices: Vec::new(), path: vec!["amount".to_owned()], value: Value::Int(5) };
    let modified = on(&waiting_for_approval(), ruling(person("ann"), Verdict::Modify(vec![edit.clone()]))).unwrap();
    let Action::Append(Entry::Decided(decided)) = &modified.actions[0] else { panic!("{modified:?}") };
    assert_eq!(decided.decision, Decision::Modified(vec![edit]));
    assert_eq!(modified.run.state, State::Queued);
    let nothing = on(&waiting_for_approval(), ruling(person("ann"), Verdict::Modify(Vec::new())));
    assert_eq!(nothing, Err(TransitionError::NoEdits));
}

#[test]
fn a_decision_is_about_what_was_shown_and_nothing_else() {
    for (part, other) in [
        ("plan", Binding { plan: Digest([9; 32]), ..binding() }),
        ("place", Binding { effect: EffectId::parse("eff_2").unwrap(), ..binding() }),
        ("preview", Binding { preview: Digest([9; 32]), ..binding() }),
    ] {
        let ruling = Ruling { by: decider(person("ann")), binding: other, verdict: Verdict::Approve };
        let refused = on(&waiting_for_approval(), Event::Decided(ruling));
        assert_eq!(refused, Err(TransitionError::Outdated(part)));
    }
}

#[test]
fn nobody_decides_twice() {
    let approved = after(&waiting_for_approval(), ruling(person("ann"), Verdict::Approve));
    assert!(on(&approved, ruling(person("bob"), Verdict::Reject)).is_err());
}

#[test]
fn an_approval_expires_after_seven_days_and_not_before() {
    let waiting = waiting_for_approval();
    let timer = Timer { kind: TimerKind::Approval, due_us: NOW_US + 7 * DAY_US };
    let policy = policy();
    let at = |now_us| Context { now_us, ..context(&policy) };
    let decide = || ruling(person("ann"), Verdict::Approve);
    assert!(waiting.on(Event::TimerFired(timer), &at(timer.due_us - 1)).is_err());
    assert!(waiting.on(decide(), &at(timer.due_us - 1)).is_ok());
    assert_eq!(waiting.on(decide(), &at(timer.due_us)), Err(TransitionError::Expired));
    let expired = waiting.on(Event::TimerFired(timer), &at(timer.due_us)).unwrap();
    let State::Cancelled(failure) = &expired.run.state else { panic!("{:?}", expired.run) };
    assert_eq!(failure.code, Code::Approval);
    assert_eq!(names(&expired.actions), ["decided", "close approval", "finish"]);
}

#[test]
fn a_config_sets_another_time() {
    let Wait::Approval { effect, plan, preview, roles, involved, .. } = approval() else { panic!("it is one") };
    let wait = |timeout_ms| Wait::Approval {
        effect: effect.clone(),
        plan,
        preview,
        timeout_ms: Some(timeout_ms),
        roles: roles.clone(),
        involved: involved.clone(),
    };
    let expiry = |timeout_ms| match after(&running(), suspended(wait(timeout_ms))).state {
        State::Waiting(Waiting::Approval(request)) => request.expires_us,
        state => panic!("{state:?}"),
    };
    assert_eq!(expiry(1_000), NOW_US + 1_000_000);
    assert_eq!(expiry(u64::MAX), NOW_US + 3_660 * DAY_US, "the longest delay there is");
}

#[test]
fn nobody_who_had_a_part_in_the_run_decides() {
    for (who, part) in [("author", "author of the app"), ("activator", "person who activated the app")] {
        let refused = decide_with(&policy(), decider(person(who)));
        assert_eq!(refused, Err(TransitionError::Refused(Refusal::Own { part })));
    }
    assert!(decide_with(&policy(), decider(person("starter"))).is_ok(), "a key of that name had, no person");
}

#[test]
fn a_tenant_may_allow_its_people_their_own_approvals_which_is_audited() {
    let policy = Policy { own_approvals: true, ..policy() };
    let own = decide_with(&policy, decider(person("author"))).unwrap();
    let note = AuditNote::Decided { by: person("author"), binding: binding(), own: true };
    assert!(own.actions.contains(&Action::Audit(note)));
}

#[test]
fn an_agent_never_decides_nor_the_key_that_asked() {
    for own_approvals in [false, true] {
        let policy = Policy { own_approvals, ..policy() };
        let refused = |subject| decide_with(&policy, decider(subject)).unwrap_err();
        assert_eq!(refused(agent("helpful")), TransitionError::Refused(Refusal::Agent));
        assert_eq!(refused(key("starter")), TransitionError::Refused(Refusal::OwnKey));
        assert!(decide_with(&policy, decider(key("another"))).is_ok());
    }
}

#[test]
fn an_approval_may_ask_for_a_role() {
    let request = Request {
        binding: binding(),
        expires_us: 0,
        roles: vec!["finance".to_owned(), "legal".to_owned()],
        involved: involved(),
    };
    let with =
        |roles: &[&str]| Decider { subject: person("ann"), roles: roles.iter().map(ToString::to_string).collect() };
    assert_eq!(request.may_decide(&with(&["legal"]), false), Ok(false));
    let refusal = request.may_decide(&with(&["editor"]), false).unwrap_err();
    assert_eq!(refusal.to_string(), "the approval asks for one of the roles `finance`, `legal`");
}
