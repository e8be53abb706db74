//! The sweep over dropped calls.

use std::time::{Duration, Instant};

use rstest::rstest;
use ssot_harness::interleave::RuntimeTopology;
use ssot_harness::isolation::Check;
use ssot_harness::prelude::*;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Mutex;
use tokio::task::spawn_blocking;

/// How a round trip to the database of a [`Pool`] waits.
#[derive(Clone, Copy, Debug)]
enum Trip {
    Task,
    Time,
    Socket,
}

/// A connection that is left in a transaction where a call is dropped at one of its dozen awaits: the next write is lost.
struct Pool {
    in_transaction: Mutex<bool>,
    trip: Trip,
    database: Option<Mutex<TcpStream>>,
}

impl Pool {
    async fn open(trip: Trip) -> Self {
        let database = match trip {
            Trip::Socket => {
                let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
                let address = listener.local_addr().unwrap();
                tokio::spawn(async move {
                    let (mut stream, _) = listener.accept().await.unwrap();
                    stream.set_nodelay(true).unwrap();
                    let (mut reader, mut writer) = stream.split();
                    tokio::io::copy(&mut reader, &mut writer).await
                });
                let stream = TcpStream::connect(address).await.unwrap();
                stream.set_nodelay(true).unwrap();
                Some(Mutex::new(stream))
            }
            _ => None,
        };
        Self {
            in_transaction: Mutex::new(false),
            trip,
            database,
        }
    }

    async fn round_trips(&self, how_many: u32) {
        for _ in 0..how_many {
            match (self.trip, &self.database) {
                (_, Some(database)) => {
                    let mut stream = database.lock().await;
                    stream.write_all(b"?").await.unwrap();
                    stream.read_exact(&mut [0]).await.unwrap();
                }
                (Trip::Time, None) => tokio::time::sleep(Duration::from_millis(3)).await,
                _ => tokio::spawn(tokio::task::yield_now()).await.unwrap(),
            }
        }
    }

    async fn write(&self, row: &str) -> String {
        let in_transaction = self.in_transaction.lock().await;
        self.round_trips(3).await;
        if *in_transaction {
            "not there".into()
        } else {
            row.to_owned()
        }
    }

    async fn transaction(&self) {
        let mut in_transaction = self.in_transaction.lock().await;
        *in_transaction = true;
        self.round_trips(1).await;
        *in_transaction = false;
        self.round_trips(3).await;
    }
}

fn transactions(trip: Trip, seed: u64) -> Check<Pool> {
    isolation(async move || Pool::open(trip).await)
        .users(2, async |user: &User, pool: &Pool| {
            user.saw(Surface::Reply, &pool.write(&user.secret("row")).await);
            pool.transaction().await;
            pool.round_trips(4).await;
            Ok(())
        })
        .seed(seed)
        .within(Duration::from_secs(60))
        .without_regressions()
}

fn is_found_soon(check: Check<Pool>) {
    let failure = check.check().unwrap_err();
    assert_eq!(failure.violations()[0].kind(), Kind::Interference, "{failure}");
    assert!(failure.executions() <= 40, "{failure}");
}

#[rstest]
fn a_drop_at_one_await_of_a_dozen_is_found(#[values(0, 1, 2, 3, 4, 5)] seed: u64) {
    is_found_soon(transactions(Trip::Task, seed));
    is_found_soon(transactions(Trip::Time, seed));
    is_found_soon(transactions(Trip::Socket, seed).sockets());
}

#[rstest]
fn it_is_found_in_each_topology(
    #[values(RuntimeTopology::One, RuntimeTopology::PerActor, RuntimeTopology::PerPoll)]
    topology: RuntimeTopology,
) {
    is_found_soon(transactions(Trip::Task, 0).layout(topology));
    is_found_soon(transactions(Trip::Socket, 0).layout(topology).sockets());
}

#[rstest]
fn it_is_found_in_real_time(#[values(0, 1, 2)] seed: u64) {
    is_found_soon(transactions(Trip::Time, seed).real_io());
}

#[test]
fn a_sweep_that_was_run_is_told() {
    let sound = |users: usize| {
        isolation(async || ())
            .users(users, async |user: &User, (): &()| {
                for _ in 0..9 {
                    tokio::task::yield_now().await;
                }
                user.saw(Surface::Reply, &user.secret("card"));
                Ok(())
            })
            .without_regressions()
    };
    // As many executions as are enough for the orders of whole calls, not for those with a drop.
    let report = sound(2).executions(100).check().unwrap();
    let certificate = report.certificate().unwrap();
    assert_eq!(certificate.dropped_calls(), Some(18), "{report}");
    assert!(
        certificate
            .to_string()
            .ends_with("; and every call dropped after every poll: 18"),
        "{report}"
    );
    let report = sound(2).executions(30).check().unwrap();
    assert!(!report.to_string().contains("every call dropped"), "{report}");
    let report = sound(2).real_io().executions(80).check().unwrap();
    assert!(
        report
            .to_string()
            .contains("none; every call dropped after every poll: 18"),
        "{report}"
    );
    let none = sound(2).cancellations(0).executions(100).check().unwrap();
    assert!(!none.to_string().contains("dropped"), "{none}");
}

/// Where the last user under way is dropped, nobody is left to be waited for, and another has to begin.
#[rstest]
fn a_drop_in_real_time_holds_nothing_up(#[values("task", "thread", "time")] waits: &'static str) {
    let pause = Duration::from_millis(2);
    let begun = Instant::now();
    let report = isolation(async || ())
        .users(2, async move |user: &User, (): &()| {
            user.saw(Surface::Reply, &user.secret("own"));
            for _ in 0..2 {
                match waits {
                    "task" => spawn_blocking(move || std::thread::sleep(pause)).await?,
                    "thread" => {
                        let (tell, told) = tokio::sync::oneshot::channel();
                        std::thread::spawn(move || {
                            std::thread::sleep(pause);
                            // Nobody may be there any more to be told.
                            let _: Result<(), ()> = tell.send(());
                        });
                        told.await?;
                    }
                    _ => tokio::time::sleep(pause).await,
                }
            }
            Ok(())
        })
        .real_io()
        .executions(60)
        .within(Duration::from_secs(60))
        .without_regressions()
        .check()
        .unwrap();
    assert_eq!(report.executions(), 60);
    // Each of those that hold up would take 5 s.
    assert!(
        begun.elapsed() < Duration::from_secs(5),
        "{:?}: {report}",
        begun.elapsed()
    );
}
