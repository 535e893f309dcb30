//! Decimal arithmetic against a table that another implementation computed (Python's `decimal`: 28 digits, half even).

use rust_decimal::Decimal;

use crate::decimal::{add, divide, fit, multiply, subtract};

fn num(text: &str) -> Decimal {
    Decimal::from_str_exact(text).unwrap()
}

#[test]
fn quotients_are_those_of_the_table() {
    for line in include_str!("quotients.txt").lines().filter(|line| !line.starts_with('#')) {
        let [a, b, expected] = line.split(' ').collect::<std::vec::Vec<_>>()[..] else { panic!("{line}") };
        assert_eq!(divide(num(a), num(b)), Some(num(expected)), "{line}");
    }
}

#[test]
fn magnitudes_end_below_ten_to_the_28th() {
    let largest = num("9999999999999999999999999999");
    assert_eq!(add(largest, num("0")), Some(largest));
    assert_eq!(add(largest, num("1")), None);
    assert_eq!(subtract(-largest, num("1")), None);
    assert_eq!(multiply(num("100000000000000"), num("100000000000000")), None);
    assert_eq!(multiply(num("100000000000000"), num("10000000000000")), Some(num("1000000000000000000000000000")));
    assert_eq!(divide(largest, num("0.1")), None);
    assert_eq!(divide(num("1"), num("0.0000000000000000000000000001")), None);
    assert_eq!(divide(num("1"), num("0.000000000000000000000000001")), Some(num("1000000000000000000000000000")));
    assert_eq!(divide(num("1"), num("0")), None);
}

#[test]
fn digits_beyond_the_28th_are_rounded_half_to_even() {
    assert_eq!(fit(num("1.0000000000000000000000000005")), Some(num("1")));
    assert_eq!(fit(num("1.0000000000000000000000000015")), Some(num("1.000000000000000000000000002")));
    assert_eq!(fit(num("5999999999999999999999999999.5")), Some(num("6000000000000000000000000000")));
    assert_eq!(fit(num("5999999999999999999999999998.5")), Some(num("5999999999999999999999999998")));
    assert_eq!(fit(Decimal::MAX), None);
}

#[test]
fn zero_has_no_sign() {
    assert!(!divide(num("0"), num("-3")).unwrap().is_sign_negative());
}
