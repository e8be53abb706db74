//! What breaks determinism, blocks threads or needs real time is noticed and named.

use std::cell::RefCell;
use std::collections::HashSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use ssot_harness::interleave::RuntimeTopology;
use ssot_harness::prelude::*;
use tokio::task::{spawn_blocking, yield_now};
use tokio::time::{Instant, Interval, interval, sleep};
use tracing::span::{Attributes, Id, Record};
use tracing::{Metadata, Subscriber};

use crate::systems::{LONG, OneNote};

fn is_told(report: &Report, what: &str) -> bool {
    report.caveats().iter().any(|caveat| caveat.contains(what))
}

/// A leak whose schedule depends on the order of a `HashSet`.
#[test]
fn a_schedule_that_does_not_do_the_same_again_is_called_nondeterministic() {
    let mut named = 0;
    for seed in 0..10 {
        let verdict = isolation(async || OneNote::default())
            .users(2, async |user: &User, notes: &OneNote| {
                user.saw(Surface::Row, &user.secret("own"));
                let order: HashSet<u32> = (0..32).collect();
                // As many awaits as the first of them says.
                for _ in 0..*order.iter().next().unwrap() {
                    yield_now().await;
                }
                let note = notes.swap(&user.secret("own")).await;
                user.saw(Surface::Reply, &note);
                Ok(())
            })
            .seed(seed)
            .without_solo_comparison()
            .within(LONG)
            .without_regressions()
            .check();
        let failure = verdict.expect_err("the note leaks all the same");
        named += usize::from(failure.is_nondeterministic());
        if failure.is_nondeterministic() {
            assert!(failure.to_string().contains("HashMap"), "{failure}");
        }
    }
    assert!(named >= 9, "{named} of 10");
}

#[test]
fn a_sound_system_that_is_not_deterministic_passes_with_a_caveat() {
    // With as many users that all take the same number of steps again is next to impossible.
    let report = isolation(async || ())
        .users(4, async |user: &User, (): &()| {
            user.saw(Surface::Reply, &user.secret("own"));
            let order: HashSet<u32> = (0..32).collect();
            for _ in 0..*order.iter().next().unwrap() {
                yield_now().await;
            }
            Ok(())
        })
        .cancellations(0)
        .within(LONG)
        .without_regressions()
        .check()
        .unwrap();
    assert!(is_told(&report, "nondeterministic"), "{report}");
    assert!(
        report.certificate().is_none(),
        "every schedule was run, and it says nothing"
    );
}

/// Each execution is a little longer than the one before, or shows something else.
#[test]
fn what_a_schedule_does_not_decide_is_told_apart() {
    let told = |longer: bool| {
        let built = Arc::new(AtomicUsize::new(0));
        let report = isolation(async move || built.fetch_add(1, Ordering::SeqCst))
            .users(2, async move |user: &User, number: &usize| {
                user.saw(Surface::Reply, &user.secret("own"));
                for _ in 0..if longer { *number } else { 1 } {
                    yield_now().await;
                }
                if !longer {
                    user.saw(Surface::Row, number);
                }
                Ok(())
            })
            .executions(10)
            .without_solo_comparison()
            .within(LONG)
            .without_regressions()
            .check()
            .unwrap();
        assert!(report.certificate().is_none(), "{report}");
        report.caveats().join("; ")
    };
    assert!(
        told(true).contains("it took other steps to its end"),
        "{}",
        told(true)
    );
    assert!(
        told(false).contains("users saw something else"),
        "{}",
        told(false)
    );
}

#[test]
fn what_a_user_does_not_see_twice_is_not_compared_with_its_solo_run() {
    let count = Arc::new(AtomicUsize::new(0));
    let report = isolation(async || ())
        .users(2, async move |user: &User, (): &()| {
            user.saw(Surface::Reply, &user.secret("own"));
            yield_now().await;
            user.saw(
                Surface::Reply,
                &format!("the weather is {}", count.fetch_add(1, Ordering::SeqCst)),
            );
            Ok(())
        })
        .within(LONG)
        .without_regressions()
        .check()
        .unwrap();
    let left_out: Vec<_> = report
        .left_out()
        .iter()
        .map(|left_out| {
            (
                left_out.user_index(),
                left_out.surface(),
                left_out.observation(),
                left_out.pointer(),
            )
        })
        .collect();
    let of = |user| (user, Some(Surface::Reply), Some(2), "");
    assert_eq!(left_out, [of(0), of(1)]);
    assert!(
        report.to_string().contains("reply 2, in part (ada and ben)"),
        "{report}"
    );
}

/// Counts events.
#[derive(Clone, Default)]
struct Logs(Arc<AtomicUsize>);

impl Subscriber for Logs {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, _: &tracing::Event<'_>) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

/// A check runs on a thread of its own, and what it logs goes where the logs of the test go.
#[test]
fn logs_go_where_those_of_the_test_go() {
    let logs = Logs::default();
    let report = tracing::subscriber::with_default(logs.clone(), || {
        isolation(async || ())
            .users(2, async |user: &User, (): &()| {
                user.saw(Surface::Reply, &user.secret("own"));
                tracing::info!(user = %user.id(), "served");
                Ok(())
            })
            .executions(10)
            .without_regressions()
            .check()
    });
    assert_eq!(report.unwrap().executions(), 10);
    assert!(
        logs.0.load(Ordering::SeqCst) > 20,
        "{}",
        logs.0.load(Ordering::SeqCst)
    );
}

/// A lock that blocks its thread, with a guard that may be held over an await: the kind that older code bases have.
#[derive(Default)]
struct Gate(Mutex<bool>, Condvar);

impl Gate {
    fn enter(&self) {
        let mut taken = self.0.lock().unwrap();
        while *taken {
            taken = self.1.wait(taken).unwrap();
        }
        *taken = true;
    }

    fn leave(&self) {
        *self.0.lock().unwrap() = false;
        self.1.notify_one();
    }
}

#[test]
fn a_poll_that_blocks_its_thread_is_a_hang() {
    let failure = isolation(async || Gate::default())
        .users(2, async |user: &User, gate: &Gate| {
            user.saw(Surface::Reply, &user.secret("own"));
            gate.enter();
            yield_now().await;
            gate.leave();
            Ok(())
        })
        .blocked_after(Duration::from_millis(400))
        .within(LONG)
        .without_regressions()
        .check()
        .unwrap_err();
    assert_eq!(failure.violations()[0].kind(), Kind::Hang, "{failure}");
    assert_eq!(failure.preemptions(), Some(1), "{failure}");
    assert!(failure.to_string().contains("blocks"), "{failure}");
    assert!(!failure.is_nondeterministic(), "{failure}");
}

#[test]
fn a_script_that_blocks_its_thread_alone_is_refused() {
    let failure = isolation(async || Gate::default())
        .users(2, async |_: &User, gate: &Gate| {
            gate.enter();
            gate.enter();
            Ok(())
        })
        .blocked_after(Duration::from_millis(300))
        .check()
        .unwrap_err();
    assert_eq!(failure.kind(), FailureKind::Alone, "{failure}");
}

/// Two atomics that must agree, with no await between: only real threads show it.
#[derive(Default)]
struct Pair(AtomicUsize, AtomicUsize);

impl Pair {
    fn stamp(&self, number: usize) -> (usize, usize) {
        self.0.store(number, Ordering::SeqCst);
        // Some work, without an await: on a machine of one core threads change places in the middle of it alone.
        for _ in 0..400 {
            std::hint::spin_loop();
        }
        self.1.store(number, Ordering::SeqCst);
        (self.0.load(Ordering::SeqCst), self.1.load(Ordering::SeqCst))
    }
}

fn stamped() -> Check<Pair> {
    isolation(async || Pair::default())
        .users(2, async |user: &User, pair: &Pair| {
            user.saw(Surface::Row, &user.secret("own"));
            for _ in 0..4 {
                yield_now().await;
                if pair.stamp(user.index() + 1) != (user.index() + 1, user.index() + 1) {
                    user.saw(Surface::Reply, "a stamp of somebody else's");
                }
            }
            Ok(())
        })
        .executions(500)
        .within(LONG)
        .without_regressions()
}

#[test]
fn a_fault_with_no_await_between_needs_racing_pairs() {
    stamped().check().unwrap();
    let failure = stamped()
        .race(20_000)
        .check()
        .expect_err("two threads meet within 20,000 executions");
    assert_eq!(failure.violations()[0].kind(), Kind::Interference);
    assert!(failure.to_string().contains("racing pairs"), "{failure}");
    assert!(failure.to_string().contains("best effort"), "{failure}");
}

/// A service behind a real socket that answers whoever asks with what was asked last.
struct Socket(std::net::SocketAddr);

impl Socket {
    async fn serve(leaky: bool) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};

            let last = Arc::new(tokio::sync::Mutex::new(String::new()));
            while let Ok((stream, _)) = listener.accept().await {
                let last = Arc::clone(&last);
                tokio::spawn(async move {
                    let (reader, mut writer) = stream.into_split();
                    let mut line = String::new();
                    if BufReader::new(reader).read_line(&mut line).await.is_ok() {
                        last.lock().await.clone_from(&line);
                        yield_now().await;
                        let answer = if leaky { last.lock().await.clone() } else { line };
                        // A client that has gone away wants no answer.
                        let _: std::io::Result<()> = writer.write_all(answer.as_bytes()).await;
                    }
                });
            }
        });
        Self(address)
    }

    async fn ask(&self, question: &str) -> std::io::Result<String> {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};

        let mut stream = tokio::net::TcpStream::connect(self.0).await?;
        stream.write_all(format!("{question}\n").as_bytes()).await?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await?;
        Ok(answer)
    }
}

fn socket(leaky: bool) -> Check<Socket> {
    isolation(async move || Socket::serve(leaky).await)
        .users(3, async |user: &User, socket: &Socket| {
            user.saw(Surface::Row, &user.secret("own"));
            user.saw(Surface::Reply, &socket.ask(&user.secret("own")).await?);
            Ok(())
        })
        .within(LONG)
        .without_regressions()
}

#[test]
fn real_sockets_meet_a_clock_that_stands_still() {
    let failure = socket(false).check().unwrap_err();
    assert_eq!(failure.kind(), FailureKind::RealIo);
    assert!(failure.to_string().contains(".real_io()"), "{failure}");
    let in_a_task = isolation(async || ())
        .users(2, async |user: &User, (): &()| {
            user.saw(Surface::Reply, &user.secret("own"));
            let listening = tokio::spawn(async { tokio::net::TcpListener::bind("127.0.0.1:0").await });
            listening.await??;
            Ok(())
        })
        .within(LONG)
        .without_regressions();
    assert_eq!(in_a_task.check().unwrap_err().kind(), FailureKind::RealIo);
}

#[test]
fn real_sockets_work_in_real_time() {
    let report = socket(false).real_io().executions(60).check().unwrap();
    assert_eq!(report.executions(), 60);
    assert!(report.certificate().is_none(), "there is none in real time");
    assert!(!report.to_string().contains("enumeration"), "{report}");
    let failure = socket(true).real_io().executions(2_000).check().unwrap_err();
    assert_eq!(failure.violations()[0].kind(), Kind::ContextLeak, "{failure}");
    assert!(failure.to_string().contains("best effort"), "{failure}");
}

/// The clock stands still, and a thread of the system's own wakes a user.
#[test]
fn a_wake_up_from_another_thread_is_not_taken_for_a_deadlock() {
    let woken = || {
        isolation(async || RefCell::new(0))
            .users(2, async |user: &User, _: &RefCell<u32>| {
                user.saw(Surface::Reply, &user.secret("own"));
                let (tell, told) = tokio::sync::oneshot::channel();
                std::thread::spawn(move || {
                    std::thread::sleep(Duration::from_millis(3));
                    // Nobody may be there any more to be told.
                    let _: Result<(), ()> = tell.send(());
                });
                told.await?;
                Ok(())
            })
            .within(LONG)
            .without_regressions()
    };
    let report = woken().executions(20).check().unwrap();
    assert!(
        report.caveats()[0].contains("threads of the system's own"),
        "{report}"
    );
    assert!(report.certificate().is_none(), "{report}");
    woken().real_io().executions(10).check().unwrap();
}

/// When a thread is done no schedule decides, also where that has made no difference yet.
#[test]
fn threads_at_work_are_told() {
    let hashing = |threads: bool, leaks: bool| {
        let last = Mutex::new(String::new());
        isolation(async || ())
            .users(2, async move |user: &User, (): &()| {
                let own = user.secret("own");
                own.clone_into(&mut last.lock().unwrap());
                if threads {
                    drop(spawn_blocking(|| ()));
                }
                yield_now().await;
                let last = last.lock().unwrap().clone();
                user.saw(Surface::Reply, if leaks { &last } else { &own });
                Ok(())
            })
            .executions(40)
            .within(LONG)
            .without_regressions()
    };
    let report = hashing(true, false).check().unwrap();
    assert!(
        is_told(&report, "spawn_blocking") && report.certificate().is_none(),
        "{report}"
    );
    let report = hashing(false, false).check().unwrap();
    assert!(
        !is_told(&report, "spawn_blocking") && report.certificate().is_some(),
        "{report}"
    );
    let failure = hashing(true, true).check().unwrap_err();
    assert!(failure.is_best_effort(), "{failure}");
    let failure = hashing(false, true).check().unwrap_err();
    assert!(!failure.is_best_effort(), "{failure}");
}

/// What is another every second time may well be the same again once.
#[test]
fn what_changes_every_second_time_is_told() {
    let flipping = |awaits: usize, leaks: bool| {
        let built = AtomicUsize::new(0);
        let kept = Mutex::new(String::new());
        isolation(async move || built.fetch_add(1, Ordering::Relaxed).is_multiple_of(2))
            .users(2, async move |user: &User, flips: &bool| {
                let own = user.secret("own");
                own.clone_into(&mut kept.lock().unwrap());
                for _ in 0..awaits {
                    yield_now().await;
                }
                user.saw(Surface::Row, flips);
                let last = kept.lock().unwrap().clone();
                user.saw(Surface::Reply, if leaks { &last } else { &own });
                Ok(())
            })
            .within(LONG)
            .without_solo_comparison()
            .without_regressions()
    };
    for awaits in 1..8 {
        let failure = flipping(awaits, true).check().unwrap_err();
        assert!(failure.is_nondeterministic(), "{awaits} awaits: {failure}");
        // Of an even and of an odd number of executions.
        let report = flipping(awaits, false)
            .executions(200 + awaits as u64)
            .check()
            .unwrap();
        assert!(
            report
                .caveats()
                .iter()
                .any(|caveat| caveat.starts_with("nondeterministic")),
            "{awaits} awaits: {report}"
        );
    }
}

/// A timer stands where it was made, and a local task's on the first runtime: both may be set long after anybody there was polled.
#[test]
fn a_timer_that_is_set_from_elsewhere_is_not_late() {
    const WAIT: Duration = Duration::from_millis(100);
    let late = |waited: Duration| waited > WAIT + Duration::from_millis(3);
    for layout in RuntimeTopology::ALL {
        for is_local in [false, true] {
            let report = isolation(async || Arc::new(tokio::sync::Mutex::new(interval(WAIT))))
                .users(
                    2,
                    async move |user: &User, shared: &Arc<tokio::sync::Mutex<Interval>>| {
                        if user.index() == 0 {
                            sleep(Duration::from_secs(60)).await;
                        } else {
                            let shared = Arc::clone(shared);
                            let task = async move {
                                sleep(Duration::from_secs(30)).await;
                                let mut shared = shared.lock().await;
                                let begun = Instant::now();
                                if is_local {
                                    sleep(WAIT).await;
                                } else {
                                    shared.reset();
                                    shared.tick().await;
                                }
                                begun.elapsed()
                            };
                            let waited = if is_local {
                                tokio::task::spawn_local(task).await?
                            } else {
                                tokio::spawn(task).await?
                            };
                            assert!(!late(waited), "{waited:?} in {layout}");
                        }
                        user.saw(Surface::Reply, &user.secret("card"));
                        Ok(())
                    },
                )
                .layout(layout)
                .cancellations(0)
                .lateness(Duration::ZERO)
                .executions(20)
                .without_regressions()
                .check();
            report.unwrap_or_else(|failure| panic!("{layout}, local: {is_local}: {failure}"));
        }
    }
}
