//! A run in every state.

use alcove_ids::EffectId;
use alcove_journal::{
    entry::{Asked, SkipReason},
    transition::{Binding, Involved, Request, Run, State, Stop, Subject, SubjectKind, Token, Waiting},
};
use alcove_plan::{
    envelope::Digest,
    failure::{Code, Failure},
};

use crate::hex::Folder;

const FOLDER: Folder = Folder("runs");

fn subject(kind: SubjectKind, id: &str) -> Subject {
    Subject { kind, id: id.to_owned() }
}

fn request(starter: Option<Subject>) -> State {
    let effect = EffectId::parse("eff_3").unwrap();
    State::Waiting(Waiting::Approval(Box::new(Request {
        binding: Binding { plan: Digest([1; 32]), effect, preview: Digest([0xbb; 32]) },
        expires_us: 1_700_600_000_000_000,
        roles: vec!["moderator".to_owned(), "owner".to_owned()],
        involved: Involved {
            author: subject(SubjectKind::Agent, "copilot"),
            activator: subject(SubjectKind::Person, "ann"),
            starter,
        },
    })))
}

fn failed(code: Code, asked: Option<Asked>) -> State {
    State::Failed(Stop { failure: Failure::new(code, "status 503"), place: 12, asked })
}

fn running(cancelling: Option<&str>) -> State {
    State::Running { token: Token(300), cancelling: cancelling.map(str::to_owned) }
}

/// What is in the files of version 1.
fn version_1() -> Vec<(&'static str, State)> {
    let effect = Asked::Effect(EffectId::parse("eff_3").unwrap());
    vec![
        ("queued", State::Queued),
        ("running", running(None)),
        ("running_to_be_cancelled", running(Some("the app was deleted"))),
        ("waiting_for_approval", request(None)),
        ("waiting_for_approval_of_a_started_run", request(Some(subject(SubjectKind::Key, "key_1")))),
        ("waiting_for_retry", State::Waiting(Waiting::Retry { due_us: 1_700_000_060_000_000 })),
        ("waiting_for_a_time", State::Waiting(Waiting::Delay { until_us: -1 })),
        ("succeeded", State::Succeeded),
        ("failed", failed(Code::Internal, None)),
        ("failed_at_a_read", failed(Code::Connector, Some(Asked::Read { query: 1, page: 300 }))),
        ("failed_at_an_effect", failed(Code::UnknownOutcome, Some(effect))),
        ("skipped", State::Skipped(SkipReason::Quota)),
        ("cancelled", State::Cancelled(Failure::new(Code::Approval, "rejected"))),
    ]
}

fn run(state: State) -> Run {
    Run { state, attempts: 2, leases_lost: 1, dead_letter: true }
}

#[test]
fn what_version_1_wrote_reads_as_it_did_and_is_what_is_written_now() {
    for (kind, state) in version_1() {
        let run = run(state);
        let golden = FOLDER.golden(kind, &run.encode());
        assert_eq!(Run::decode(&golden), Ok(run.clone()), "{kind}");
        assert_eq!(run.encode(), golden, "{kind}");
    }
}

#[test]
fn no_file_is_left_unread() {
    FOLDER.has_no_files_but(version_1().iter().map(|(kind, _)| *kind));
}
