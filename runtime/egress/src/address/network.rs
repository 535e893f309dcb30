//! Networks that an operator names.

use std::{fmt, net::IpAddr};

use ipnet::IpNet;

/// A network of addresses, such as `10.20.0.0/16` or `fd12:3456::/32`; an address by itself is a network of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network(
    // INVARIANT: no bit is set behind the prefix; upheld by `parse`.
    IpNet,
);

/// Text that is not a network.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a network, such as `10.20.0.0/16`, with no bit set behind its prefix")]
pub struct NetworkError {
    /// What was given.
    pub text: String,
}

impl Network {
    /// Reads a network.
    pub fn parse(text: &str) -> Result<Self, NetworkError> {
        let network = text.parse::<IpNet>().ok().or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from));
        let exact = network.filter(|network| network.trunc() == *network);
        exact.map(Self).ok_or_else(|| NetworkError { text: text.to_owned() })
    }

    pub(super) fn contains(self, address: IpAddr) -> bool {
        self.0.contains(&address)
    }

    /// Whether the network is this address and no other.
    pub(super) fn is_only(self, address: IpAddr) -> bool {
        self.0 == IpNet::from(address)
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::Network;

    #[test]
    fn a_network_is_written_with_its_prefix_and_an_address_is_one_of_its_own() {
        for (text, shown) in [
            ("10.20.0.0/16", "10.20.0.0/16"),
            ("10.1.2.3", "10.1.2.3/32"),
            ("fd12:3456::/32", "fd12:3456::/32"),
            ("::1", "::1/128"),
        ] {
            assert_eq!(Network::parse(text).unwrap().to_string(), shown);
        }
        for text in ["10.20.0.1/16", "10.20.0.0/33", "10.20/16", "::1/64", "intranet", "", "10.0.0.0/", "0x7f.1"] {
            let error = Network::parse(text).unwrap_err().to_string();
            assert!(error.contains(&format!("`{text}`")), "{error}");
        }
    }
}
