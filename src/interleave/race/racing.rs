use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::thread;
use std::time::Duration;

use super::pairing::Pairing;
use super::runner::{MakeActor, Order, Runner};
use crate::interleave::runtime::ready_set::{Wakers, full_word};
use crate::interleave::sockets::LOOKS;
use crate::interleave::{Ending, Quiet, Run, RuntimeTopology, Session};
use crate::rng::Rng;

/// Pairs of polls on two OS threads at once, for faults with no await between.
///
/// Nothing can name the order of two instructions on two threads: what this finds is real, a replay is best effort,
/// and that it finds nothing promises nothing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Race {
    seed: u64,
}

impl Race {
    /// The pairs are drawn from this seed, and how much later one of a pair starts than the other.
    pub(crate) fn new(seed: u64) -> Self {
        Self { seed }
    }
}

/// Runs actors, each on a thread of its own: wherever two can go, two go at once.
///
/// Spawned tasks and the clock stay on the calling thread, and move only between the pairs.
pub(crate) fn race(session: &mut Session<'_>, actors: usize, race: Race, make: MakeActor<'_>) -> Run {
    let handle = session.runtimes.first().handle().clone();
    let wakers = Wakers::new(actors, &Arc::default());
    let (answer, answers) = channel();
    let is_over = AtomicBool::new(false);
    thread::scope(|scope| {
        let orders: Vec<Sender<Order>> = (0..actors)
            .map(|actor| {
                let (order, orders) = channel();
                let runner = Runner {
                    actor,
                    waker: wakers.of(actor).clone(),
                    orders,
                    answer: answer.clone(),
                    handle: handle.clone(),
                };
                scope.spawn(move || runner.run(make));
                order
            })
            .collect();
        if thread::available_parallelism().is_ok_and(|cores| cores.get() == 1) {
            scope.spawn(|| jostle(&is_over));
        }
        let _over = Over(&is_over);
        session.runtimes.end_building();
        let quiet = Quiet::begin();
        let mut pairing = Pairing {
            session,
            quiet: &quiet,
            wakes: &wakers.wakes,
            orders: &orders,
            answers: &answers,
            rng: Rng::new(race.seed),
            unfinished: (0..actors.div_ceil(64))
                .map(|word| full_word(actors, word))
                .collect(),
            advancing: false,
            looks_left: LOOKS,
            run: Run {
                topology: RuntimeTopology::One,
                ending: Ending::Done,
                decisions: Vec::new(),
                preempted: Vec::new(),
                polls: vec![0; actors],
                dropped: vec![false; actors],
                finished: vec![false; actors],
                panics: Vec::new(),
                most_tasks: 0,
                fair_from: None,
                times: Vec::new(),
                wake_ups: 0,
            },
        };
        let ending = loop {
            if let Some(ending) = pairing.step() {
                break ending;
            }
        };
        // The threads end when nobody can give them orders any more.
        Run {
            ending,
            ..pairing.run
        }
    })
}

/// Where there is one core, threads do not run side by side: another that wakes up often has the system change between them in
/// the middle of a poll.
fn jostle(is_over: &AtomicBool) {
    while !is_over.load(Ordering::Relaxed) {
        thread::sleep(JOSTLE);
    }
}

/// How long that one sleeps; the system adds some fifty microseconds.
const JOSTLE: Duration = Duration::from_micros(5);

/// Ends the jostling, also where the search panics.
struct Over<'a>(&'a AtomicBool);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}
