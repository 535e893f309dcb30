//! Links: what may stand in a parameter of kind `url`. One rule for the compiler, which reads constants, and for the
//! platform, which reads every value: so that a plan that no compiler made gets no further.

use std::net::{Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

/// Names that only mean something inside a network.
const INTERNAL_SUFFIXES: &[&str] = &["localhost", "internal", "local", "lan", "home", "corp", "intranet", "home.arpa"];

/// Why a text is not a link that may be sent out: `https`, a public host, no user or password. `None`: it may.
///
/// What a link points to is judged by its text alone: no name is looked up.
pub fn refusal(text: &str) -> Option<String> {
    if text.chars().any(|c| c.is_control() || c.is_whitespace() || c == '\\') {
        return Some("it has blanks, backslashes or control characters".to_owned());
    }
    let url = match Url::parse(text) {
        Ok(url) => url,
        Err(error) => return Some(error.to_string()),
    };
    if url.scheme() != "https" {
        return Some(format!("it uses `{}`, not `https`", url.scheme()));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Some("it carries a user name or password".to_owned());
    }
    match url.host() {
        None => Some("it has no host".to_owned()),
        Some(Host::Domain(name)) => internal_name(name).then(|| format!("`{name}` is an internal name")),
        Some(Host::Ipv4(address)) => internal_v4(address).then(|| format!("{address} is not a public address")),
        Some(Host::Ipv6(address)) => internal_v6(address).then(|| format!("{address} is not a public address")),
    }
}

fn internal_name(name: &str) -> bool {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    !name.contains('.')
        || INTERNAL_SUFFIXES
            .iter()
            .any(|suffix| name.strip_suffix(suffix).is_some_and(|rest| rest.is_empty() || rest.ends_with('.')))
}

/// Everything that IANA's registry of special-purpose addresses keeps off the public internet.
fn internal_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    matches!(
        (a, b, c),
        (0 | 10 | 127 | 224..=255, _, _)
            | (100, 64..=127, _)
            | (169, 254, _)
            | (172, 16..=31, _)
            | (192, 168, _)
            | (192, 0, 0 | 2)
            | (192, 88, 99)
            | (198, 18..=19, _)
            | (198, 51, 100)
            | (203, 0, 113)
    )
}

fn internal_v6(address: Ipv6Addr) -> bool {
    let [first, second, ..] = address.segments();
    let inner_v4 = match address.segments() {
        [0, 0, 0, 0, 0, 0 | 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => {
            Some((high, low))
        }
        _ => None,
    };
    if let Some((high, low)) = inner_v4 {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        return internal_v4(Ipv4Addr::new(a, b, c, d));
    }
    // Only 2000::/3 is global unicast; 2001::/23 is for protocols and 2001:db8::/32 for documentation.
    first & 0xe000 != 0x2000 || (first == 0x2001 && (second < 0x200 || second == 0xdb8))
}

#[cfg(test)]
mod tests {
    use super::refusal;

    #[test]
    fn public_https_is_allowed() {
        for text in
            ["https://example.com/", "https://example.com:8443/a?b=c", "https://8.8.8.8/", "https://[2606:4700::1]/"]
        {
            assert_eq!(refusal(text), None, "{text}");
        }
    }

    #[test]
    fn everything_internal_is_refused_in_any_notation() {
        for text in [
            "http://example.com/",
            "ftp://example.com/",
            "https://localhost/",
            "https://localhost./",
            "https://a.localhost./",
            "https://0.0.0.0/",
            "https://198.18.0.1/",
            "https://224.0.0.1/",
            "https://[::ffff:a9fe:a9fe]/",
            "https://[2002:a00:1::]/",
            "https://LOCALHOST./",
            "https://a.internal/",
            "https://printer.local/",
            "https://intranet/",
            "https://127.0.0.1/",
            "https://2130706433/",
            "https://0x7f.1/",
            "https://017700000001/",
            "https://10.1.2.3/",
            "https://169.254.169.254/latest",
            "https://100.64.0.1/",
            "https://[::1]/",
            "https://[::ffff:10.0.0.1]/",
            "https://[fd00::1]/",
            "https://[fe80::1]/",
            "https://[64:ff9b::7f00:1]/",
            "https://user:pass@example.com/",
            "/relative",
            "javascript:alert(1)",
            "https://exa mple.com/",
            "https:\\\\example.com/",
            "https://metadata.google.internal/",
        ] {
            assert!(refusal(text).is_some(), "{text}");
        }
    }
}
