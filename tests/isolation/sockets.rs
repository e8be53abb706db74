//! `.sockets()`: real sockets under the schedule and the virtual clock.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ssot_harness::interleave::{
    Driver, Ending, FutureActor, Perturbed, RandomWalk, Replay, Run, RuntimeTopology, Shape, Strategy,
};
use ssot_harness::isolation::Check;
use ssot_harness::prelude::*;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// The checks below end long before; a machine at work must not end them.
const LONG: Duration = Duration::from_secs(120);

/// A server that answers each line with what it holds for the session, one task a connection.
struct Server {
    address: SocketAddr,
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
        tokio::spawn(async move {
            let slot = Arc::new(Mutex::new(String::new()));
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(answer(stream, fault, Arc::clone(&slot)));
            }
        });
        Self { address }
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
