//! Jobs at a time, sessions that expire, loops that select, and an orderly end.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ssot_harness::prelude::*;
use tokio::sync::{Notify, mpsc, oneshot, watch};
use tokio::time::{Instant, interval, sleep, timeout};

use crate::sound::told_apart::are_told_apart;

#[derive(Default)]
struct Sessions {
    by_token: Mutex<HashMap<usize, (Instant, String)>>,
    issued: Mutex<usize>,
}

const IDLE: Duration = Duration::from_millis(80);

impl Sessions {
    async fn log_in(&self, name: String, counts_live: bool) -> usize {
        let token = if counts_live {
            let token = self.by_token.lock().unwrap().len();
            sleep(Duration::from_millis(1)).await;
            token
        } else {
            sleep(Duration::from_millis(1)).await;
            let mut issued = self.issued.lock().unwrap();
            *issued += 1;
            *issued
        };
        let session = (Instant::now() + IDLE, name);
        self.by_token.lock().unwrap().insert(token, session);
        token
    }

    fn name(&self, token: usize) -> Option<String> {
        let mut sessions = self.by_token.lock().unwrap();
        let (expires, name) = sessions.get_mut(&token)?;
        *expires = Instant::now() + IDLE;
        Some(name.clone())
    }
}

/// Faulty: the token is how many sessions were live when the login began.
fn sessions(faulty: bool) -> Check<Arc<Sessions>> {
    isolation(async || {
        let sessions = Arc::new(Sessions::default());
        let swept = Arc::clone(&sessions);
        tokio::spawn(async move {
            let mut ticks = interval(Duration::from_millis(40));
            loop {
                ticks.tick().await;
                let now = Instant::now();
                swept
                    .by_token
                    .lock()
                    .unwrap()
                    .retain(|_, (expires, _)| *expires > now);
            }
        });
        sessions
    })
    .users(2, async move |user: &User, sessions: &Arc<Sessions>| {
        user.saw(Surface::Event, &user.secret("name"));
        let token = sessions.log_in(user.secret("name"), faulty).await;
        sleep(Duration::from_millis(5)).await;
        user.saw(Surface::Reply, &sessions.name(token));
        sleep(IDLE + Duration::from_millis(120)).await;
        user.saw(Surface::Reply, &sessions.name(token));
        Ok(())
    })
}

#[test]
fn sessions_that_expire() {
    are_told_apart(Kind::ContextLeak, sessions);
}

#[derive(Default)]
struct Reports {
    current: Arc<Mutex<String>>,
}

impl Reports {
    fn schedule(&self, text: String, uses_current: bool) -> oneshot::Receiver<String> {
        let (tell, told) = oneshot::channel();
        text.clone_into(&mut self.current.lock().unwrap());
        let current = Arc::clone(&self.current);
        drop(tokio::spawn(async move {
            sleep(Duration::from_millis(300)).await;
            let text = if uses_current {
                current.lock().unwrap().clone()
            } else {
                text
            };
            // Whoever asked may be gone.
            drop(tell.send(text));
        }));
        told
    }
}

/// Faulty: the job looks up whose it is when it is due.
fn scheduled(faulty: bool) -> Check<Reports> {
    isolation(async || Reports::default()).users(3, async move |user: &User, reports: &Reports| {
        user.saw(Surface::Reply, &user.secret("report"));
        let due = reports.schedule(user.secret("report"), faulty);
        user.saw(Surface::Event, &due.await?);
        Ok(())
    })
}

#[test]
fn a_scheduled_job_for_each_user() {
    are_told_apart(Kind::ContextLeak, scheduled);
}

/// A feed that goes on until it is stopped. Faulty: who stops one stops all.
fn feeds(faulty: bool) -> Check<watch::Sender<u32>> {
    isolation(async || watch::channel(0).0).users(2, async move |user: &User, all: &watch::Sender<u32>| {
        let own = watch::channel(0).0;
        let stop = if faulty { all } else { &own };
        let mut stopped = stop.subscribe();
        let (items, mut feed) = mpsc::channel(1);
        let item = user.secret("item");
        drop(tokio::spawn(async move {
            for number in 0_u32.. {
                tokio::select! {
                    biased;
                    _ = stopped.changed() => break,
                    sent = items.send(format!("{number} {item}")) => if sent.is_err() { break },
                }
            }
        }));
        for _ in 0..3 {
            match feed.recv().await {
                Some(item) => user.saw(Surface::Event, &item),
                None => user.saw(Surface::Error, "the feed is over"),
            }
            sleep(Duration::from_millis(1)).await;
        }
        user.saw(Surface::Reply, &user.secret("item"));
        stop.send_modify(|times| *times += 1);
        Ok(())
    })
}

#[test]
fn a_biased_select_with_a_branch_to_stop() {
    are_told_apart(Kind::Interference, feeds);
}

type Order = (String, oneshot::Sender<String>);

/// A server that carries out one order at a time. Faulty: an order that comes meanwhile takes the place of the one before.
fn server(faulty: bool) -> Check<mpsc::Sender<Order>> {
    isolation(async move || {
        let (orders, mut queue) = mpsc::channel::<Order>(4);
        tokio::spawn(async move {
            let mut under_way: Option<Order> = None;
            let mut books = interval(Duration::from_millis(50));
            loop {
                let work = sleep(Duration::from_millis(30));
                tokio::select! {
                    Some(order) = queue.recv(), if faulty || under_way.is_none() => under_way = Some(order),
                    () = work, if under_way.is_some() => if let Some((text, answer)) = under_way.take() {
                        // Whoever ordered may be gone.
                        drop(answer.send(format!("done {text}")));
                    },
                    _ = books.tick(), if under_way.is_none() => {}
                }
            }
        });
        orders
    })
    .users(2, async |user: &User, orders: &mpsc::Sender<Order>| {
        user.saw(Surface::Event, &user.secret("order"));
        let (answer, answered) = oneshot::channel();
        orders.send((user.secret("order"), answer)).await?;
        user.saw(Surface::Reply, &answered.await?);
        Ok(())
    })
}

#[test]
fn an_unbiased_select_with_a_ticker() {
    are_told_apart(Kind::Interference, server);
}

/// A worker that is told to drain its queue, and counts among the live ones until it has.
struct Worker {
    stop: Arc<Notify>,
    lines: mpsc::UnboundedSender<String>,
    done: Option<oneshot::Receiver<Vec<String>>>,
    stops_on_drop: bool,
}

struct Live(Arc<Mutex<u32>>);

impl Drop for Live {
    fn drop(&mut self) {
        *self.0.lock().unwrap() -= 1;
    }
}

impl Worker {
    fn start(live: &Arc<Mutex<u32>>, stops_on_drop: bool) -> Self {
        *live.lock().unwrap() += 1;
        let live = Live(Arc::clone(live));
        let (lines, mut queue) = mpsc::unbounded_channel();
        let stop = Arc::new(Notify::new());
        let told = Arc::clone(&stop);
        let (tell, done) = oneshot::channel();
        // The worker keeps a sender for itself, so that only a stop ends it.
        let own: mpsc::UnboundedSender<String> = lines.clone();
        drop(tokio::spawn(async move {
            let _live = live;
            let _own = own;
            let mut written = Vec::new();
            loop {
                tokio::select! {
                    Some(text) = queue.recv() => written.push(text),
                    () = told.notified() => break,
                }
            }
            while let Ok(text) = queue.try_recv() {
                written.push(text);
            }
            sleep(Duration::from_millis(5)).await;
            // Whoever it worked for may be gone.
            drop(tell.send(written));
        }));
        Self {
            stop,
            lines,
            done: Some(done),
            stops_on_drop,
        }
    }

    async fn shut_down(mut self) -> Result<Vec<String>, Box<dyn std::error::Error + Send + Sync>> {
        self.stop.notify_one();
        let done = self.done.take().ok_or("it was shut down before")?;
        Ok(timeout(Duration::from_secs(5), done).await??)
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        if self.stops_on_drop {
            self.stop.notify_one();
        }
    }
}

/// Faulty: only an orderly end stops the worker.
fn workers(faulty: bool) -> Check<Arc<Mutex<u32>>> {
    isolation(async || Arc::new(Mutex::new(0)))
        .users(2, async move |user: &User, live: &Arc<Mutex<u32>>| {
            let worker = Worker::start(live, !faulty);
            for line in ["first", "second"] {
                worker.lines.send(user.secret(line))?;
                sleep(Duration::from_millis(2)).await;
            }
            user.saw(Surface::Reply, &worker.shut_down().await?);
            Ok(())
        })
        .inspect_async(async |live: &Arc<Mutex<u32>>| {
            sleep(Duration::from_millis(100)).await;
            *live.lock().unwrap()
        })
}

#[test]
fn a_graceful_shutdown() {
    are_told_apart(Kind::Residue, workers);
}
