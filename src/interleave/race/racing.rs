use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::task::{Context, Poll, Waker};
use std::time::Duration;
use std::{hint, thread};

use super::ending::Waiting;
use super::runnables::{bits, is_set};
use super::runtime::clock::Moved;
use super::runtime::ready_set::{ReadySet, Wakers, full_word};
use super::runtime::stepped_runtime::Queue;
use super::sockets::LOOKS;
use super::{Actor, Decision, Ending, Panic, Quiet, Run, RuntimeTopology, Session};
use crate::rng::Rng;

/// How long the two of a pair wait for each other by spinning before they let other threads go on.
const SPINS: usize = 4_000;

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

/// Makes an actor on the thread it is called on, and hands it to the second argument, which returns when the actor is
/// to be dropped.
pub(crate) type MakeActor<'m> = &'m (dyn Fn(usize, &mut dyn FnMut(&mut dyn Actor)) + Sync);

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

/// A poll to be made, together with another where there is a gate.
struct Order {
    gate: Option<Arc<StartBarrier>>,
    head_start: usize,
}

struct Answer {
    actor: usize,
    poll: Result<Poll<()>, Panic>,
}

/// Where the two of a pair wait for each other.
#[derive(Default)]
struct StartBarrier(AtomicUsize);

impl StartBarrier {
    fn pass(&self) {
        self.0.fetch_add(1, Ordering::SeqCst);
        let mut spins = 0;
        while self.0.load(Ordering::SeqCst) < 2 {
            spins += 1;
            if spins > SPINS {
                thread::yield_now();
            } else {
                hint::spin_loop();
            }
        }
    }
}

/// One actor's thread.
struct Runner {
    actor: usize,
    waker: Waker,
    orders: Receiver<Order>,
    answer: Sender<Answer>,
    handle: tokio::runtime::Handle,
}

impl Runner {
    fn run(self, make: MakeActor<'_>) {
        let quiet = Quiet::begin();
        let _guard = self.handle.enter();
        let outcome = quiet.catch(|| {
            make(self.actor, &mut |actor| {
                let mut cx = Context::from_waker(&self.waker);
                while let Ok(order) = self.orders.recv() {
                    if let Some(gate) = order.gate {
                        gate.pass();
                    }
                    for _ in 0..order.head_start {
                        hint::spin_loop();
                    }
                    let poll = quiet.catch(|| actor.poll(&mut cx));
                    self.say(poll);
                }
            });
        });
        if let Err(panic) = outcome {
            // Nobody waits for this answer where the execution is over; then it is lost with the execution.
            self.say(Err(panic));
        }
    }

    fn say(&self, poll: Result<Poll<()>, Panic>) {
        // The other end is gone only where the execution has ended, which needs no answer.
        drop(self.answer.send(Answer {
            actor: self.actor,
            poll,
        }));
    }
}

struct Pairing<'p, 'd> {
    session: &'p mut Session<'d>,
    quiet: &'p Quiet,
    wakes: &'p ReadySet,
    orders: &'p [Sender<Order>],
    answers: &'p Receiver<Answer>,
    rng: Rng,
    unfinished: Vec<u64>,
    advancing: bool,
    /// So often sockets are looked at before the clock moves.
    looks_left: u32,
    run: Run,
}

impl Pairing<'_, '_> {
    fn step(&mut self) -> Option<Ending> {
        if self.unfinished.iter().all(|&word| word == 0) {
            return Some(Ending::Done);
        }
        if self.run.decisions.len() >= self.session.driver.step_limit {
            return Some(Ending::StepLimit(self.run.decisions.len()));
        }
        let now = u32::try_from(self.run.decisions.len() + 1).unwrap_or(u32::MAX);
        self.session.driver.now.store(now, Ordering::Relaxed);
        let woken: Vec<usize> = (0..self.run.polls.len())
            .filter(|&actor| {
                is_set(&self.unfinished, actor) && self.wakes.word(actor / 64) >> (actor % 64) & 1 == 1
            })
            .collect();
        let has_tasks = self
            .session
            .runtimes
            .all()
            .any(|(_, runtime)| runtime.look() != Queue::Empty);
        if has_tasks && (woken.is_empty() || self.rng.one_in(3)) {
            return self.step_runtime();
        }
        let begun = |actor: &usize| self.run.polls[*actor] > 0;
        let somebody_waits = bits(&self.unfinished).any(|actor| begun(&actor) && !woken.contains(&actor));
        // Who has not begun does not hold the clock.
        if somebody_waits && !woken.iter().any(begun) && self.rng.one_in(2) {
            return self.advance();
        }
        match woken[..] {
            [] => self.advance(),
            [only] => self.poll(&[only]),
            _ => {
                let first = self.rng.below(woken.len());
                let second = (first + 1 + self.rng.below(woken.len() - 1)) % woken.len();
                self.poll(&[woken[first], woken[second]])
            }
        }
    }

    fn poll(&mut self, actors: &[usize]) -> Option<Ending> {
        self.advancing = false;
        self.session.clock.restart();
        let gate = (actors.len() > 1).then(Arc::<StartBarrier>::default);
        if let Some(progress) = &self.session.driver.progress {
            progress.polling(true);
        }
        for &actor in actors {
            self.wakes.clear(actor);
            self.run.polls[actor] += 1;
            self.push(Decision::Run { actor });
            // Half of the pairs start as close together as they can.
            let head_start = if self.rng.one_in(2) {
                0
            } else {
                self.rng.below(400)
            };
            let order = Order {
                gate: gate.clone(),
                head_start,
            };
            self.orders[actor]
                .send(order)
                .expect("a runner listens until the orders end");
        }
        let mut ending = None;
        for _ in actors {
            let answer = self.answers.recv().expect("the runners hold the other end");
            match answer.poll {
                Ok(Poll::Pending) => {}
                Ok(Poll::Ready(())) => {
                    self.run.finished[answer.actor] = true;
                    self.unfinished[answer.actor / 64] &= !(1 << (answer.actor % 64));
                }
                Err(panic) => ending = Some(super::ending::ending_of_panic(answer.actor, panic)),
            }
        }
        if let Some(progress) = &self.session.driver.progress {
            progress.polling(false);
        }
        self.run.most_tasks = self.run.most_tasks.max(self.session.runtimes.tasks());
        ending
    }

    fn step_runtime(&mut self) -> Option<Ending> {
        let stepped = self
            .session
            .runtimes
            .all()
            .find_map(|(index, runtime)| runtime.step().then_some(index));
        if let Some(runtime) = stepped {
            self.advancing = false;
            self.session.clock.restart();
            self.push(Decision::Step { runtime });
            let step = self.run.decisions.len();
            self.run
                .panics
                .extend(self.quiet.take().into_iter().map(|panic| (step, panic)));
        }
        None
    }

    fn advance(&mut self) -> Option<Ending> {
        if self.session.driver.sockets.is_some() && self.looks_left > 0 {
            self.looks_left -= 1;
            self.session.runtimes.look_at_sockets();
            return None;
        }
        if !self.advancing {
            self.advancing = true;
            self.push(Decision::Advance { late: 0 });
        }
        let mut waiting = vec![0; self.unfinished.len()];
        for actor in bits(&self.unfinished).filter(|&actor| self.run.polls[actor] > 0) {
            waiting[actor / 64] |= 1 << (actor % 64);
        }
        let session = &mut *self.session;
        match session
            .clock
            .advance(&mut session.runtimes, self.wakes, &waiting, Duration::ZERO)
        {
            Moved::On => return None,
            Moved::HeldUp => return Some(super::ending::held_up(session.driver.patience)),
            Moved::DayOver => {}
        }
        if self.wakes.any(&self.unfinished) {
            self.session.clock.restart();
            return None;
        }
        let tasks = self.session.runtimes.tasks();
        let waiting = bits(&self.unfinished).map(|actor| Waiting {
            actor,
            polls: self.run.polls[actor],
            // A runner's waker counts once; how many clones there are is not known here.
            wakers: 1,
            tasks,
        });
        Some(Ending::Deadlock(waiting.collect()))
    }

    fn push(&mut self, decision: Decision) {
        if let Some(progress) = &self.session.driver.progress {
            progress.decided(self.run.decisions.len(), decision);
        }
        self.run.decisions.push(decision);
        self.looks_left = LOOKS;
    }
}
