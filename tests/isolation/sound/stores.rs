//! Stores in memory: histories, quotas, uploads in parts.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ssot_harness::prelude::*;
use tokio::sync::{Semaphore, mpsc};
use tokio::task::yield_now;
use tokio::time::sleep;

use crate::sound::told_apart::are_told_apart;

#[derive(Default)]
struct Uploads {
    parts: Mutex<HashMap<String, Vec<String>>>,
    finished: Mutex<Vec<String>>,
}

/// An upload whose parts go away with it.
struct Upload<'a> {
    uploads: &'a Uploads,
    key: String,
    tidies: bool,
}

impl Drop for Upload<'_> {
    fn drop(&mut self) {
        if self.tidies {
            self.uploads.parts.lock().unwrap().remove(&self.key);
        }
    }
}

impl Upload<'_> {
    async fn add(&self, part: &str) {
        yield_now().await;
        let mut parts = self.uploads.parts.lock().unwrap();
        parts.entry(self.key.clone()).or_default().push(part.to_owned());
    }

    fn finish(self) -> String {
        let whole = self
            .uploads
            .parts
            .lock()
            .unwrap()
            .remove(&self.key)
            .unwrap_or_default()
            .concat();
        self.uploads.finished.lock().unwrap().push(whole.clone());
        whole
    }
}

/// Faulty: the parts of an upload that is given up stay.
fn uploads(faulty: bool) -> Check<Uploads> {
    isolation(async || Uploads::default())
        .users(2, async move |user: &User, uploads: &Uploads| {
            let upload = Upload {
                uploads,
                key: user.id().to_string(),
                tidies: !faulty,
            };
            let file = user.secret("file");
            for part in [&file[..10], &file[10..]] {
                upload.add(part).await;
            }
            sleep(Duration::from_millis(2)).await;
            user.saw(Surface::Reply, &upload.finish());
            Ok(())
        })
        .inspect(|uploads: &Uploads| uploads.parts.lock().unwrap().len())
}

#[test]
fn uploads_whose_parts_go_with_them() {
    are_told_apart(Kind::Residue, uploads);
}

#[derive(Default)]
struct Histories {
    turns: Mutex<HashMap<String, Vec<String>>>,
}

impl Histories {
    async fn answer(&self, key: &str, question: String) -> Vec<String> {
        self.turns
            .lock()
            .unwrap()
            .entry(key.to_owned())
            .or_default()
            .push(question);
        sleep(Duration::from_millis(8)).await;
        let mut turns = self.turns.lock().unwrap();
        let turns = turns.entry(key.to_owned()).or_default();
        turns.push(format!("answer {}", turns.len()));
        turns.clone()
    }
}

/// Faulty: the history is the session's, of which two users may have one of the same name.
fn histories(faulty: bool) -> Check<Histories> {
    isolation(async || Histories::default()).users(2, async move |user: &User, histories: &Histories| {
        let key = if faulty {
            user.context().session.to_string()
        } else {
            user.id().to_string()
        };
        for question in ["first", "second"] {
            user.saw(
                Surface::Reply,
                &histories.answer(&key, user.secret(question)).await,
            );
        }
        Ok(())
    })
}

#[test]
fn a_history_for_each_user() {
    are_told_apart(Kind::ContextLeak, histories);
}

struct Quota {
    left: Mutex<HashMap<String, i64>>,
}

/// Faulty: the quota is looked at before the await and taken after it, by all from one account.
fn quota(faulty: bool) -> Check<Quota> {
    isolation(async || Quota {
        left: Mutex::default(),
    })
    .users(2, async move |user: &User, quota: &Quota| {
        let account = if faulty {
            "all".to_owned()
        } else {
            user.id().to_string()
        };
        user.saw(Surface::Reply, &user.secret("prompt"));
        for _ in 0..2 {
            let left = *quota.left.lock().unwrap().entry(account.clone()).or_insert(100);
            sleep(Duration::from_millis(3)).await;
            quota.left.lock().unwrap().insert(account.clone(), left - 30);
        }
        user.saw(Surface::Reply, &quota.left.lock().unwrap()[&account]);
        Ok(())
    })
}

#[test]
fn a_quota_for_each_user() {
    are_told_apart(Kind::Interference, quota);
}

type Steps = mpsc::Sender<(String, mpsc::Sender<String>)>;

/// Three stages with bounded channels between. Faulty: the last stage writes to whoever came last.
fn pipeline(faulty: bool) -> Check<Steps> {
    isolation(async move || {
        let (first, mut parsed) = mpsc::channel::<(String, mpsc::Sender<String>)>(1);
        let (second, mut enriched) = mpsc::channel::<(String, mpsc::Sender<String>)>(1);
        tokio::spawn(async move {
            while let Some((text, to)) = parsed.recv().await {
                yield_now().await;
                if second.send((format!("parsed {text}"), to)).await.is_err() {
                    break;
                }
            }
        });
        tokio::spawn(async move {
            let slots = Arc::new(Semaphore::new(2));
            let last = Arc::new(Mutex::new(None));
            while let Some((text, to)) = enriched.recv().await {
                let Ok(slot) = Arc::clone(&slots).acquire_owned().await else {
                    break;
                };
                *last.lock().unwrap() = Some(to.clone());
                let last = Arc::clone(&last);
                drop(tokio::spawn(async move {
                    sleep(Duration::from_millis(2)).await;
                    let last = last.lock().unwrap().clone();
                    let to = if faulty { last.unwrap_or(to) } else { to };
                    // The reader may be gone.
                    drop(to.send(text).await);
                    drop(slot);
                }));
            }
        });
        first
    })
    .users(3, async |user: &User, steps: &Steps| {
        let (to, mut results) = mpsc::channel(1);
        user.saw(Surface::Reply, &user.secret("text"));
        steps.send((user.secret("text"), to)).await?;
        user.saw(Surface::Event, &results.recv().await);
        Ok(())
    })
}

#[test]
fn a_pipeline_of_bounded_channels() {
    are_told_apart(Kind::ContextLeak, pipeline);
}
