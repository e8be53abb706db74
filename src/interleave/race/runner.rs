use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender};
use std::task::{Context, Poll, Waker};
use std::{hint, thread};

use crate::interleave::{Actor, Panic, Quiet};

/// How long the two of a pair wait for each other by spinning before they let other threads go on.
const SPINS: usize = 4_000;

/// Makes an actor on the thread it is called on, and hands it to the second argument, which returns when the actor is
/// to be dropped.
pub(crate) type MakeActor<'m> = &'m (dyn Fn(usize, &mut dyn FnMut(&mut dyn Actor)) + Sync);

/// A poll to be made, together with another where there is a gate.
pub(super) struct Order {
    pub(super) gate: Option<Arc<StartBarrier>>,
    pub(super) head_start: usize,
}

pub(super) struct Answer {
    pub(super) actor: usize,
    pub(super) poll: Result<Poll<()>, Panic>,
}

/// Where the two of a pair wait for each other.
#[derive(Default)]
pub(super) struct StartBarrier(AtomicUsize);

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
pub(super) struct Runner {
    pub(super) actor: usize,
    pub(super) waker: Waker,
    pub(super) orders: Receiver<Order>,
    pub(super) answer: Sender<Answer>,
    pub(super) handle: tokio::runtime::Handle,
}

impl Runner {
    pub(super) fn run(self, make: MakeActor<'_>) {
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
