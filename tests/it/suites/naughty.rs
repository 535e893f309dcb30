//! Strings that break programs.

use std::{fs, path::Path};

use alcove_plan::limits::STRING_BYTES_MAX;

/// The suite, from the root of the checkout.
const SUITE: &str = "../../shared/suites/naughty-strings/blns.json";

/// The suite's strings, and some that aim at this program.
pub(super) fn strings() -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(SUITE);
    let mut strings: Vec<String> = match fs::read_to_string(&path) {
        Ok(text) => serde_json::from_str(&text).unwrap(),
        Err(error) => {
            eprintln!("SKIPPED: the suite of naughty strings: {}: {error}", path.display());
            Vec::new()
        }
    };
    let own = [
        "{{tenant_id}}",
        "{{",
        "}}",
        "{{ event.content }} and {{user.name | uppercase}}",
        "\0",
        "a\0b",
        "\u{feff}begins with a byte order mark",
        "line\r\nbreak\u{2028}\u{2029}\u{85}",
        "\\u0000 \\n \\",
        "%s %n $1 ?1 :tenant @tenant",
        "'; DROP TABLE users; --",
        "\u{202e}right to left",
        "\u{10ffff}\u{fffd}\u{e000}",
        "2026-11-16T07:00:00Z",
        "1e400",
        "[1,2]",
        "{\"a\":1}",
    ];
    strings.extend(own.map(str::to_owned));
    strings.push("é".repeat(1_000));
    strings.push("x".repeat(STRING_BYTES_MAX / 16));
    strings
}
