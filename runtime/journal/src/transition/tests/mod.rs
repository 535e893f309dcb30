mod approvals;
mod encoding;
mod failures;
mod leases;
mod liveness;

use alcove_ids::EffectId;
use alcove_plan::{
    action::Retry,
    envelope::Digest,
    failure::{Code, Failure},
    value::Value,
};

use super::*;
use crate::entry::{Asked, Effect, Entry};

const NOW_US: i64 = 1_000_000;
const TOKEN: Token = Token(7);
const DAY_US: i64 = 86_400_000_000;

fn policy() -> Policy {
    let retry =
        Retry { attempts_max: 3, initial_delay_ms: 1_000, delay_max_ms: 60_000, factor_percent: 200, jitter: false };
    Policy {
        retry: Some(retry),
        auto_pause_after: 5,
        notify_on_error: false,
        keeps_dead_letters: true,
        leases_lost_max: 2,
        own_approvals: false,
    }
}

fn context(policy: &Policy) -> Context<'_> {
    Context { now_us: NOW_US, seed: 1, failures_in_row: 0, app_is_active: true, policy }
}

fn on(run: &Run, event: Event) -> Result<Transition, TransitionError> {
    run.on(event, &context(&policy()))
}

/// The run after an event that it accepts.
fn after(run: &Run, event: Event) -> Run {
    on(run, event).unwrap().run
}

fn running() -> Run {
    after(&Run::queued(), Event::Leased { token: TOKEN })
}

fn cancelling() -> Run {
    after(&running(), cancel("the app was deleted"))
}

fn waiting_for_approval() -> Run {
    after(&running(), suspended(approval()))
}

fn suspended(wait: Wait) -> Event {
    Event::Suspended { token: TOKEN, wait }
}

fn cancel(reason: &str) -> Event {
    Event::CancelRequested { reason: reason.to_owned() }
}

fn failed(code: Code) -> Event {
    Event::Failed { token: TOKEN, stop: stop(code) }
}

fn stop(code: Code) -> Stop {
    Stop { failure: Failure::new(code, "it failed"), place: 4, asked: Some(Asked::Effect(effect().id)) }
}

fn effect() -> Effect {
    let id = EffectId::parse("eff_1").unwrap();
    Effect { id, action: 1, indices: Vec::new(), digest: Digest([1; 32]), shown: Value::Null }
}

fn approval() -> Wait {
    Wait::Approval {
        effect: Box::new(effect()),
        plan: Digest([2; 32]),
        preview: Digest([3; 32]),
        timeout_ms: None,
        roles: Vec::new(),
        involved: involved(),
    }
}

fn involved() -> Involved {
    Involved { author: person("author"), activator: person("activator"), starter: Some(key("starter")) }
}

fn binding() -> Binding {
    Binding { plan: Digest([2; 32]), effect: effect().id, preview: Digest([3; 32]) }
}

fn person(id: &str) -> Subject {
    Subject { kind: SubjectKind::Person, id: id.to_owned() }
}

fn key(id: &str) -> Subject {
    Subject { kind: SubjectKind::Key, id: id.to_owned() }
}

fn decider(subject: Subject) -> Decider {
    Decider { subject, roles: Vec::new() }
}

fn ruling(by: Subject, verdict: Verdict) -> Event {
    Event::Decided(Ruling { by: decider(by), binding: binding(), verdict })
}

fn names(actions: &[Action]) -> Vec<&'static str> {
    actions.iter().map(name).collect()
}

/// A short name: tests read like the specification.
fn name(action: &Action) -> &'static str {
    match action {
        Action::Append(entry) => entry.name(),
        Action::Finish(_) => "finish",
        Action::ArmTimer(_) => "arm timer",
        Action::CancelTimer(_) => "cancel timer",
        Action::Enqueue => "enqueue",
        Action::Release => "release",
        Action::Interrupt => "interrupt",
        Action::AskApproval(_) => "ask approval",
        Action::CloseApproval(_) => "close approval",
        Action::CountFailure => "count failure",
        Action::ClearFailures => "clear failures",
        Action::PauseApp => "pause app",
        Action::DeadLetter => "dead letter",
        Action::CloseDeadLetter(_) => "close dead letter",
        Action::NotifyAdmins(_) => "notify admins",
        Action::Audit(_) => "audit",
    }
}
