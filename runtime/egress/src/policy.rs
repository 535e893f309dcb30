//! What the operator allows.

use std::{collections::BTreeMap, net::SocketAddr};

use url::Url;

use crate::{AllowList, Network, Origin};

/// What the operator of a node allows, to everybody on it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    pub(crate) allowed: AllowList,
    routes: BTreeMap<Origin, Origin>,
    pub(crate) networks: Vec<Network>,
    pub(crate) name_servers: Vec<SocketAddr>,
}

impl Policy {
    /// Denies everything.
    pub fn deny_all() -> Self {
        Self::default()
    }

    /// Allows these origins and no other.
    pub fn allow(origins: impl IntoIterator<Item = Origin>) -> Self {
        Self::from(origins.into_iter().collect::<AllowList>())
    }

    /// Allows these origins too.
    #[must_use]
    pub fn with(mut self, list: AllowList) -> Self {
        self.allowed.extend(list);
        self
    }

    /// Sends what is for one origin to another: a gateway, a sidecar, a stand-in. For the operator to say, never for an
    /// app: whoever may reach the first reaches the second, at whatever address that is.
    #[must_use]
    pub fn with_route(mut self, from: Origin, to: Origin) -> Self {
        self.routes.insert(from, to);
        self
    }

    /// Takes the addresses of a network for public ones, which it is not. An address that gives away credentials of the
    /// machine (cloud metadata) has to be named by itself.
    #[must_use]
    pub fn with_network(mut self, network: Network) -> Self {
        self.networks.push(network);
        self
    }

    /// Asks these name servers, instead of those of the system.
    #[must_use]
    pub fn with_name_servers(mut self, servers: impl IntoIterator<Item = SocketAddr>) -> Self {
        self.name_servers.extend(servers);
        self
    }

    /// Whether requests may go to `origin`.
    pub fn allows(&self, origin: &Origin) -> bool {
        self.allowed.allows(origin)
    }

    /// Where a request for this URL goes instead, if the operator has said so.
    pub(crate) fn route(&self, origin: &Origin, url: &Url) -> Option<Url> {
        let mut to = self.routes.get(origin).and_then(|to| Url::parse(to.as_str()).ok())?;
        to.set_path(url.path());
        to.set_query(url.query());
        Some(to)
    }
}

impl From<AllowList> for Policy {
    fn from(allowed: AllowList) -> Self {
        Self { allowed, ..Self::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::Policy;
    use crate::{AllowList, Origin};

    #[test]
    fn an_empty_policy_denies_all_and_a_list_opens_what_is_on_it() {
        let origin = Origin::parse("https://example.com").unwrap();
        assert!(!Policy::deny_all().allows(&origin));
        let opened = Policy::deny_all().with(AllowList::parse(["https://example.com"]).unwrap());
        assert!(opened.allows(&origin));
        assert!(!opened.allows(&Origin::parse("https://example.org").unwrap()));
    }
}
