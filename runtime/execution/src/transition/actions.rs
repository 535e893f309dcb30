//! The actions of the state machine, each as the rows that it changes.

use alcove_journal::{
    entry::{Decided, Decision, Entry, Record},
    transition::{Action, AuditNote, DeadLetterFate, Notice, Request, Subject},
};
use alcove_plan::failure::Failure;
use alcove_store::{
    audit,
    tables::{approvals, apps, dead_letters, executions::Change, locks, notices},
};
use serde_json::json;

use super::{
    moved::{Moved, finished},
    request_to_json, subject_to_json,
    timer::{run_timer_key, run_timer_row},
    wakes::After,
    writes::{Writes, journal_row},
};

/// Who the engine is, where a row names somebody who acts.
const ENGINE: &str = r#"{"kind":"engine"}"#;

/// The actions of one run on their way into rows.
pub(super) struct Acting<'w> {
    writes: &'w mut Writes,
    moved: Moved,
    change: Change,
    now_us: i64,
    /// Somebody's decision, which closes the approval.
    decided: Option<Decided>,
    /// Who acts, if somebody does.
    by: Option<Subject>,
}

impl<'w> Acting<'w> {
    pub(super) fn new(writes: &'w mut Writes, moved: Moved, now_us: i64) -> Self {
        let change = moved.change(now_us);
        let mut acting = Self { writes, moved, change, now_us, decided: None, by: None };
        acting.look_ahead();
        acting
    }

    /// What actions say that others before them need.
    fn look_ahead(&mut self) {
        for action in &self.moved.transition.actions {
            match action {
                Action::Append(Entry::Decided(decided)) => self.decided = Some(decided.clone()),
                Action::Audit(
                    AuditNote::Decided { by, .. } | AuditNote::Redriven { by } | AuditNote::Discarded { by },
                ) => self.by = Some(by.clone()),
                _ => {}
            }
        }
    }

    /// Takes all actions, and stores the run.
    pub(super) fn act(mut self) {
        for action in std::mem::take(&mut self.moved.transition.actions) {
            self.take(action);
        }
        let Self { writes, moved, change, .. } = self;
        if !moved.records.is_empty() {
            writes.journal.push(journal_row(&moved.key, moved.seq, &moved.records));
        }
        if let Some(settled) = moved.settled(&change) {
            writes.after.push(After::Settled { tenant: moved.key.tenant.clone(), settled });
        }
        writes.keep(moved.new, change);
    }

    fn take(&mut self, action: Action) {
        match action {
            Action::Append(entry) => self.moved.records.push(Record { at_us: self.now_us, entry }),
            Action::Finish(ending) => {
                if self.moved.has_journal() {
                    self.moved.records.push(finished(ending, self.now_us));
                }
            }
            Action::ArmTimer(timer) => {
                let Moved { key, app, .. } = &self.moved;
                self.writes.armed.push(run_timer_row(&key.tenant, app, &key.id, timer));
                self.writes.after.push(After::Armed { due_us: timer.due_us });
            }
            Action::CancelTimer(_) => {
                self.writes.cancelled.push(run_timer_key(&self.moved.key.tenant, &self.moved.key.id));
            }
            Action::Enqueue => {
                let Moved { key, app, plan, .. } = &self.moved;
                let queued = plan.map(|plan| After::Queued {
                    tenant: key.tenant.clone(),
                    app: app.clone(),
                    execution: key.id.clone(),
                    plan,
                });
                self.writes.after.extend(queued);
            }
            Action::Release => self.release(),
            Action::Interrupt => self.writes.after.push(After::Interrupt { execution: self.moved.key.id.clone() }),
            Action::AskApproval(request) => self.ask(&request),
            Action::CloseApproval(binding) => self.answer(binding.effect),
            Action::CountFailure => self.tally(|tally| tally.failures += 1),
            Action::ClearFailures => self.tally(|tally| {
                tally.is_cleared = true;
                tally.failures = 0;
            }),
            Action::PauseApp => self.pause(),
            Action::DeadLetter => self.bury(),
            Action::CloseDeadLetter(fate) => self.unearth(fate),
            Action::NotifyAdmins(notice) => self.notify(&notice),
            Action::Audit(note) => self.audit(&note),
        }
    }

    fn release(&mut self) {
        let Moved { key, app, .. } = &self.moved;
        let (tenant, app) = (key.tenant.clone(), app.clone());
        // Runs of apps that are `parallel` hold no lock, and giving back what nobody holds changes nothing. A run that
        // was never stored cannot hold one.
        if self.moved.new.is_none() {
            let execution = key.id.clone();
            self.writes.released.push(locks::Row { tenant: tenant.clone(), app: app.clone(), execution });
        }
        self.writes.after.push(After::Released { tenant, app });
    }

    fn ask(&mut self, request: &Request) {
        let Moved { key, app, question, .. } = &self.moved;
        let (title, message, preview) = match question {
            Some(question) => (question.title.clone(), question.message.clone(), question.preview.clone()),
            None => (String::new(), String::new(), "null".to_owned()),
        };
        self.writes.asked.push(approvals::Row {
            tenant: key.tenant.clone(),
            id: request.binding.effect.clone(),
            execution: key.id.clone(),
            app: app.clone(),
            title,
            message,
            preview,
            request: request_to_json(request),
            status: approvals::Status::Open,
            expires_at: request.expires_us,
            decided_by: None,
            decided_at: None,
            created_at: self.now_us,
        });
    }

    fn answer(&mut self, id: alcove_ids::EffectId) {
        let status = match self.decided.as_ref().map(|decided| &decided.decision) {
            Some(Decision::Approved) => approvals::Status::Approved,
            Some(Decision::Rejected) => approvals::Status::Rejected,
            Some(Decision::Modified(_)) => approvals::Status::Modified,
            Some(Decision::Expired) => approvals::Status::Expired,
            None => approvals::Status::Cancelled,
        };
        self.writes.answered.push(approvals::Close {
            tenant: self.moved.key.tenant.clone(),
            id,
            status,
            decided_by: self.by.as_ref().map(subject_to_json),
            decided_at: self.now_us,
        });
    }

    fn tally(&mut self, change: impl FnOnce(&mut super::writes::Tally)) {
        change(self.writes.tallies.entry(self.app_key()).or_default());
    }

    fn app_key(&self) -> apps::Key {
        apps::Key { tenant: self.moved.key.tenant.clone(), id: self.moved.app.clone() }
    }

    fn pause(&mut self) {
        let reason = format!("too many runs failed in a row, the last of them `{}`", self.moved.key.id);
        self.tally(|tally| tally.paused = Some(reason));
        self.writes.after.push(After::AppsChanged { tenant: self.moved.key.tenant.clone() });
    }

    fn bury(&mut self) {
        let Moved { key, app, .. } = &self.moved;
        self.writes.dead.push(dead_letters::Row {
            tenant: key.tenant.clone(),
            execution: key.id.clone(),
            app: app.clone(),
            error: self.change.error.clone().unwrap_or_else(|| "null".to_owned()),
            status: dead_letters::Status::Open,
            created_at: self.now_us,
            closed_at: None,
            closed_by: None,
        });
    }

    fn unearth(&mut self, fate: DeadLetterFate) {
        self.writes.buried.push(dead_letters::Close {
            tenant: self.moved.key.tenant.clone(),
            execution: self.moved.key.id.clone(),
            status: match fate {
                DeadLetterFate::Redriven => dead_letters::Status::Redriven,
                DeadLetterFate::Discarded => dead_letters::Status::Discarded,
            },
            closed_at: self.now_us,
            closed_by: self.by.as_ref().map(subject_to_json),
        });
    }

    fn notify(&mut self, notice: &Notice) {
        let failed = |failure: &Failure| format!("{}: {}", failure.code.as_str(), failure.message);
        let (kind, message) = match notice {
            Notice::RunFailed(failure) => (notices::Kind::RunFailed, failed(failure)),
            Notice::OutcomeUnknown(failure) => (notices::Kind::OutcomeUnknown, failed(failure)),
            Notice::AppPaused { failures } => {
                (notices::Kind::AppPaused, format!("the app was paused: {failures} of its runs failed in a row"))
            }
        };
        let Moved { key, app, token, .. } = &self.moved;
        self.writes.notices.push(notices::Row {
            tenant: key.tenant.clone(),
            // A lease ends once, so no two notices of a kind have this name.
            id: format!("{}:{}:{token}", key.id, kind.as_str()),
            kind,
            app: app.clone(),
            execution: Some(key.id.clone()),
            message,
            created_at: self.now_us,
        });
    }

    fn audit(&mut self, note: &AuditNote) {
        let Moved { key, app, .. } = &self.moved;
        let (execution, app) = (key.id.as_str(), app.as_str());
        let (what, detail) = match note {
            AuditNote::Decided { binding, own, .. } => {
                let decision = self.decided.as_ref().map_or("", |decided| decision_word(&decided.decision));
                let approval = binding.effect.as_str();
                let detail = json!({ "approval": approval, "execution": execution, "app": app, "own": own });
                (format!("approval.{decision}"), detail)
            }
            AuditNote::AppPaused { failures } => {
                ("app.paused".to_owned(), json!({ "app": app, "execution": execution, "failures": failures }))
            }
            AuditNote::Redriven { .. } => {
                ("execution.retried".to_owned(), json!({ "app": app, "execution": execution }))
            }
            AuditNote::Discarded { .. } => {
                ("dead_letter.discarded".to_owned(), json!({ "app": app, "execution": execution }))
            }
        };
        self.writes.audit.push(audit::Note {
            tenant: key.tenant.clone(),
            at: self.now_us,
            subject: self.by.as_ref().map_or_else(|| ENGINE.to_owned(), subject_to_json),
            what,
            detail: detail.to_string(),
        });
    }
}

fn decision_word(decision: &Decision) -> &'static str {
    match decision {
        Decision::Approved => "approved",
        Decision::Rejected => "rejected",
        Decision::Modified(_) => "modified",
        Decision::Expired => "expired",
    }
}
