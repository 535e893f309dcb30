//! What apps may reach outside.

use std::net::SocketAddr;

use alcove_egress::{AllowList, Egress, Network, Origin, Policy};
use alcove_execution::Outside;
use alcove_platform::http::PlatformApi;

use crate::{cli::complaint::Complaint, sandbox};

/// What the command line says about requests of apps.
#[derive(Debug, clap::Args)]
pub(super) struct EgressArgs {
    /// An origin that apps' requests may go to, such as `https://api.example.com`, or all subdomains of a domain, such
    /// as `https://*.example.com`; `http`, and a port, only where they are named. May be repeated; none: none.
    #[arg(long, value_name = "URL")]
    allow_origin: Vec<String>,
    /// A network of private addresses that apps' requests may go to, such as `10.20.0.0/16`. May be repeated.
    #[arg(long, value_name = "NETWORK")]
    allow_network: Vec<String>,
    /// Tenants without an allow-list of their own may reach every allowed origin, and not none. So may the tenant of
    /// `--dev-tenant`.
    #[arg(long)]
    inherit_origins: bool,
    /// Sends what is for one origin to another: a gateway, a stand-in. May be repeated.
    #[arg(long, value_name = "FROM=TO")]
    route_origin: Vec<String>,
    /// Where the platform's own API is, for actions that are requests to it; `ALCOVE_PLATFORM_API_KEY` is its bearer
    /// token.
    #[arg(long, value_name = "URL")]
    platform_api: Option<String>,
    /// A name server that finds the hosts of requests, instead of those of the system. May be repeated.
    #[arg(long, value_name = "ADDRESS:PORT")]
    name_server: Vec<SocketAddr>,
}

/// The AI provider of the environment, and the way out of the command line.
pub(super) fn outside(args: &EgressArgs, is_dev: bool) -> Result<Outside, Complaint> {
    let ai = sandbox::configured_ai();
    let ai = ai.map_err(|error| Complaint::new("usage", "ALCOVE_AI_DIALECT", "", format!("{error:#}")))?;
    let egress = Egress::new(policy(args)?).map_err(|error| Complaint::caused("usage", "--allow-origin", &error))?;
    let api = args.platform_api.as_deref().map(platform_api).transpose()?;
    let lists_inherited = args.inherit_origins || is_dev;
    Ok(Outside { ai, egress: Some(egress), lists_inherited, api, ..Outside::default() })
}

fn platform_api(url: &str) -> Result<PlatformApi, Complaint> {
    let key = std::env::var("ALCOVE_PLATFORM_API_KEY").ok();
    PlatformApi::new(url, key).map_err(|error| Complaint::caused("usage", "--platform-api", &error))
}

fn policy(args: &EgressArgs) -> Result<Policy, Complaint> {
    let allowed = AllowList::parse(&args.allow_origin);
    let allowed = allowed.map_err(|error| Complaint::caused("usage", "--allow-origin", &error))?;
    let mut policy = Policy::from(allowed).with_name_servers(args.name_server.iter().copied());
    for network in &args.allow_network {
        let network = Network::parse(network).map_err(|error| Complaint::caused("usage", "--allow-network", &error))?;
        policy = policy.with_network(network);
    }
    for route in &args.route_origin {
        let (from, to) = route.split_once('=').ok_or_else(|| {
            Complaint::new("usage", "--route-origin", "", format!("`{route}` must be FROM=TO, two origins"))
        })?;
        policy = policy.with_route(route_end(from)?, route_end(to)?);
    }
    Ok(policy)
}

fn route_end(url: &str) -> Result<Origin, Complaint> {
    Origin::parse(url).map_err(|error| Complaint::caused("usage", "--route-origin", &error))
}
