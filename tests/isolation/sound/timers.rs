//! What waits for a time: batches, debouncing, expiry, fallbacks, backoff.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ssot_harness::prelude::*;
use tokio::sync::mpsc;
use tokio::task::AbortHandle;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep, timeout};

use crate::sound::told_apart::are_told_apart;

type Batches = Arc<Mutex<HashMap<String, (mpsc::UnboundedSender<Vec<String>>, Vec<String>)>>>;

/// Flushes on every tick what each user has written. Faulty: one batch, for everybody who has written into it.
fn flushed(faulty: bool) -> Check<Batches> {
    isolation(async move || {
        let batches = Batches::default();
        let flushing = Arc::clone(&batches);
        tokio::spawn(async move {
            let mut ticks = interval(Duration::from_millis(20));
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            loop {
                ticks.tick().await;
                let mut batches = flushing.lock().unwrap();
                let all: Vec<_> = batches.values().flat_map(|(_, lines)| lines.clone()).collect();
                for (sink, lines) in batches.values_mut().filter(|(_, lines)| !lines.is_empty()) {
                    let own = std::mem::take(lines);
                    // Its reader may be gone.
                    drop(sink.send(if faulty { all.clone() } else { own }));
                }
            }
        });
        batches
    })
    .users(3, async |user: &User, batches: &Batches| {
        let (sink, mut flushed) = mpsc::unbounded_channel();
        let name = user.id().to_string();
        batches.lock().unwrap().insert(name.clone(), (sink, Vec::new()));
        for line in ["first", "second"] {
            let line = user.secret(line);
            if let Some((_, lines)) = batches.lock().unwrap().get_mut(&name) {
                lines.push(line);
            }
            for line in flushed.recv().await.unwrap_or_default() {
                user.saw(Surface::Event, &line);
            }
        }
        batches.lock().unwrap().remove(&name);
        Ok(())
    })
}

#[test]
fn batches_that_a_ticker_flushes() {
    are_told_apart(Kind::ContextLeak, flushed);
}

#[derive(Default)]
struct Editor {
    saved: Arc<Mutex<HashMap<String, String>>>,
    pending: Mutex<HashMap<String, AbortHandle>>,
}

impl Editor {
    /// Saves the text once its writer has been quiet for a while.
    fn edit(&self, timer: &str, document: &str, text: String) {
        let (saved, document) = (Arc::clone(&self.saved), document.to_owned());
        let save = tokio::spawn(async move {
            sleep(Duration::from_millis(30)).await;
            saved.lock().unwrap().insert(document, text);
        });
        let before = self
            .pending
            .lock()
            .unwrap()
            .insert(timer.to_owned(), save.abort_handle());
        if let Some(before) = before {
            before.abort();
        }
    }
}

/// Faulty: there is one timer for all documents.
fn debounced(faulty: bool) -> Check<Editor> {
    isolation(async || Editor::default()).users(2, async move |user: &User, editor: &Editor| {
        let document = user.id().as_str();
        let timer = if faulty { "save" } else { document };
        for letters in [5, 15, 26] {
            editor.edit(timer, document, user.secret("text")[..letters].to_owned());
            sleep(Duration::from_millis(3)).await;
        }
        sleep(Duration::from_millis(90)).await;
        user.saw(Surface::Reply, &user.secret("text"));
        user.saw(Surface::Row, &editor.saved.lock().unwrap().get(document));
        Ok(())
    })
}

#[test]
fn saving_once_a_writer_is_quiet() {
    are_told_apart(Kind::Interference, debounced);
}

#[derive(Default)]
struct Cache {
    entries: Mutex<HashMap<String, (Instant, String)>>,
}

impl Cache {
    async fn profile(&self, key: &str, owner: &str) -> String {
        let now = Instant::now();
        let cached = self
            .entries
            .lock()
            .unwrap()
            .get(key)
            .filter(|(expires, _)| now < *expires)
            .cloned();
        if let Some((_, profile)) = cached {
            return profile;
        }
        sleep(Duration::from_millis(5)).await;
        let profile = format!("profile of {owner}");
        let entry = (Instant::now() + Duration::from_millis(50), profile.clone());
        self.entries.lock().unwrap().insert(key.to_owned(), entry);
        profile
    }
}

/// Faulty: the key is the path of the request, without the user.
fn cached(faulty: bool) -> Check<Cache> {
    isolation(async || Cache::default()).users(3, async move |user: &User, cache: &Cache| {
        let key = if faulty {
            "/me".to_owned()
        } else {
            format!("/me of {}", user.id())
        };
        for pause in [10, 60, 0] {
            user.saw(Surface::Reply, &cache.profile(&key, &user.secret("name")).await);
            sleep(Duration::from_millis(pause)).await;
        }
        user.saw(Surface::Event, &user.secret("name"));
        Ok(())
    })
}

#[test]
fn a_cache_whose_entries_expire() {
    are_told_apart(Kind::ContextLeak, cached);
}

#[derive(Default)]
struct Forecast {
    last: Mutex<HashMap<String, String>>,
}

impl Forecast {
    /// Answers in time, with what was last known where the service is slow.
    async fn ask(&self, key: &str, place: &str, takes: u64) -> String {
        let service = async {
            sleep(Duration::from_millis(takes)).await;
            format!("sunny in {place}")
        };
        if let Ok(answer) = timeout(Duration::from_millis(40), service).await {
            self.last.lock().unwrap().insert(key.to_owned(), answer.clone());
            return answer;
        }
        self.last
            .lock()
            .unwrap()
            .get(key)
            .map_or_else(|| "unknown".to_owned(), |last| format!("{last} (old)"))
    }
}

/// Faulty: the fallback is the last answer that anybody was given.
fn fallback(faulty: bool) -> Check<Forecast> {
    isolation(async || Forecast::default()).users(2, async move |user: &User, forecast: &Forecast| {
        let key = if faulty { "last" } else { user.id().as_str() };
        for takes in [5, 900, 10] {
            user.saw(
                Surface::Reply,
                &forecast.ask(key, &user.secret("place"), takes).await,
            );
        }
        Ok(())
    })
}

#[test]
fn a_fallback_where_the_service_is_slow() {
    are_told_apart(Kind::ContextLeak, fallback);
}

#[derive(Default)]
struct Upstream {
    attempts: Mutex<HashMap<String, u32>>,
    failures: Mutex<u32>,
}

impl Upstream {
    /// The third attempt of each succeeds.
    async fn pay(&self, who: &str, breaks: bool) -> Result<(), &'static str> {
        sleep(Duration::from_millis(2)).await;
        if breaks && *self.failures.lock().unwrap() >= 3 {
            return Err("the circuit is open");
        }
        let mut attempts = self.attempts.lock().unwrap();
        let attempts = attempts.entry(who.to_owned()).or_default();
        *attempts += 1;
        if *attempts < 3 {
            *self.failures.lock().unwrap() += 1;
            return Err("unavailable");
        }
        Ok(())
    }
}

/// Faulty: the failures of all open one circuit breaker.
fn retried(faulty: bool) -> Check<Upstream> {
    isolation(async || Upstream::default()).users(2, async move |user: &User, upstream: &Upstream| {
        let mut pause = Duration::from_millis(10);
        for attempt in 1..=4 {
            match upstream.pay(user.id().as_str(), faulty).await {
                Ok(()) => {
                    user.saw(
                        Surface::Reply,
                        &format!("paid {} at {attempt}", user.secret("bill")),
                    );
                    return Ok(());
                }
                Err(error) => user.saw(Surface::Error, error),
            }
            sleep(pause).await;
            pause *= 2;
        }
        user.saw(Surface::Reply, &format!("not paid {}", user.secret("bill")));
        Ok(())
    })
}

#[test]
fn attempts_with_exponential_backoff() {
    are_told_apart(Kind::Interference, retried);
}
