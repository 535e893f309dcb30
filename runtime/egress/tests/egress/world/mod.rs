//! A public site, an inside, and a name server.

mod name_server;
mod site;

use std::net::Ipv4Addr;

use alcove_egress::{AllowList, Egress, EgressError, Limits, Method, Network, Policy, Request, Response, Sender};
use tokio::net::TcpListener;

pub(crate) use name_server::{NameServer, Zone};
pub(crate) use site::Site;

/// Stands for the public web.
pub(crate) const PUBLIC: Ipv4Addr = Ipv4Addr::LOCALHOST;
/// Stands for what nobody may reach.
pub(crate) const INSIDE: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 2);

pub(crate) struct World {
    pub(crate) site: Site,
    pub(crate) inside: Site,
    pub(crate) names: NameServer,
    pub(crate) port: u16,
}

impl World {
    /// Both sites listen on one port, so that a URL goes to whichever its host resolves to.
    pub(crate) async fn start(zone: Zone) -> Self {
        let (public, inside) = loop {
            let public = TcpListener::bind((PUBLIC, 0)).await.unwrap();
            let port = public.local_addr().unwrap().port();
            if let Ok(inside) = TcpListener::bind((INSIDE, port)).await {
                break (public, inside);
            }
        };
        let port = public.local_addr().unwrap().port();
        let names = NameServer::start(zone).await;
        Self { site: Site::serve(public), inside: Site::serve(inside), names, port }
    }

    pub(crate) fn origin(&self, host: &str) -> String {
        format!("http://{host}:{}", self.port)
    }

    pub(crate) fn url(&self, host: &str, path: &str) -> String {
        format!("{}{path}", self.origin(host))
    }

    /// Asks this world's name server, and takes 127.0.0.1 for public.
    pub(crate) fn policy(&self, hosts: &[&str]) -> Policy {
        let list = AllowList::parse(hosts.iter().map(|host| self.origin(host))).unwrap();
        let public = Network::parse(&PUBLIC.to_string()).unwrap();
        Policy::from(list).with_network(public).with_name_servers([self.names.address])
    }

    pub(crate) fn egress(&self, hosts: &[&str]) -> Egress {
        Egress::new(self.policy(hosts)).unwrap()
    }

    /// Nothing has come to where nothing may.
    pub(crate) fn inside_is_untouched(&self) {
        assert_eq!(self.inside.connections(), 0, "somebody has got inside");
    }
}

/// A GET for the operator.
pub(crate) fn get(url: &str) -> Request<'_> {
    Request {
        sender: Sender::Operator,
        method: Method::Get,
        url,
        headers: &[],
        body: Vec::new(),
        limits: Limits::default(),
        not_after: None,
        sink: None,
    }
}

/// A POST with a body, for the operator.
pub(crate) fn post(url: &str) -> Request<'_> {
    Request { method: Method::Post, body: b"hello".to_vec(), ..get(url) }
}

/// What an answer or an error comes to: the status and the body, or the error's code.
pub(crate) fn outcome(result: &Result<Response, EgressError>) -> Result<(u16, String), &'static str> {
    match result {
        Ok(response) => Ok((response.status, String::from_utf8_lossy(&response.body).into_owned())),
        Err(error) => Err(error.code()),
    }
}

/// The answer of a site to `/`.
pub(crate) fn here() -> (u16, String) {
    (200, "here".to_owned())
}
