//! Which addresses a request may go to: public ones, and those of networks that the operator has named.
//!
//! `blocks` is the table of what is not public; `network` is how an operator names an exception.

mod blocks;
mod network;

pub(crate) use blocks::Block;
pub use network::{Network, NetworkError};

use std::net::{IpAddr, Ipv4Addr};

use self::blocks::{BLOCKS, METADATA, NAT64};

/// The check of addresses, with an operator's exceptions.
#[derive(Clone, Debug, Default)]
pub(crate) struct Addresses {
    networks: Vec<Network>,
}

impl Addresses {
    /// Public addresses, and those of these networks.
    pub(crate) fn new(networks: Vec<Network>) -> Self {
        Self { networks }
    }

    /// The row of the table that an address is in, if no request may go there.
    pub(crate) fn refusal(&self, address: IpAddr) -> Option<&'static Block> {
        let holds = |block: &&Block| block.network.contains(&address);
        if let Some(block) = METADATA.iter().find(holds) {
            let named = self.networks.iter().any(|network| network.is_only(address));
            return (!named).then_some(block);
        }
        if self.networks.iter().any(|network| network.contains(address)) {
            return None;
        }
        match address {
            // What is behind the translator, no network of this side's speaks for.
            IpAddr::V6(v6) if NAT64.network.contains(&address) => {
                let [.., a, b, c, d] = v6.octets();
                Self::default().refusal(IpAddr::V4(Ipv4Addr::new(a, b, c, d)))
            }
            _ => BLOCKS.iter().find(holds),
        }
    }
}

#[cfg(test)]
mod tests;
