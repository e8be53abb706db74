//! Workers that serve everybody: actors, multiplexers, batches.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ssot_harness::prelude::*;
use tokio::sync::{Notify, mpsc, oneshot};
use tokio::task::yield_now;
use tokio::time::{sleep, timeout};

use crate::sound::told_apart::are_told_apart;

struct Post {
    author: String,
    text: String,
    answer: oneshot::Sender<Vec<String>>,
}

/// Faulty: the actor keeps the last author over an await.
fn actor(faulty: bool) -> Check<mpsc::Sender<Post>> {
    isolation(async move || {
        let (posts, mut inbox) = mpsc::channel::<Post>(2);
        let last = Arc::new(Mutex::new(String::new()));
        tokio::spawn(async move {
            let all = Arc::new(Mutex::new(HashMap::<String, Vec<String>>::new()));
            while let Some(post) = inbox.recv().await {
                post.author.clone_into(&mut last.lock().unwrap());
                let (all, last) = (Arc::clone(&all), Arc::clone(&last));
                let work = async move {
                    sleep(Duration::from_millis(1)).await;
                    let author = if faulty {
                        last.lock().unwrap().clone()
                    } else {
                        post.author
                    };
                    let mut all = all.lock().unwrap();
                    let posts = all.entry(author).or_default();
                    posts.push(post.text);
                    // Whoever asked may be gone.
                    drop(post.answer.send(posts.clone()));
                };
                drop(tokio::spawn(work));
            }
        });
        posts
    })
    .users(3, async |user: &User, posts: &mpsc::Sender<Post>| {
        for text in ["first", "second"] {
            let (answer, answered) = oneshot::channel();
            let (author, text) = (user.id().to_string(), user.secret(text));
            posts.send(Post { author, text, answer }).await?;
            user.saw(Surface::Reply, &answered.await?);
        }
        Ok(())
    })
}

#[test]
fn an_actor_with_an_answer_for_each_question() {
    are_told_apart(Kind::ContextLeak, actor);
}

type Waiting = Arc<Mutex<VecDeque<(u64, oneshot::Sender<String>)>>>;

/// Requests of all over one channel to a service that answers in another order.
struct Multiplexer {
    next: Mutex<u64>,
    waiting: Waiting,
    requests: mpsc::UnboundedSender<(u64, String)>,
}

impl Multiplexer {
    fn new(by_id: bool) -> Self {
        let (requests, mut incoming) = mpsc::unbounded_channel::<(u64, String)>();
        let (answers, mut answered) = mpsc::unbounded_channel::<(u64, String)>();
        tokio::spawn(async move {
            while let Some((id, request)) = incoming.recv().await {
                let answers = answers.clone();
                drop(tokio::spawn(async move {
                    sleep(Duration::from_millis(if id.is_multiple_of(2) { 30 } else { 10 })).await;
                    answers.send((id, format!("found {request}"))).unwrap_or(());
                }));
            }
        });
        let waiting = Waiting::default();
        let waiters = Arc::clone(&waiting);
        tokio::spawn(async move {
            while let Some((id, answer)) = answered.recv().await {
                let mut waiters = waiters.lock().unwrap();
                let place = waiters.iter().position(|(waiter, _)| !by_id || *waiter == id);
                if let Some((_, waiter)) = place.and_then(|place| waiters.remove(place)) {
                    // Whoever asked may be gone.
                    drop(waiter.send(answer));
                }
            }
        });
        Self {
            next: Mutex::new(0),
            waiting,
            requests,
        }
    }

    async fn ask(&self, request: String) -> Result<String, Box<dyn std::error::Error + Send + Sync>> {
        let (tell, told) = oneshot::channel();
        let id = {
            let mut next = self.next.lock().unwrap();
            *next += 1;
            *next
        };
        self.waiting.lock().unwrap().push_back((id, tell));
        self.requests.send((id, request))?;
        Ok(timeout(Duration::from_secs(9), told).await??)
    }
}

/// Faulty: an answer goes to whoever has waited longest.
fn multiplexer(faulty: bool) -> Check<Multiplexer> {
    isolation(async move || Multiplexer::new(!faulty)).users(3, async |user: &User, service: &Multiplexer| {
        user.saw(Surface::Reply, &user.secret("request"));
        user.saw(Surface::Reply, &service.ask(user.secret("request")).await?);
        Ok(())
    })
}

#[test]
fn a_multiplexer_by_correlation_id() {
    are_told_apart(Kind::ContextLeak, multiplexer);
}

type Job = (String, oneshot::Sender<String>);

#[derive(Default)]
struct Queue {
    jobs: Mutex<[VecDeque<Job>; 2]>,
    some: Notify,
    current: Mutex<String>,
}

impl Queue {
    /// A job of one's own, else one of the other worker's.
    async fn job(&self, worker: usize) -> Job {
        loop {
            let some = self.some.notified();
            {
                let mut jobs = self.jobs.lock().unwrap();
                let own = jobs[worker].pop_front();
                if let Some(job) = own.or_else(|| jobs[1 - worker].pop_back()) {
                    return job;
                }
            }
            some.await;
        }
    }
}

/// Faulty: both workers have what they work on in one place.
fn two_workers(faulty: bool) -> Check<Arc<Queue>> {
    isolation(async move || {
        let queue = Arc::new(Queue::default());
        for worker in 0..2 {
            let queue = Arc::clone(&queue);
            tokio::spawn(async move {
                loop {
                    let (text, answer) = queue.job(worker).await;
                    text.clone_into(&mut queue.current.lock().unwrap());
                    yield_now().await;
                    let text = if faulty {
                        queue.current.lock().unwrap().clone()
                    } else {
                        text
                    };
                    // Whoever asked may be gone.
                    drop(answer.send(text));
                }
            });
        }
        queue
    })
    .users(3, async |user: &User, queue: &Arc<Queue>| {
        let (answer, answered) = oneshot::channel();
        let place = user.index() % 2;
        queue.jobs.lock().unwrap()[place].push_back((user.secret("job"), answer));
        queue.some.notify_waiters();
        user.saw(Surface::Reply, &answered.await?);
        Ok(())
    })
}

#[test]
fn two_workers_that_steal_from_each_other() {
    are_told_apart(Kind::ContextLeak, two_workers);
}

type Wanted = (String, oneshot::Sender<String>);

async fn fetch(keys: &[String]) -> HashMap<String, String> {
    sleep(Duration::from_millis(3)).await;
    keys.iter()
        .map(|key| (key.clone(), format!("row of {key}")))
        .collect()
}

/// Answers many with one fetch. Faulty: what is fetched is told in the order of the keys, not in that of the askers.
fn loader(faulty: bool) -> Check<mpsc::Sender<Wanted>> {
    isolation(async move || {
        let (wanted, mut wants) = mpsc::channel::<Wanted>(8);
        tokio::spawn(async move {
            while let Some(first) = wants.recv().await {
                let mut batch = vec![first];
                sleep(Duration::from_millis(1)).await;
                while let Ok(more) = wants.try_recv() {
                    batch.push(more);
                }
                let mut keys: Vec<_> = batch.iter().map(|(key, _)| key.clone()).collect();
                keys.sort();
                let rows = fetch(&keys).await;
                for ((asked, answer), in_order) in batch.into_iter().zip(&keys) {
                    let key = if faulty { in_order } else { &asked };
                    // Whoever asked may be gone.
                    drop(answer.send(rows[key].clone()));
                }
            }
        });
        wanted
    })
    .users(3, async |user: &User, wanted: &mpsc::Sender<Wanted>| {
        let (answer, answered) = oneshot::channel();
        user.saw(Surface::Reply, &user.secret("key"));
        wanted.send((user.secret("key"), answer)).await?;
        user.saw(Surface::Row, &answered.await?);
        Ok(())
    })
}

#[test]
fn a_loader_that_answers_many_with_one_fetch() {
    are_told_apart(Kind::ContextLeak, loader);
}
