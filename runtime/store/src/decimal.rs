//! The collation of exact decimals.

use std::cmp::Ordering;

use rust_decimal::Decimal;

/// The name under which columns and comparisons ask for it.
pub const DECIMAL: &str = "ALCOVE_DECIMAL";

/// Compares two texts as decimals: `2` before `10`, `1.0` equal to `1`. Text that is no decimal comes after all that
/// is, in code-point order, so that the order is total and an index under it stays sound whatever is stored.
pub fn compare(a: &str, b: &str) -> Ordering {
    match (a.parse::<Decimal>(), b.parse::<Decimal>()) {
        (Ok(a), Ok(b)) => a.cmp(&b),
        (Ok(_), Err(_)) => Ordering::Less,
        (Err(_), Ok(_)) => Ordering::Greater,
        (Err(_), Err(_)) => a.cmp(b),
    }
}

#[cfg(test)]
mod tests {
    use std::cmp::Ordering;

    use super::compare;

    #[test]
    fn decimals_compare_by_value_to_the_last_digit() {
        let cases = [
            ("2", "10", Ordering::Less),
            ("-2", "-10", Ordering::Greater),
            ("1.0", "1", Ordering::Equal),
            ("0.1234567890123456789012345678", "0.1234567890123456789012345679", Ordering::Less),
            ("99999999999999999999999999.9", "100000000000000000000000000", Ordering::Less),
        ];
        for (a, b, order) in cases {
            assert_eq!(compare(a, b), order, "{a} {b}");
            assert_eq!(compare(b, a), order.reverse(), "{b} {a}");
        }
    }

    #[test]
    fn text_that_is_no_decimal_comes_last_and_keeps_an_order() {
        assert_eq!(compare("7", "x"), Ordering::Less);
        assert_eq!(compare("x", "7"), Ordering::Greater);
        assert_eq!(compare("x", "y"), Ordering::Less);
    }
}
