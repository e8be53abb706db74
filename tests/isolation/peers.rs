//! `.sockets_outside(grace)`: peers outside of the process, which answer when they do.

use std::collections::VecDeque;
use std::io::{BufRead, Write};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::thread;
use std::time::{Duration, Instant};

use rstest::rstest;
use ssot_harness::interleave::{
    Driver, Ending, FutureActor, Guided, RandomWalk, Run, RuntimeTopology, Shape, Strategy,
};
use ssot_harness::isolation::Check;
use ssot_harness::prelude::*;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::sync::{mpsc, oneshot};

use crate::systems::LONG;

/// A server outside of the schedule, on threads: it answers each line with itself, after some time.
#[derive(Clone, Default)]
struct Echo {
    milliseconds: Arc<AtomicU64>,
    lines: Arc<AtomicUsize>,
    /// At which line the machine that it runs on stalls, by its number, from 0, and its text.
    stalls_at: Option<fn(usize, &str) -> bool>,
    stalled: Arc<OnceLock<Instant>>,
}

/// Longer than a deadlock has to last where it is seen for the first time, and for the second time with nobody outside.
const STALL: Duration = Duration::from_millis(2_800);

impl Echo {
    fn serve(&self) -> SocketAddr {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let echo = self.clone();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let echo = echo.clone();
                let stream = stream.unwrap();
                thread::spawn(move || echo.answer(stream));
            }
        });
        address
    }

    fn answer(&self, mut stream: std::net::TcpStream) {
        stream.set_nodelay(true).unwrap();
        let lines = std::io::BufReader::new(stream.try_clone().unwrap()).lines();
        for line in lines.map_while(Result::ok) {
            let number = self.lines.fetch_add(1, Ordering::Relaxed);
            if self.stalls_at.is_some_and(|stalls| stalls(number, &line)) {
                self.stalled.get_or_init(Instant::now);
            }
            if let Some(stalled) = self.stalled.get() {
                thread::sleep(STALL.saturating_sub(stalled.elapsed()));
            }
            thread::sleep(Duration::from_millis(self.milliseconds.load(Ordering::Relaxed)));
            if writeln!(stream, "{line}").is_err() {
                // The client has gone.
                break;
            }
        }
    }
}

/// What becomes of who waits for a reply when another asks, too.
#[derive(Clone, Copy, PartialEq)]
enum Queue {
    InTurn,
    /// That one is never answered.
    Forgetful,
}

/// One connection for everybody: what is asked is sent at once, and answered in turn.
struct Pipeline(mpsc::UnboundedSender<(String, oneshot::Sender<String>)>);

impl Pipeline {
    async fn open(address: SocketAddr, queue: Queue) -> Self {
        let (tell, mut asked) = mpsc::unbounded_channel::<(String, oneshot::Sender<String>)>();
        let stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        let (reader, mut writer) = stream.into_split();
        let mut answers = BufReader::new(reader).lines();
        tokio::spawn(async move {
            let (mut waiting, mut forgotten) = (VecDeque::new(), Vec::new());
            loop {
                tokio::select! {
                    asked = asked.recv() => {
                        let Some((question, answer)) = asked else { break };
                        writer.write_all(format!("{question}\n").as_bytes()).await.unwrap();
                        for (_, is_forgotten) in &mut waiting {
                            *is_forgotten = queue == Queue::Forgetful;
                        }
                        waiting.push_back((answer, false));
                    }
                    line = answers.next_line() => {
                        let (answer, is_forgotten) = waiting.pop_front().unwrap();
                        if is_forgotten {
                            forgotten.push(answer);
                        } else {
                            // Who asked may have gone.
                            let _: Result<(), String> = answer.send(line.unwrap().unwrap());
                        }
                    }
                }
            }
        });
        Self(tell)
    }

    async fn ask(&self, question: String) -> Result<String, oneshot::error::RecvError> {
        let (tell, answer) = oneshot::channel();
        self.0.send((question, tell)).expect("the connection is open");
        answer.await
    }
}

/// Who was answered, in order.
fn answered_outside(
    driver: &mut Driver,
    address: SocketAddr,
    strategy: &mut dyn Strategy,
) -> (Run, Vec<usize>) {
    let seen = Mutex::new(Vec::new());
    let mut session = driver.session(RuntimeTopology::One);
    let pipeline = session.alone(Pipeline::open(address, Queue::InTurn)).unwrap();
    let mut actors: Vec<_> = (0..2)
        .map(|user| {
            let (pipeline, seen) = (&pipeline, &seen);
            FutureActor::new(async move {
                for question in 0..4 {
                    pipeline.ask(format!("{question} of {user}")).await.unwrap();
                    seen.lock().unwrap().push(user);
                }
            })
        })
        .collect();
    strategy.begin(&Shape {
        spawns: true,
        ..Shape::of(vec![5; 2])
    });
    let run = session.run(&mut actors, strategy);
    session.within(|| drop(actors)).unwrap();
    session.drain();
    drop(pipeline);
    (run, seen.into_inner().unwrap())
}

#[test]
fn users_go_in_the_order_of_the_schedule_however_replies_from_outside_arrive() {
    let echo = Echo::default();
    let address = echo.serve();
    let mut driver = Driver::new();
    driver.with_sockets(Duration::from_secs(1));
    for seed in 0..20 {
        echo.milliseconds.store(0, Ordering::Relaxed);
        let first = answered_outside(&mut driver, address, &mut RandomWalk::new(seed));
        assert_eq!(*first.0.ending(), Ending::Done, "seed {seed}");
        for milliseconds in [0, 2] {
            echo.milliseconds.store(milliseconds, Ordering::Relaxed);
            let mut guided = Guided::new(first.0.decisions()).patiently();
            let again = answered_outside(&mut driver, address, &mut guided);
            let (was, is) = (first.0.schedule(0), again.0.schedule(0));
            assert_eq!(
                again.1, first.1,
                "seed {seed}, {milliseconds} ms: {was}, then {is}"
            );
        }
    }
}

fn asked_outside(echo: &Echo, queue: Queue) -> Check<Pipeline> {
    let address = echo.serve();
    isolation(async move || {
        let pipeline = Pipeline::open(address, queue).await;
        pipeline.ask("hello".to_owned()).await.unwrap();
        pipeline
    })
    .users(2, async |user: &User, pipeline: &Pipeline| {
        for _ in 0..2 {
            user.saw(Surface::Reply, &pipeline.ask(user.secret("card")).await?);
        }
        Ok(())
    })
    .sockets_outside(Duration::from_millis(20))
    .executions(20)
    .within(LONG)
    .without_regressions()
}

#[rstest]
#[case::while_the_system_is_built(|number, _: &str| number == 0)]
#[case::while_a_user_is_alone(|number, _: &str| number == 1)]
#[case::among_users(|number, _: &str| number == 30)]
fn a_peer_that_stalls_is_no_deadlock(#[case] stalls: fn(usize, &str) -> bool) {
    let echo = Echo {
        stalls_at: Some(stalls),
        ..Echo::default()
    };
    let report = asked_outside(&echo, Queue::InTurn).check().unwrap();
    assert!(
        !report.to_string().contains("a thread of the system's own"),
        "{report}"
    );
    assert!(echo.stalled.get().is_some());
}

#[test]
fn a_reply_from_outside_that_is_lost_is_a_deadlock() {
    let failure = asked_outside(&Echo::default(), Queue::Forgetful)
        .check()
        .unwrap_err();
    assert_eq!(failure.violations()[0].kind(), Kind::Hang, "{failure}");
    assert!(!failure.is_nondeterministic(), "{failure}");
}

#[test]
fn a_leak_before_a_peer_stalls_is_not_lost() {
    let echo = Echo {
        stalls_at: Some(|_, line| line == "second"),
        ..Echo::default()
    };
    let address = echo.serve();
    let failure = isolation(async move || {
        let last = Mutex::new(String::new());
        (Pipeline::open(address, Queue::InTurn).await, last)
    })
    .users(
        2,
        async |user: &User, (pipeline, last): &(Pipeline, Mutex<String>)| {
            let before = std::mem::replace(&mut *last.lock().unwrap(), user.secret("card"));
            user.saw(Surface::Reply, &before);
            user.saw(Surface::Row, &user.secret("card"));
            let turn = if before.is_empty() { "first" } else { "second" };
            pipeline.ask(turn.to_owned()).await?;
            Ok(())
        },
    )
    .sockets_outside(Duration::from_millis(20))
    .executions(1)
    .within(LONG)
    .without_regressions()
    .check()
    .unwrap_err();
    assert_eq!(failure.violations()[0].kind(), Kind::ContextLeak, "{failure}");
    assert!(echo.stalled.get().is_some());
}
