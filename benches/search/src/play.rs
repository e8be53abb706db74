//! One execution of a shape after another, straight on the interleaver.

use std::future::poll_fn;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use ssot_harness::interleave::{
    Decision, Driver, FutureActor, Marks, Run, RuntimeTopology, Serial, Shape as Facts, Strategy,
};

use crate::shapes::{Guest, Shape};

/// A shape on a driver of its own.
#[derive(Debug)]
pub struct Stand {
    shape: Shape,
    driver: Driver,
    facts: Facts,
    marks: Marks,
}

/// What an execution came to.
#[derive(Debug)]
pub struct Played {
    /// The execution.
    pub run: Run,
    /// Who saw what, in order.
    pub seen: Vec<(usize, String)>,
    /// In which of its polls, counted from 0, each user saw something, in order.
    pub marks: Vec<Vec<u32>>,
}

impl Played {
    /// Whether somebody saw the token of somebody else.
    #[must_use]
    pub fn leaks(&self) -> bool {
        self.seen
            .iter()
            .any(|(user, text)| !text.is_empty() && text.contains("token") && !text.contains(&token(*user)))
    }
}

/// A text that no other user's token is a part of.
fn token(user: usize) -> String {
    format!("token <{user}>")
}

impl Stand {
    /// Learns what its users do when they are alone. An execution has as many drops as the shape needs, and one where
    /// it needs none, as a check has.
    ///
    /// # Panics
    ///
    /// Where a user who is alone does not come to its end, or sees what is not its own.
    #[must_use]
    pub fn new(shape: Shape) -> Self {
        let mut driver = Driver::new();
        let drops = shape.depth.drops.max(1);
        driver.allow_drops(drops);
        let mut stand = Self {
            shape,
            driver,
            facts: Facts {
                drops,
                ..Facts::default()
            },
            marks: Marks::default(),
        };
        let mut marks = Vec::new();
        for user in 0..shape.users {
            let alone = stand.play_users(RuntimeTopology::One, &mut Serial, user..user + 1);
            let name = shape.name;
            assert_eq!(
                alone.run.finished(),
                [true],
                "{name}: user {user} alone: {:?}",
                alone.run.ending()
            );
            assert!(
                !alone.leaks() && alone.seen.iter().any(|(_, text)| text.contains(&token(user))),
                "{name}: user {user} sees its own token alone, and no other: {:?}",
                alone.seen
            );
            let facts = &mut stand.facts;
            facts.polls.push(alone.run.polls()[0]);
            marks.extend(alone.marks);
            facts.spawns |= alone.run.most_tasks() > 0;
            let decisions = alone.run.decisions();
            facts.timers |= decisions
                .iter()
                .any(|decision| matches!(decision, Decision::Advance { .. }));
        }
        stand.marks = marks.into();
        stand
    }

    /// Allows so many drops in an execution.
    pub fn allow_drops(&mut self, drops: u32) {
        self.driver.allow_drops(drops);
        self.facts.drops = drops;
    }

    /// What a strategy may know of the shape.
    #[must_use]
    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    /// In which of its polls each user sees something when it is alone.
    #[must_use]
    pub fn marks(&self) -> &Marks {
        &self.marks
    }

    /// The shape.
    #[must_use]
    pub fn shape(&self) -> &Shape {
        &self.shape
    }

    /// Runs it once, in the order of a strategy that has begun.
    pub fn play(&mut self, topology: RuntimeTopology, strategy: &mut dyn Strategy) -> Played {
        self.play_users(topology, strategy, 0..self.shape.users)
    }

    fn play_users(
        &mut self,
        topology: RuntimeTopology,
        strategy: &mut dyn Strategy,
        users: std::ops::Range<usize>,
    ) -> Played {
        let build = self.shape.build;
        let seen: Arc<Mutex<Vec<(usize, String)>>> = Arc::default();
        let mut session = self.driver.session(topology);
        let system = session.alone(async { build() }).expect("a shape can be built");
        let marks: Vec<Arc<Mutex<Vec<u32>>>> = users.clone().map(|_| Arc::default()).collect();
        let mut actors: Vec<_> = users
            .zip(&marks)
            .map(|(user, marks)| {
                let seen = Arc::clone(&seen);
                let marks = Arc::clone(marks);
                let polls = Arc::new(AtomicU32::new(0));
                let polled = Arc::clone(&polls);
                let guest = Guest::new(user, token(user), move |text| {
                    let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
                    seen.push((user, text.to_owned()));
                    let mut marks = marks.lock().unwrap_or_else(PoisonError::into_inner);
                    let poll = polled.load(Ordering::Relaxed).saturating_sub(1);
                    if marks.last() != Some(&poll) {
                        marks.push(poll);
                    }
                });
                let mut script = Arc::clone(&system).user(guest);
                FutureActor::boxed(Box::pin(poll_fn(move |cx| {
                    polls.fetch_add(1, Ordering::Relaxed);
                    script.as_mut().poll(cx)
                })))
            })
            .collect();
        let run = session.run(&mut actors, strategy);
        session
            .within(|| drop(actors))
            .expect("a script may be dropped anywhere");
        session.within(|| drop(system)).expect("a shape may be dropped");
        let seen = std::mem::take(&mut *seen.lock().unwrap_or_else(PoisonError::into_inner));
        let marks = marks
            .iter()
            .map(|marks| std::mem::take(&mut *marks.lock().unwrap_or_else(PoisonError::into_inner)))
            .collect();
        Played { run, seen, marks }
    }
}
