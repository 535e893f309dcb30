//! What a tenant's tier limits: one table for everything that counts.

use alcove_catalog::Class;

use super::Window;
use crate::Tier;

/// Something of which a tenant has so much.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Resource {
    /// Apps that are not deleted.
    Apps,
    /// Runs that were accepted. One that is retried, resumed or redriven is the same run.
    Executions,
    /// Calls of a model.
    AiCalls,
    /// Tokens that models were given and gave.
    AiTokens,
    /// E-mails.
    Emails,
    /// Requests that apps send.
    Webhooks,
    /// Keys in the state of all apps together.
    StateKeys,
    /// API keys that are valid.
    ApiKeys,
    /// Messages to the chat.
    ChatMessages,
}

/// A line of the table.
struct Line {
    name: &'static str,
    words: &'static str,
    window: Option<Window>,
    /// For each tier, the smallest first; `None`: as many as it likes.
    amounts: [Option<u64>; 4],
}

impl Resource {
    /// All of them, in the order of the table.
    pub const ALL: [Self; 9] = [
        Self::Apps,
        Self::Executions,
        Self::AiCalls,
        Self::AiTokens,
        Self::Emails,
        Self::Webhooks,
        Self::StateKeys,
        Self::ApiKeys,
        Self::ChatMessages,
    ];

    /// The table of the price list. Tokens (a thousand for each AI call) and API keys are not in the requirements.
    fn line(self) -> Line {
        let line = |name, words, window, amounts| Line { name, words, window, amounts };
        let each = |amounts: [u64; 4]| amounts.map(Some);
        let (hour, day) = (Some(Window::Hour), Some(Window::Day));
        match self {
            Self::Apps => line("apps", "apps", None, [Some(10), Some(25), Some(100), None]),
            Self::Executions => line("executions_per_hour", "executions", hour, each([50, 200, 1_000, 5_000])),
            Self::AiCalls => line("ai_calls_per_day", "AI calls", day, each([100, 500, 2_000, 10_000])),
            Self::AiTokens => {
                line("ai_tokens_per_day", "AI tokens", day, each([100_000, 500_000, 2_000_000, 10_000_000]))
            }
            Self::Emails => line("emails_per_day", "e-mails", day, each([100, 1_000, 10_000, 100_000])),
            Self::Webhooks => line("webhooks_per_hour", "webhooks", hour, each([50, 200, 1_000, 5_000])),
            Self::StateKeys => line("state_keys", "state keys", None, each([50, 200, 1_000, 10_000])),
            Self::ApiKeys => line("api_keys", "API keys", None, each([5, 20, 100, 1_000])),
            Self::ChatMessages => line("chat_messages_per_hour", "chat messages", hour, each([20, 50, 200, 1_000])),
        }
    }

    /// Its stable name, such as `emails_per_day`.
    pub fn name(self) -> &'static str {
        self.line().name
    }

    /// What messages call it, such as `e-mails`.
    pub(super) fn words(self) -> &'static str {
        self.line().words
    }

    /// After what time it begins anew; `None`: it is a stock, which shrinks only as things are removed.
    pub fn window(self) -> Option<Window> {
        self.line().window
    }

    /// How much of it a tier has; `None`: as much as it likes.
    pub fn amount(self, tier: Tier) -> Option<u64> {
        let [free, starter, pro, enterprise] = self.line().amounts;
        match tier {
            Tier::Free => free,
            Tier::Starter => starter,
            Tier::Pro => pro,
            Tier::Enterprise => enterprise,
        }
    }

    /// What each call of an action of this class counts against.
    pub(crate) fn of_class(class: Class) -> Self {
        match class {
            Class::Email => Self::Emails,
            Class::Ai => Self::AiCalls,
            Class::Webhook => Self::Webhooks,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_larger_tier_has_no_less_of_anything() {
        for resource in Resource::ALL {
            let amounts = Tier::ALL.map(|tier| resource.amount(tier).unwrap_or(u64::MAX));
            assert!(amounts.is_sorted() && amounts[0] > 0, "{}: {amounts:?}", resource.name());
        }
    }

    #[test]
    fn the_amounts_are_those_of_the_requirements() {
        let table = [
            (Resource::Apps, [Some(10), Some(25), Some(100), None]),
            (Resource::Executions, [50, 200, 1_000, 5_000].map(Some)),
            (Resource::AiCalls, [100, 500, 2_000, 10_000].map(Some)),
            (Resource::Emails, [100, 1_000, 10_000, 100_000].map(Some)),
            (Resource::Webhooks, [50, 200, 1_000, 5_000].map(Some)),
            (Resource::StateKeys, [50, 200, 1_000, 10_000].map(Some)),
            (Resource::ChatMessages, [20, 50, 200, 1_000].map(Some)),
        ];
        for (resource, amounts) in table {
            assert_eq!(Tier::ALL.map(|tier| resource.amount(tier)), amounts, "{}", resource.name());
        }
    }

    #[test]
    fn a_name_says_its_window_and_no_two_are_the_same() {
        let mut names: Vec<&str> = Resource::ALL.iter().map(|resource| resource.name()).collect();
        for resource in Resource::ALL {
            let end = resource.window().map_or("", |window| match window {
                Window::Hour => "_per_hour",
                Window::Day => "_per_day",
            });
            assert!(resource.name().ends_with(end), "{}", resource.name());
        }
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Resource::ALL.len());
    }
}
