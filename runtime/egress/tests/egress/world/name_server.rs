//! A name server that answers as a recursive one does, over UDP.

use std::{
    collections::BTreeMap,
    net::{IpAddr, SocketAddr},
    sync::{Arc, Mutex},
};

use hickory_resolver::proto::{
    op::{Message, Query, ResponseCode},
    rr::{Name, RData, Record, RecordType, rdata::CNAME},
};
use tokio::net::UdpSocket;

use super::INSIDE;

/// What a name server knows. Names that are not in it are inside.
#[derive(Clone, Debug, Default)]
pub(crate) struct Zone {
    names: BTreeMap<String, Known>,
}

#[derive(Clone, Debug)]
enum Known {
    /// Addresses; each question for IPv4 addresses gets the next of these, and the last for ever.
    Addresses(Vec<Vec<IpAddr>>),
    /// Another name.
    Alias(String),
    /// An error.
    Failure(ResponseCode),
}

/// A name server of this machine.
pub(crate) struct NameServer {
    pub(crate) address: SocketAddr,
    zone: Arc<Mutex<Zone>>,
}

impl Zone {
    /// These addresses, always.
    pub(crate) fn with(self, name: &str, addresses: &[&str]) -> Self {
        self.changing(name, &[addresses])
    }

    /// These addresses, one list after the other.
    pub(crate) fn changing(mut self, name: &str, answers: &[&[&str]]) -> Self {
        let parsed = |answer: &&[&str]| answer.iter().map(|address| address.parse().unwrap()).collect();
        self.names.insert(name.to_owned(), Known::Addresses(answers.iter().map(parsed).collect()));
        self
    }

    pub(crate) fn alias(mut self, name: &str, of: &str) -> Self {
        self.names.insert(name.to_owned(), Known::Alias(of.to_owned()));
        self
    }

    pub(crate) fn failing(mut self, name: &str, code: ResponseCode) -> Self {
        self.names.insert(name.to_owned(), Known::Failure(code));
        self
    }

    fn answer(&mut self, question: &Message) -> Message {
        let mut answer = question.clone().into_response();
        answer.metadata.recursion_available = true;
        answer.additionals.clear();
        let Some(query) = question.queries.first() else { return answer };
        let mut name = query.name().clone();
        for _ in 0..16 {
            let text = name.to_ascii().trim_end_matches('.').to_ascii_lowercase();
            match self.names.get_mut(&text) {
                Some(Known::Alias(of)) => {
                    let of = Name::from_ascii(format!("{of}.")).unwrap();
                    answer.add_answer(Record::from_rdata(name, 0, RData::CNAME(CNAME(of.clone()))));
                    name = of;
                    continue;
                }
                Some(Known::Failure(code)) => answer.metadata.response_code = *code,
                Some(Known::Addresses(answers)) => {
                    let now = answers[0].clone();
                    if query.query_type() == RecordType::A && answers.len() > 1 {
                        answers.remove(0);
                    }
                    add(&mut answer, &name, query, &now);
                }
                None => add(&mut answer, &name, query, &[INSIDE.into()]),
            }
            break;
        }
        answer
    }
}

fn add(answer: &mut Message, name: &Name, query: &Query, addresses: &[IpAddr]) {
    for address in addresses {
        let fits = match query.query_type() {
            RecordType::A => address.is_ipv4(),
            RecordType::AAAA => address.is_ipv6(),
            _ => false,
        };
        if fits {
            answer.add_answer(Record::from_rdata(name.clone(), 0, RData::from(*address)));
        }
    }
}

impl NameServer {
    pub(crate) async fn start(zone: Zone) -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let address = socket.local_addr().unwrap();
        let zone = Arc::new(Mutex::new(zone));
        let shared = Arc::clone(&zone);
        tokio::spawn(async move {
            let mut buffer = [0; 4096];
            while let Ok((length, from)) = socket.recv_from(&mut buffer).await {
                let Ok(question) = Message::from_vec(&buffer[..length]) else { continue };
                let answer = shared.lock().unwrap().answer(&question);
                socket.send_to(&answer.to_vec().unwrap(), from).await.unwrap();
            }
        });
        Self { address, zone }
    }

    /// From now on it knows this.
    pub(crate) fn set(&self, zone: Zone) {
        *self.zone.lock().unwrap() = zone;
    }
}
