//! Durations as configs write them.

const UNITS_MS: [(u8, i64); 5] =
    [(b's', 1_000), (b'm', 60_000), (b'h', 3_600_000), (b'd', 86_400_000), (b'w', 604_800_000)];

/// Reads a duration such as `30d` or `1d12h` as milliseconds: integers, each with one of the units `s m h d w`, largest
/// unit first and none twice. A day is 24 hours and a week seven such days, whatever the time zone. `None` for anything
/// else and beyond 64 bits.
pub fn parse_duration(text: &str) -> Option<i64> {
    let mut total_ms: i64 = 0;
    let mut smallest = i64::MAX;
    let mut rest = text;
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (number, after) = rest.split_at_checked(digits)?;
        let (unit, after) = after.split_at_checked(1)?;
        let unit = unit.bytes().next()?;
        let (_, unit_ms) = UNITS_MS.into_iter().find(|(name, _)| *name == unit)?;
        if unit_ms >= smallest {
            return None;
        }
        smallest = unit_ms;
        total_ms = total_ms.checked_add(number.parse::<i64>().ok()?.checked_mul(unit_ms)?)?;
        rest = after;
    }
    if text.is_empty() { None } else { Some(total_ms) }
}

#[cfg(test)]
mod tests {
    use super::parse_duration;

    #[test]
    fn reads_each_unit_and_combinations() {
        let cases = [("0s", 0), ("1s", 1_000), ("90m", 5_400_000), ("24h", 86_400_000), ("1d12h", 129_600_000)];
        for (text, ms) in cases {
            assert_eq!(parse_duration(text), Some(ms), "{text}");
        }
        assert_eq!(parse_duration("1w2d3h4m5s"), Some(788_645_000));
    }

    #[test]
    fn refuses_everything_else() {
        for text in ["", "d", "1", "1x", "-1d", "+1d", " 1d", "1 d", "1.5h", "1D", "1d1d", "1h1d", "١d", "1d🎉", "1é"]
        {
            assert_eq!(parse_duration(text), None, "{text:?}");
        }
    }

    #[test]
    fn ends_at_64_bits_of_milliseconds() {
        assert_eq!(parse_duration("9223372036854775s"), Some(9_223_372_036_854_775_000));
        assert_eq!(parse_duration("9223372036854776s"), None);
        assert_eq!(parse_duration("99999999999999999999s"), None);
        assert_eq!(parse_duration("15250284452w4d"), None);
    }
}
