//! When something ends that lasts for a while.

use alcove_plan::value::Timestamp;

use super::Complaint;
use crate::clock;

/// The longest while, in hours: a hundred years.
const HOURS_MAX: i64 = 100 * 366 * 24;
const HOUR_US: i64 = 3_600_000_000;

/// The moment that is so much later than now, RFC 3339.
pub(super) fn from_now(text: &str) -> Result<String, Complaint> {
    let now = clock::now().ok_or_else(|| Complaint::new("usage", "", "", "the machine's clock is not set"))?;
    let end = hours(text).and_then(|hours| Timestamp::from_micros(now.micros().checked_add(hours * HOUR_US)?));
    end.map(|end| end.to_string()).ok_or_else(|| {
        let message = format!("`{text}` is no such time; write hours or days, such as `12h` or `90d`");
        Complaint::new("usage", "--expires", "", message)
    })
}

fn hours(text: &str) -> Option<i64> {
    let (number, each) = match (text.strip_suffix('h'), text.strip_suffix('d')) {
        (Some(number), _) => (number, 1),
        (None, Some(number)) => (number, 24),
        (None, None) => return None,
    };
    let is_number = number.bytes().all(|byte| byte.is_ascii_digit());
    let hours = number.parse::<i64>().ok().filter(|_| is_number)?.checked_mul(each)?;
    (1..=HOURS_MAX).contains(&hours).then_some(hours)
}

#[cfg(test)]
mod tests {
    use super::{HOURS_MAX, from_now, hours};

    #[test]
    fn a_while_is_hours_or_days() {
        for (text, expected) in [("1h", 1), ("12h", 12), ("90d", 2_160), (&*format!("{HOURS_MAX}h"), HOURS_MAX)] {
            assert_eq!(hours(text), Some(expected), "{text}");
        }
        for text in ["", "h", "90", "0d", "-1d", "+1d", "1.5h", "1w", "d90", &format!("{}h", HOURS_MAX + 1)] {
            assert!(from_now(text).is_err(), "{text}");
        }
    }
}
