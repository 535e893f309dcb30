//! Whatever happens, in whatever order, a run that has not ended has a way to an end.

use proptest::prelude::*;

use super::*;
use crate::{
    cursor::History,
    entry::{Finished, Record, SkipReason, Started},
};

/// What the actions leave behind: the queue, the timers, the leases, the lists that people see, the journal.
#[derive(Debug)]
struct Left {
    run: Run,
    in_queue: bool,
    timers: Vec<Timer>,
    leased: Option<Token>,
    asked: Vec<Binding>,
    dead_letter: bool,
    finished: bool,
    tokens: u64,
}

impl Left {
    fn new() -> Self {
        Self {
            run: Run::queued(),
            in_queue: true,
            timers: Vec::new(),
            leased: None,
            asked: Vec::new(),
            dead_letter: false,
            finished: false,
            tokens: 0,
        }
    }

    /// An event of the world, and what it takes with it if the run accepts it.
    fn happen(&mut self, event: &Event, context: &Context<'_>) -> bool {
        let Ok(transition) = self.run.on(event.clone(), context) else { return false };
        match event {
            Event::Leased { token } => (self.in_queue, self.leased) = (false, Some(*token)),
            Event::TimerFired(timer) => self.timers.retain(|armed| armed != timer),
            _ => {}
        }
        if self.run.state == State::Queued && transition.run.state != State::Queued {
            // A row that is not queued is not in the queue.
            self.in_queue = false;
        }
        self.run = transition.run;
        transition.actions.into_iter().for_each(|action| self.perform(action));
        true
    }

    fn perform(&mut self, action: Action) {
        match action {
            Action::Finish(_) => {
                assert!(!self.finished, "it ends once");
                self.finished = true;
            }
            Action::Append(Entry::Retry(_)) => self.finished = false,
            Action::ArmTimer(timer) => self.timers.push(timer),
            Action::CancelTimer(timer) => {
                let armed = self.timers.iter().position(|armed| *armed == timer).expect("what is cancelled is armed");
                self.timers.remove(armed);
            }
            Action::Enqueue => self.in_queue = true,
            Action::Release => assert!(self.leased.take().is_some(), "what is released is leased"),
            Action::AskApproval(request) => self.asked.push(request.binding),
            Action::CloseApproval(binding) => self.asked.retain(|asked| *asked != binding),
            Action::DeadLetter => self.dead_letter = true,
            Action::CloseDeadLetter(_) => self.dead_letter = false,
            _ => {}
        }
    }

    /// What is there fits the state, and nothing is left over.
    fn check(&self) {
        assert!(self.timers.len() <= 1);
        let queued = self.run.state == State::Queued;
        assert_eq!(self.in_queue, queued, "{self:?}");
        assert_eq!(self.leased.is_some(), matches!(self.run.state, State::Running { .. }), "{self:?}");
        assert_eq!(!self.timers.is_empty(), matches!(self.run.state, State::Waiting(_)), "{self:?}");
        let asks = matches!(self.run.state, State::Waiting(Waiting::Approval(_)));
        assert_eq!(!self.asked.is_empty(), asks, "{self:?}");
        assert_eq!(self.finished, self.run.has_ended(), "{self:?}");
        assert_eq!(self.dead_letter, self.run.dead_letter, "{self:?}");
    }

    /// Time passes: every timer fires, every worker dies. Nobody else does anything.
    fn pass_time(&mut self, context: &Context<'_>) {
        let event = if let Some(timer) = self.timers.first() {
            Event::TimerFired(*timer)
        } else if let Some(token) = self.leased {
            Event::LeaseLost { token }
        } else {
            self.tokens += 1;
            Event::Leased { token: Token(self.tokens) }
        };
        let context = Context { now_us: i64::MAX, ..*context };
        assert!(self.happen(&event, &context), "{self:?}");
    }
}

fn any_event() -> impl Strategy<Value = Event> {
    let token = || prop_oneof![3 => Just(TOKEN), 1 => Just(Token(8))];
    let code = prop_oneof![
        Just(Code::External),
        Just(Code::Action),
        Just(Code::Cancelled),
        Just(Code::Approval),
        Just(Code::UnknownOutcome)
    ];
    let time = || -5_000_000..5_000_000_i64;
    let wait = prop_oneof![
        Just(approval()),
        time().prop_map(|due_us| Wait::Retry { due_us }),
        time().prop_map(|until_us| Wait::Delay { until_us }),
    ];
    let verdict = prop_oneof![Just(Verdict::Approve), Just(Verdict::Reject), Just(Verdict::Modify(Vec::new()))];
    let by = prop_oneof![Just(person("ann")), Just(person("author")), Just(key("starter"))];
    let word = prop_oneof![Just(None), Just(Some(Word::Repeat)), Just(Some(Word::Happened { outputs: Vec::new() }))];
    let kind = prop_oneof![Just(TimerKind::Approval), Just(TimerKind::Retry), Just(TimerKind::Delay)];
    let reason = SkipReason::Quota;
    prop_oneof![
        4 => token().prop_map(|token| Event::Leased { token }),
        1 => token().prop_map(|token| Event::Finished { token, report: Vec::new() }),
        1 => prop::option::of(token()).prop_map(move |token| Event::Skipped { token, reason }),
        3 => (token(), code).prop_map(|(token, code)| Event::Failed { token, stop: stop(code) }),
        3 => (token(), wait).prop_map(|(token, wait)| Event::Suspended { token, wait }),
        1 => time().prop_map(|until_us| Event::Postponed { until_us }),
        2 => (by, verdict).prop_map(|(by, verdict)| ruling(by, verdict)),
        2 => (kind, time()).prop_map(|(kind, due_us)| Event::TimerFired(Timer { kind, due_us })),
        1 => Just(cancel("enough")),
        2 => token().prop_map(|token| Event::LeaseLost { token }),
        1 => token().prop_map(|token| Event::Yielded { token }),
        2 => word.prop_map(|word| Event::Redriven { by: person("ann"), word }),
        1 => Just(Event::Discarded { by: person("ann") }),
    ]
}

/// An event, or the firing of whatever timer is armed.
fn any_happening() -> impl Strategy<Value = Option<Event>> {
    prop_oneof![4 => any_event().prop_map(Some), 1 => Just(None)]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 20_000, ..ProptestConfig::default() })]

    #[test]
    fn no_sequence_of_events_loses_a_run(
        happenings in prop::collection::vec((any_happening(), -6_000_000..6_000_000_i64), 0..25),
        failures_in_row in 0..7_u32,
    ) {
        let policy = policy();
        let mut left = Left::new();
        for (happening, now_us) in happenings {
            let context = Context { now_us, failures_in_row, ..context(&policy) };
            let armed = left.timers.first().copied();
            let event = happening.or(armed.map(Event::TimerFired));
            if let Some(event) = event {
                let before = left.run.clone();
                if !left.happen(&event, &context) {
                    prop_assert_eq!(&left.run, &before);
                }
            }
            left.check();
        }
        // Nobody does anything any more: time alone brings the run to an end.
        let context = context(&policy);
        let steps_max = 50;
        for _ in 0..steps_max {
            if left.run.has_ended() {
                break;
            }
            left.pass_time(&context);
            left.check();
        }
        prop_assert!(left.run.has_ended(), "{:?}", left);
    }

    #[test]
    fn what_transitions_append_is_a_journal(events in prop::collection::vec(any_event(), 0..25)) {
        let policy = policy();
        let mut run = Run::queued();
        let mut entries = vec![Entry::Started(Started {
            plan: Digest([2; 32]),
            executor: Digest([2; 32]),
            builtins_version: 1,
            tz_version: String::new(),
            input: Vec::new(),
        })];
        let mut asked = 0;
        for event in events {
            // What the run itself does is not the machine's: its failure was recorded, and an approval is asked once.
            let event = match event {
                Event::Failed { token, stop } => Event::Failed { token, stop: Stop { asked: None, ..stop } },
                Event::Suspended { wait: Wait::Approval { .. }, .. } if asked > 0 => continue,
                event => event,
            };
            let asks = matches!(event, Event::Suspended { wait: Wait::Approval { .. }, .. });
            let Ok(transition) = run.on(event, &context(&policy)) else { continue };
            asked += usize::from(asks);
            run = transition.run;
            entries.extend(transition.actions.into_iter().filter_map(|action| match action {
                Action::Append(entry) => Some(entry),
                Action::Finish(ending) => Some(Entry::Finished(Finished { ending })),
                _ => None,
            }));
        }
        let records = entries.into_iter().map(|entry| Record { at_us: 0, entry }).collect();
        let history = History::read(records);
        prop_assert!(history.is_ok(), "{:?}", history);
        prop_assert_eq!(history.unwrap().ending().is_some(), run.has_ended());
    }
}
