//! Senders: each event is sent until it is acknowledged, whatever happens to the server meanwhile.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use hyper::Method;
use serde_json::{Value, json};
use tokio::{sync::watch, task::JoinSet};

use crate::{
    client::Client,
    events::Event,
    server::{APPROVER_KEY, AUTHOR_KEY},
};

/// Events on their way at the same time.
const SENDERS: usize = 12;
/// The longest pause of a sender between two events, in milliseconds.
const PAUSE_MS_MAX: u64 = 40;
/// Before a request that was not answered is sent again.
const AGAIN: Duration = Duration::from_millis(30);
/// Between two looks at the open approvals.
const DECIDE: Duration = Duration::from_millis(150);

/// The addresses of the servers that run.
pub(crate) type Urls = watch::Receiver<Vec<String>>;

/// The senders and the one who decides.
pub(crate) struct Load {
    tasks: JoinSet<()>,
    stopping: Arc<AtomicBool>,
    acknowledged: Arc<Mutex<Vec<Event>>>,
    refused: Arc<Mutex<Vec<String>>>,
}

impl Load {
    pub(crate) fn start(urls: &Urls, chance: &mut fastrand::Rng) -> Self {
        let mut load = Self {
            tasks: JoinSet::new(),
            stopping: Arc::default(),
            acknowledged: Arc::default(),
            refused: Arc::default(),
        };
        let numbers = Arc::new(AtomicU64::new(0));
        for _ in 0..SENDERS {
            let sender = Sender {
                client: Client::new(AUTHOR_KEY),
                urls: urls.clone(),
                chance: chance.fork(),
                numbers: Arc::clone(&numbers),
                stopping: Arc::clone(&load.stopping),
                acknowledged: Arc::clone(&load.acknowledged),
                refused: Arc::clone(&load.refused),
            };
            load.tasks.spawn(sender.run());
        }
        load
    }

    /// Lets every sender finish what it has begun; gives what was acknowledged, and what was refused.
    pub(crate) async fn stop(mut self) -> (Vec<Event>, Vec<String>) {
        self.stopping.store(true, Ordering::Relaxed);
        while self.tasks.join_next().await.is_some() {}
        let taken =
            |list: &Mutex<Vec<String>>| std::mem::take(&mut *list.lock().unwrap_or_else(PoisonError::into_inner));
        let events = std::mem::take(&mut *self.acknowledged.lock().unwrap_or_else(PoisonError::into_inner));
        (events, taken(&self.refused))
    }
}

struct Sender {
    client: Client,
    urls: Urls,
    chance: fastrand::Rng,
    numbers: Arc<AtomicU64>,
    stopping: Arc<AtomicBool>,
    acknowledged: Arc<Mutex<Vec<Event>>>,
    refused: Arc<Mutex<Vec<String>>>,
}

impl Sender {
    async fn run(mut self) {
        while !self.stopping.load(Ordering::Relaxed) {
            let number = self.numbers.fetch_add(1, Ordering::Relaxed);
            let event = Event::of_number(number, &mut self.chance);
            self.deliver(event).await;
            tokio::time::sleep(Duration::from_millis(self.chance.u64(..=PAUSE_MS_MAX))).await;
        }
    }

    /// Sends until somebody says that they have it. Some callers wait for the run, others do not.
    async fn deliver(&mut self, event: Event) {
        let body = event.body().to_string();
        let wait = if self.chance.bool() { "?wait=1s" } else { "" };
        loop {
            if let Some(url) = pick(&self.urls, &mut self.chance) {
                match self.client.send(Method::POST, &format!("{url}/v1/events{wait}"), body.clone()).await {
                    Ok((200..=299, _)) => {
                        return self.acknowledged.lock().unwrap_or_else(PoisonError::into_inner).push(event);
                    }
                    Ok((status @ 400..=499, answer)) if status != 429 => {
                        let refusal = format!("{event:?} was refused with {status}: {answer}");
                        return self.refused.lock().unwrap_or_else(PoisonError::into_inner).push(refusal);
                    }
                    Ok(_) | Err(_) => {}
                }
            }
            tokio::time::sleep(AGAIN).await;
        }
    }
}

/// One of the servers that run, if one does.
pub(crate) fn pick(urls: &Urls, chance: &mut fastrand::Rng) -> Option<String> {
    chance.choice(urls.borrow().iter()).cloned()
}

/// Approves whatever is asked, until it is dropped.
pub(crate) async fn approve_everything(urls: Urls, mut chance: fastrand::Rng) {
    let client = Client::new(APPROVER_KEY);
    loop {
        if let Some(url) = pick(&urls, &mut chance)
            && let Ok((200, page)) =
                client.send(Method::GET, &format!("{url}/v1/approvals?status=open&limit=100"), String::new()).await
        {
            for approval in page.get("items").and_then(Value::as_array).into_iter().flatten() {
                let member = |name: &str| approval.get(name).and_then(Value::as_str).unwrap_or_default();
                let seen = json!({ "plan": member("plan"), "preview_digest": member("preview_digest") });
                let url = format!("{url}/v1/approvals/{}:approve", member("id"));
                // Whatever went wrong, the next look shows what is still open.
                let _ = client.send(Method::POST, &url, seen.to_string()).await;
            }
        }
        tokio::time::sleep(DECIDE).await;
    }
}
