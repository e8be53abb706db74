//! Semaphores, pools, limits.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::Duration;

use ssot_harness::prelude::*;
use tokio::sync::Semaphore;
use tokio::task::yield_now;
use tokio::time::{Instant, sleep, sleep_until};

use crate::sound::told_apart::are_told_apart;

/// Faulty: the permit is given back by hand, which a dropped call does not do.
fn gate(faulty: bool) -> Check<Semaphore> {
    isolation(async || Semaphore::new(2))
        .users(3, async move |user: &User, gate: &Semaphore| {
            let permit = gate.acquire().await?;
            if faulty {
                permit.forget();
                sleep(Duration::from_millis(4)).await;
                gate.add_permits(1);
            } else {
                sleep(Duration::from_millis(4)).await;
                drop(permit);
            }
            user.saw(Surface::Reply, &user.secret("answer"));
            Ok(())
        })
        .inspect(Semaphore::available_permits)
}

#[test]
fn a_gate_of_two_permits() {
    are_told_apart(Kind::Residue, gate);
}

struct Plotter {
    free: Semaphore,
    sheet: Mutex<String>,
}

impl Plotter {
    fn new() -> Self {
        Self {
            free: Semaphore::new(1),
            sheet: Mutex::default(),
        }
    }

    async fn draw(&self, picture: &str) -> String {
        picture.clone_into(&mut self.sheet.lock().unwrap());
        sleep(Duration::from_millis(5)).await;
        self.sheet.lock().unwrap().clone()
    }
}

/// Faulty: the plotter is free again before the sheet is taken.
fn asks_again(faulty: bool) -> Check<Plotter> {
    isolation(async || Plotter::new()).users(3, async move |user: &User, plotter: &Plotter| {
        let place = loop {
            match plotter.free.try_acquire() {
                Ok(place) => break place,
                Err(_) => yield_now().await,
            }
        };
        let mut sheet = plotter.draw(&user.secret("picture")).await;
        drop(place);
        if faulty {
            yield_now().await;
            plotter.sheet.lock().unwrap().clone_into(&mut sheet);
        }
        user.saw(Surface::Reply, &sheet);
        Ok(())
    })
}

#[test]
fn who_yields_until_there_is_a_permit() {
    are_told_apart(Kind::ContextLeak, asks_again);
}

/// Faulty: whoever has waited long enough goes ahead without a permit.
fn backs_off(faulty: bool) -> Check<Plotter> {
    isolation(async || Plotter::new()).users(3, async move |user: &User, plotter: &Plotter| {
        let mut pause = Duration::from_millis(1);
        let mut attempts = 0;
        let _place = loop {
            if let Ok(place) = plotter.free.try_acquire() {
                break Some(place);
            }
            attempts += 1;
            if faulty && attempts == 2 {
                break None;
            }
            sleep(pause).await;
            pause = (pause * 2).min(Duration::from_millis(50));
        };
        user.saw(Surface::Reply, &plotter.draw(&user.secret("picture")).await);
        Ok(())
    })
}

#[test]
fn who_sleeps_ever_longer_until_there_is_a_permit() {
    are_told_apart(Kind::ContextLeak, backs_off);
}

#[derive(Default)]
struct Connection {
    search_path: Option<String>,
}

struct Pool {
    free: Semaphore,
    idle: Mutex<Vec<Connection>>,
    resets: bool,
}

struct CheckedOut<'a> {
    pool: &'a Pool,
    connection: Connection,
    _permit: tokio::sync::SemaphorePermit<'a>,
}

impl Pool {
    async fn check_out(&self) -> CheckedOut<'_> {
        let permit = self.free.acquire().await.expect("the pool is never closed");
        let connection = self
            .idle
            .lock()
            .unwrap()
            .pop()
            .expect("there is one for each permit");
        CheckedOut {
            pool: self,
            connection,
            _permit: permit,
        }
    }
}

impl Drop for CheckedOut<'_> {
    fn drop(&mut self) {
        let mut connection = std::mem::take(&mut self.connection);
        if self.pool.resets {
            connection.search_path = None;
        }
        self.pool.idle.lock().unwrap().push(connection);
    }
}

/// Faulty: a connection goes back into the pool as its last user left it.
fn pool(faulty: bool) -> Check<Pool> {
    isolation(async move || Pool {
        free: Semaphore::new(2),
        idle: Mutex::new(vec![Connection::default(), Connection::default()]),
        resets: !faulty,
    })
    .users(3, async |user: &User, pool: &Pool| {
        let mut checked_out = pool.check_out().await;
        let path = checked_out
            .connection
            .search_path
            .get_or_insert_with(|| user.secret("tenant"));
        let path = path.clone();
        sleep(Duration::from_millis(2)).await;
        user.saw(Surface::Row, &format!("select 1 from {path}"));
        user.saw(Surface::Reply, &user.secret("tenant"));
        Ok(())
    })
    .inspect(|pool: &Pool| (pool.free.available_permits(), pool.idle.lock().unwrap().len()))
}

#[test]
fn a_pool_that_resets_what_is_given_back() {
    are_told_apart(Kind::ContextLeak, pool);
}

struct Bucket {
    tokens: u32,
    refilled: Instant,
}

const REFILL: Duration = Duration::from_millis(20);

#[derive(Default)]
struct Limiter {
    buckets: Mutex<HashMap<String, Bucket>>,
}

impl Limiter {
    /// Waits for a token of the bucket.
    async fn wait(&self, key: &str) {
        loop {
            let next = {
                let mut buckets = self.buckets.lock().unwrap();
                let now = Instant::now();
                let bucket = buckets.entry(key.to_owned()).or_insert(Bucket {
                    tokens: 2,
                    refilled: now,
                });
                if now >= bucket.refilled + REFILL {
                    bucket.tokens = 2;
                    bucket.refilled = now;
                }
                if bucket.tokens > 0 {
                    bucket.tokens -= 1;
                    return;
                }
                bucket.refilled + REFILL
            };
            sleep_until(next).await;
        }
    }

    fn is_empty(&self, key: &str) -> bool {
        self.buckets
            .lock()
            .unwrap()
            .get(key)
            .is_some_and(|bucket| bucket.tokens == 0)
    }
}

/// Faulty: there is one bucket for all, and it is seen to be empty.
fn limiter(faulty: bool) -> Check<Limiter> {
    isolation(async || Limiter::default()).users(2, async move |user: &User, limiter: &Limiter| {
        let key = if faulty { "all" } else { user.id().as_str() };
        for call in ["first", "second", "third"] {
            limiter.wait(key).await;
            user.saw(Surface::Reply, &user.secret(call));
        }
        user.saw(Surface::Reply, &limiter.is_empty(key));
        Ok(())
    })
}

#[test]
fn a_token_bucket_for_each_user() {
    are_told_apart(Kind::Interference, limiter);
}
