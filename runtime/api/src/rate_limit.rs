//! How far a tenant may go, in the headers of answers: `RateLimit-Policy` and `RateLimit`
//! (draft-ietf-httpapi-ratelimit-headers-10), and `Retry-After` where a quota refuses a request.

use alcove_control::{Exceeded, Rate};
use axum::http::{HeaderName, HeaderValue};

const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const RATE: HeaderName = HeaderName::from_static("ratelimit");

/// The headers of an answer to a tenant that may go so far.
pub(crate) fn headers(rate: &Rate) -> impl Iterator<Item = (HeaderName, HeaderValue)> + use<> {
    let Rate { resource, limit, window, remaining, reset_seconds } = *rate;
    let name = resource.name();
    let policy = format!("\"{name}\";q={limit};w={}", window.seconds());
    let rate = format!("\"{name}\";r={remaining};t={reset_seconds}");
    // Names and numbers are always visible characters.
    let value = |name, text: String| HeaderValue::from_str(&text).ok().map(|value| (name, value));
    [value(POLICY, policy), value(RATE, rate)].into_iter().flatten()
}

/// When a request may come again that a quota has refused, as a date of HTTP; `None`: when something is removed.
pub(crate) fn retry_after(exceeded: &Exceeded) -> Option<HeaderValue> {
    let date = exceeded.reset_at?.instant().strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    HeaderValue::from_str(&date).ok()
}

#[cfg(test)]
mod tests {
    use alcove_control::{Resource, Tier, Window};
    use alcove_plan::value::Timestamp;

    use super::*;

    #[test]
    fn an_answer_says_the_policy_and_what_is_left_of_it() {
        let rate = Rate {
            resource: Resource::Executions,
            limit: 50,
            window: Window::Hour,
            remaining: 12,
            reset_seconds: 1_800,
        };
        let headers: Vec<(String, String)> =
            headers(&rate).map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned())).collect();
        let expected = [
            ("ratelimit-policy", r#""executions_per_hour";q=50;w=3600"#),
            ("ratelimit", r#""executions_per_hour";r=12;t=1800"#),
        ];
        assert_eq!(headers, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }

    #[test]
    fn who_is_refused_is_told_when_to_come_again_if_time_alone_helps() {
        let at =
            |reset_at| Exceeded { resource: Resource::Executions, tier: Tier::Free, limit: 50, used: 50, reset_at };
        let reset = Timestamp::parse("2026-11-20T13:00:00Z");
        assert_eq!(retry_after(&at(reset)).unwrap(), "Fri, 20 Nov 2026 13:00:00 GMT");
        assert_eq!(retry_after(&at(None)), None);
    }
}
