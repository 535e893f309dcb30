//! What to do about an effect that was begun and of which no result was recorded.

use alcove_plan::failure::{Code, Failure};

use crate::{External, entry::Effect};

/// An effect in doubt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sent {
    /// When it was first begun, under the same id.
    pub(super) first_us: i64,
    /// Until when whoever began it last may send it.
    pub(super) deadline_us: i64,
    /// What its binding promises.
    pub(super) guarantee: External,
}

/// What may be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Nothing yet: a predecessor may still send it.
    NotBefore(i64),
    /// Send it again, so that it arrives before this time.
    SendAgain(i64),
    /// Nothing ever, unless a person says so.
    Unknown,
}

impl Sent {
    pub(super) fn judge(self, now_us: i64) -> Verdict {
        match self.guarantee.repeatable_until(self.first_us) {
            _ if now_us < self.deadline_us => Verdict::NotBefore(self.deadline_us),
            Some(until_us) if now_us < until_us => Verdict::SendAgain(until_us),
            _ => Verdict::Unknown,
        }
    }

    /// Whether nobody will ever send it again, however long the run waits.
    pub(super) fn is_lost(self, now_us: i64) -> bool {
        self.guarantee.repeatable_until(self.first_us).is_none_or(|until_us| now_us >= until_us)
    }
}

/// E013 for an effect.
pub(super) fn unknown(effect: &Effect) -> Failure {
    let id = &effect.id;
    let message = format!("it is not known whether effect {id} happened: it was begun, and no result was recorded");
    Failure::new(Code::UnknownOutcome, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdicts(guarantee: External) -> [Verdict; 4] {
        let sent = Sent { first_us: 100, deadline_us: 200, guarantee };
        [199, 200, 1_099, 1_100].map(|now_us| sent.judge(now_us))
    }

    #[test]
    fn before_the_deadline_nothing_is_done_whatever_is_promised() {
        for guarantee in
            [External::ForeignTx, External::Keyed { window_us: 1_000 }, External::Natural, External::Unproven]
        {
            assert_eq!(verdicts(guarantee)[0], Verdict::NotBefore(200));
        }
    }

    #[test]
    fn what_proves_itself_is_sent_again_at_any_time() {
        for guarantee in [External::ForeignTx, External::Natural] {
            assert_eq!(verdicts(guarantee)[1..], [Verdict::SendAgain(i64::MAX); 3]);
        }
    }

    #[test]
    fn a_key_counts_as_long_as_the_provider_remembers_it_and_no_longer() {
        let again = Verdict::SendAgain(1_100);
        assert_eq!(verdicts(External::Keyed { window_us: 1_000 })[1..], [again, again, Verdict::Unknown]);
    }

    #[test]
    fn what_is_unproven_is_never_sent_again() {
        assert_eq!(verdicts(External::Unproven)[1..], [Verdict::Unknown; 3]);
    }

    #[test]
    fn a_window_past_the_end_of_time_does_not_overflow() {
        let sent = Sent { first_us: i64::MAX, deadline_us: 0, guarantee: External::Keyed { window_us: u64::MAX } };
        assert_eq!(sent.judge(1), Verdict::SendAgain(i64::MAX));
    }
}
