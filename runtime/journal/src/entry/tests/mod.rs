mod any;
mod refusals;

pub(crate) use any::any_record;

use proptest::prelude::*;

use super::{read_journal, write_journal};

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 1_000, ..ProptestConfig::default() })]

    #[test]
    fn journals_come_back_and_have_one_form(records in prop::collection::vec(any_record(), 0..5)) {
        let bytes = write_journal(&records);
        let back = read_journal(&bytes);
        prop_assert_eq!(back.as_ref(), Ok(&records));
        prop_assert_eq!(write_journal(&back.unwrap()), bytes);
    }

    #[test]
    fn a_cut_inside_a_record_is_refused(record in any_record()) {
        let bytes = write_journal([&record]);
        for len in 1..bytes.len() {
            prop_assert!(read_journal(&bytes[..len]).is_err(), "cut at {}", len);
        }
    }

    #[test]
    fn random_bytes_are_refused_or_are_the_one_form_of_a_journal(bytes: Vec<u8>) {
        if let Ok(records) = read_journal(&bytes) {
            prop_assert_eq!(write_journal(&records), bytes);
        }
    }

    #[test]
    fn flipped_bits_are_refused_or_give_another_journal(
        record in any_record(),
        flips in prop::collection::vec((any::<prop::sample::Index>(), 0..8_u8), 1..4),
    ) {
        let mut bytes = write_journal([&record]);
        for (at, bit) in flips {
            let at = at.index(bytes.len());
            bytes[at] ^= 1 << bit;
        }
        if let Ok(records) = read_journal(&bytes) {
            prop_assert_eq!(write_journal(&records), bytes);
        }
    }
}
