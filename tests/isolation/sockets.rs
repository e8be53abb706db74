//! `.sockets()`: real sockets under the schedule and the virtual clock.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rstest::rstest;
use ssot_harness::interleave::{
    Driver, Ending, FutureActor, Perturbed, RandomWalk, Replay, Run, RuntimeTopology, Shape, Strategy,
};
use ssot_harness::isolation::Check;
use ssot_harness::prelude::*;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// The checks below end long before; a machine at work must not end them.
const LONG: Duration = Duration::from_secs(120);

/// A server that answers each line with what it holds for the session, one task a connection.
struct Server {
    address: SocketAddr,
    /// How many clients it serves.
    live: Arc<AtomicUsize>,
}

#[derive(Clone, Copy, PartialEq)]
enum Fault {
    None,
    /// The line of the last request is kept in a slot of the server's across an await.
    SharedSlot,
    /// The same where the other request comes by while a timer is waited for.
    SharedSlotAcrossATimer,
}

impl Server {
    async fn serve(fault: Fault) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let live = Arc::<AtomicUsize>::default();
        let served = Arc::clone(&live);
        tokio::spawn(async move {
            let slot = Arc::new(Mutex::new(String::new()));
            while let Ok((stream, _)) = listener.accept().await {
                let (slot, served) = (Arc::clone(&slot), Arc::clone(&served));
                tokio::spawn(async move {
                    served.fetch_add(1, Ordering::SeqCst);
                    // A client that has gone away wants no answer.
                    let _: std::io::Result<()> = answer(stream, fault, slot).await;
                    served.fetch_sub(1, Ordering::SeqCst);
                });
            }
        });
        Self { address, live }
    }

    async fn connect(&self) -> std::io::Result<BufReader<TcpStream>> {
        let stream = TcpStream::connect(self.address).await?;
        stream.set_nodelay(true)?;
        Ok(BufReader::new(stream))
    }
}

async fn answer(stream: TcpStream, fault: Fault, slot: Arc<Mutex<String>>) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut stream = BufReader::new(stream);
    let mut line = String::new();
    while stream.read_line(&mut line).await? > 0 {
        slot.lock().unwrap().clone_from(&line);
        match fault {
            Fault::SharedSlotAcrossATimer => tokio::time::sleep(Duration::from_secs(1)).await,
            _ => tokio::task::yield_now().await,
        }
        let answer = if fault == Fault::None {
            line.clone()
        } else {
            slot.lock().unwrap().clone()
        };
        stream.get_mut().write_all(answer.as_bytes()).await?;
        line.clear();
    }
    Ok(())
}

async fn ask(stream: &mut BufReader<TcpStream>, question: &str) -> std::io::Result<String> {
    stream
        .get_mut()
        .write_all(format!("{question}\n").as_bytes())
        .await?;
    let mut answer = String::new();
    stream.read_line(&mut answer).await?;
    Ok(answer)
}

fn asked(fault: Fault) -> Check<Server> {
    isolation(async move || Server::serve(fault).await)
        .users(2, async |user: &User, server: &Server| {
            let mut stream = server.connect().await?;
            for secret in ["card", "home"] {
                user.saw(Surface::Reply, &ask(&mut stream, &user.secret(secret)).await?);
            }
            Ok(())
        })
        .sockets()
        .within(LONG)
        .without_regressions()
}

#[test]
fn a_leak_across_sockets_is_found_shrunk_and_replayed() {
    for fault in [Fault::SharedSlot, Fault::SharedSlotAcrossATimer] {
        for topology in [
            None,
            Some(RuntimeTopology::One),
            Some(RuntimeTopology::PerActor),
            Some(RuntimeTopology::PerPoll),
        ] {
            let check = || match topology {
                Some(topology) => asked(fault).layout(topology),
                None => asked(fault),
            };
            let failure = check().check().unwrap_err();
            assert_eq!(failure.violations()[0].kind(), Kind::ContextLeak, "{failure}");
            assert!(
                !failure.is_nondeterministic() && !failure.is_best_effort(),
                "{failure}"
            );
            let replayed = check()
                .replay(failure.replay_text().unwrap())
                .check()
                .unwrap_err();
            assert_eq!(replayed.violations()[0].kind(), Kind::ContextLeak, "{replayed}");
            assert!(failure.executions() <= 100, "{failure}");
        }
    }
}

#[test]
fn a_sound_server_passes_with_a_certificate() {
    for topology in RuntimeTopology::ALL {
        let report = asked(Fault::None)
            .layout(topology)
            .preemptions(0)
            .executions(1_600)
            .check()
            .unwrap();
        let certificate = report
            .certificate()
            .expect("what is sent over loopback is there at once");
        assert!(certificate.schedules() > 100, "{topology}: {report}");
        assert_eq!(report.caveats(), [""; 0], "{topology}: {report}");
    }
}

/// One execution of two clients, and what they were answered.
fn play(
    driver: &mut Driver,
    topology: RuntimeTopology,
    fault: Fault,
    strategy: &mut dyn Strategy,
) -> (Run, Vec<String>) {
    let seen = Mutex::new(Vec::new());
    let mut session = driver.session(topology);
    let server = session.alone(Server::serve(fault)).unwrap();
    let mut actors: Vec<_> = (0..2)
        .map(|user| {
            let (server, seen) = (&server, &seen);
            FutureActor::new(async move {
                let mut stream = server.connect().await.unwrap();
                for question in 0..3 {
                    let answer = ask(&mut stream, &format!("{question} of {user}")).await.unwrap();
                    seen.lock().unwrap().push(format!("{user}: {answer}"));
                }
            })
        })
        .collect();
    let shape = Shape {
        drops: 1,
        spawns: true,
        timers: true,
        ..Shape::of(vec![5; 2])
    };
    strategy.begin(&shape);
    let run = session.run(&mut actors, strategy);
    session.within(|| drop(actors)).unwrap();
    session.drain();
    (run, seen.into_inner().unwrap())
}

#[test]
fn a_schedule_replays_exactly() {
    let mut driver = Driver::new();
    driver.with_sockets(Duration::ZERO).allow_drops(1);
    for topology in RuntimeTopology::ALL {
        for fault in [Fault::SharedSlot, Fault::SharedSlotAcrossATimer] {
            for seed in 0..20 {
                let mut strategy = Perturbed::new(RandomWalk::new(seed), seed, 10);
                let first = play(&mut driver, topology, fault, &mut strategy);
                assert_eq!(*first.0.ending(), Ending::Done, "{topology}, seed {seed}");
                for _ in 0..5 {
                    let mut replay = Replay::new(first.0.schedule(0));
                    let again = play(&mut driver, topology, fault, &mut replay);
                    assert_eq!(
                        again.0.ending(),
                        first.0.ending(),
                        "{topology}, seed {seed}: {}",
                        first.0.schedule(0)
                    );
                    assert_eq!(
                        (again.0.decisions(), &again.1),
                        (first.0.decisions(), &first.1),
                        "{topology}, seed {seed}"
                    );
                }
            }
        }
    }
}

#[test]
fn a_call_that_is_dropped_closes_its_sockets() {
    let report = asked(Fault::None)
        .cancellations(2)
        .inspect(|server: &Server| server.live.load(Ordering::SeqCst))
        .executions(300)
        .check()
        .unwrap();
    assert_eq!(report.caveats(), [""; 0], "{report}");
}

/// As where the kernel hands over late that a socket was closed.
#[rstest]
#[case::once(|execution| execution == 20, true)]
#[case::from_then_on(|execution| execution >= 20, false)]
fn what_is_left_behind_over_sockets_shows_again(#[case] leaves: fn(usize) -> bool, #[case] passes: bool) {
    let looked_at = AtomicUsize::new(0);
    let verdict = asked(Fault::None)
        .inspect(move |_: &Server| {
            // Before users come, and after they have left.
            let looks = looked_at.fetch_add(1, Ordering::SeqCst);
            looks % 2 == 1 && leaves(looks / 2)
        })
        .executions(100)
        .check();
    assert_eq!(verdict.is_ok(), passes, "{verdict:?}");
    if let Err(failure) = verdict {
        assert_eq!(failure.violations()[0].kind(), Kind::Residue, "{failure}");
    }
}

#[test]
fn ports_and_dates_are_no_difference() {
    let report = isolation(async || Server::serve(Fault::None).await)
        .users(2, async |user: &User, server: &Server| {
            let stream = server.connect().await?;
            let (here, there) = (stream.get_ref().local_addr()?, stream.get_ref().peer_addr()?);
            let now = std::time::SystemTime::now()
                .duration_since(std::time::UNIX_EPOCH)
                .unwrap();
            // No clock that a person reads is this quick.
            let date = format!("Fri, 27 Nov 2026 06:54:{:02} GMT", now.as_micros() % 60);
            let seen = serde_json::json!({ "own": user.secret("card"), "here": here, "port": there.port(), "date": date });
            user.saw(Surface::Reply, &seen);
            Ok(())
        })
        .sockets()
        .executions(100)
        .within(LONG)
        .without_regressions()
        .check()
        .unwrap();
    assert!(report.left_out().is_empty(), "{report}");
    assert_eq!(report.caveats(), [""; 0], "{report}");
}

#[test]
fn a_host_name_is_looked_up_and_a_caveat_says_so() {
    let report = isolation(async || Server::serve(Fault::None).await)
        .users(2, async |user: &User, server: &Server| {
            let mut found = tokio::net::lookup_host(("localhost", server.address.port())).await?;
            user.saw(Surface::Reply, &found.any(|address| address == server.address));
            let mut stream = server.connect().await?;
            user.saw(Surface::Reply, &ask(&mut stream, &user.secret("card")).await?);
            Ok(())
        })
        .sockets()
        .executions(20)
        .within(LONG)
        .without_regressions()
        .check()
        .unwrap();
    assert!(
        report.caveats()[0].contains("the look-up of a host name"),
        "{report}"
    );
    assert!(report.certificate().is_none(), "{report}");
}

/// Each of the two segments waits for the kernel to acknowledge the other, for up to 40 ms of real time.
#[test]
fn what_the_kernel_holds_back_is_no_deadlock() {
    let held_back = isolation(async || Server::serve(Fault::None).await)
        .users(2, async |user: &User, server: &Server| {
            let mut stream = TcpStream::connect(server.address).await?;
            for _ in 0..20 {
                let secret = user.secret("card");
                let (first, last) = secret.split_at(5);
                stream.write_all(first.as_bytes()).await?;
                stream.write_all(format!("{last}\n").as_bytes()).await?;
                let mut answer = vec![0; secret.len() + 1];
                stream.read_exact(&mut answer).await?;
                user.saw(Surface::Reply, &String::from_utf8_lossy(&answer));
            }
            Ok(())
        })
        .sockets()
        .executions(5)
        .within(LONG)
        .without_regressions();
    let report = held_back.check().unwrap();
    // That would be taken for a deadlock, and waited for as for a thread of the system's own.
    assert!(
        !report.to_string().contains("a thread of the system's own"),
        "{report}"
    );
}
