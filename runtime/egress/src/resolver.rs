//! From a name to addresses that were checked.
//!
//! The client connects to what comes from here and to nothing else: what is checked is what is used, so that a name
//! that changes its answer in between changes nothing.

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

use hickory_resolver::{
    ResolverBuilder, TokioResolver,
    config::{ConnectionConfig, LookupIpStrategy, NameServerConfig, ResolverConfig},
    net::runtime::TokioRuntimeProvider,
};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::{EgressError, address::Addresses};

/// A resolver that gives all addresses of a name, or none if one of them is not public.
pub(crate) struct CheckedResolver {
    resolver: TokioResolver,
    addresses: Arc<Addresses>,
}

/// What a request is told, whatever the reason: an app that could tell a name that is not there from one that leads
/// inside could map the inside.
#[derive(Debug, thiserror::Error)]
#[error("there is no address that requests may go to")]
struct NoAddress;

impl CheckedResolver {
    /// Asks these name servers; those of the system if there are none.
    pub(crate) fn new(name_servers: &[SocketAddr], addresses: Arc<Addresses>) -> Result<Self, EgressError> {
        let mut builder = if name_servers.is_empty() { of_system() } else { asking(name_servers) };
        // All addresses of a name are checked, so all are asked for.
        builder.options_mut().ip_strategy = LookupIpStrategy::Ipv4AndIpv6;
        let resolver = builder.build().map_err(|error| EgressError::SetUp(error.to_string()))?;
        Ok(Self { resolver, addresses })
    }
}

/// As `resolv.conf` says; without one, the machine itself is asked, as resolv.conf(5) has it.
fn of_system() -> ResolverBuilder<TokioRuntimeProvider> {
    TokioResolver::builder_tokio().unwrap_or_else(|error| {
        tracing::warn!(%error, "the system names no name server: this machine is asked");
        asking(&[SocketAddr::from(([127, 0, 0, 1], 53))])
    })
}

fn asking(name_servers: &[SocketAddr]) -> ResolverBuilder<TokioRuntimeProvider> {
    let server = |server: &SocketAddr| {
        let connections = [ConnectionConfig::udp(), ConnectionConfig::tcp()].map(|mut connection| {
            connection.port = server.port();
            connection
        });
        NameServerConfig::new(server.ip(), true, connections.into())
    };
    let config = ResolverConfig::from_parts(None, Vec::new(), name_servers.iter().map(server).collect());
    TokioResolver::builder_with_config(config, TokioRuntimeProvider::default())
}

impl Resolve for CheckedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let (resolver, addresses) = (self.resolver.clone(), Arc::clone(&self.addresses));
        Box::pin(async move {
            let host = name.as_str();
            // With a dot at its end, a name is whole: no search list of the system makes another one of it.
            let whole = format!("{}.", host.trim_end_matches('.'));
            let found: Vec<IpAddr> = match resolver.lookup_ip(whole).await {
                Ok(found) => found.iter().collect(),
                Err(error) => {
                    tracing::info!(host, %error, "the host of a request was not found");
                    return Err(NoAddress.into());
                }
            };
            for address in &found {
                if let Some(block) = addresses.refusal(*address) {
                    let (what, source) = (block.what, block.source);
                    tracing::warn!(host, %address, what, source, "a request was refused: its host is not public");
                    return Err(NoAddress.into());
                }
            }
            if found.is_empty() {
                return Err(NoAddress.into());
            }
            // The port is that of the URL.
            let addresses: Addrs = Box::new(found.into_iter().map(|address| SocketAddr::new(address, 0)));
            Ok(addresses)
        })
    }
}
