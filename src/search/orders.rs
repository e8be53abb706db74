use crate::interleave::{Decision, Run, Shape};
use crate::report::OrdersSeen;

/// How many users' steps are compared with each other; beyond, there are too many pairs to keep.
const MOST_USERS: usize = 16;

/// How many steps all users may have together.
const MOST_STEPS: usize = 1_024;

/// Which orders between the steps of two users were seen.
///
/// For each step of a user it knows the fewest and the most steps of every other user that ever came before it, which says
/// of every pair of steps which of them was seen first.
#[derive(Debug)]
pub(crate) struct Orders {
    /// How many steps each user takes alone: those are compared.
    steps: Vec<u32>,
    /// Of each user's each step, of every user: in one row.
    before: Vec<Before>,
    /// Where a user's steps begin in `before`, counted in steps.
    begins: Vec<usize>,
    taken: Vec<u32>,
    all_taken: Vec<u32>,
}

#[derive(Clone, Copy, Debug)]
struct Before {
    fewest: u32,
    most: u32,
}

impl Orders {
    /// Nothing was seen yet. `None` where there is too much to see.
    pub(crate) fn of(shape: &Shape) -> Option<Self> {
        let users = shape.polls.len();
        let steps: usize = shape.polls.iter().map(|&polls| polls as usize).sum();
        if users > MOST_USERS || steps > MOST_STEPS {
            return None;
        }
        let unseen = Before {
            fewest: u32::MAX,
            most: 0,
        };
        let begins = shape.polls.iter().scan(0, |begin, &polls| {
            let this = *begin;
            *begin += polls as usize;
            Some(this)
        });
        Some(Self {
            begins: begins.collect(),
            before: vec![unseen; steps * users],
            steps: shape.polls.clone(),
            taken: vec![0; users],
            all_taken: vec![0; users],
        })
    }

    /// Takes down an execution; whether it showed anything new.
    pub(crate) fn note(&mut self, run: &Run) -> bool {
        let users = self.steps.len();
        self.taken.fill(0);
        self.all_taken.fill(0);
        for actor in polled(run).filter(|&actor| actor < users) {
            self.all_taken[actor] += 1;
        }
        let mut new = false;
        for actor in polled(run).filter(|&actor| actor < users) {
            let step = self.taken[actor];
            self.taken[actor] += 1;
            if step >= self.steps[actor] {
                continue;
            }
            let row = (self.begins[actor] + step as usize) * users;
            for other in (0..users).filter(|&other| other != actor) {
                let before = &mut self.before[row + other];
                let came = self.taken[other].min(self.steps[other]);
                if came > before.most {
                    before.most = came;
                    new = true;
                }
                // Steps that the other did not come to did not come after this one either.
                if came < before.fewest && self.all_taken[other] >= self.steps[other] {
                    before.fewest = came;
                    new = true;
                }
            }
        }
        new
    }

    /// What was seen so far.
    pub(crate) fn seen(&self) -> OrdersSeen {
        let users = self.steps.len();
        let mut seen = OrdersSeen::default();
        for actor in 0..users {
            for step in 0..self.steps[actor] as usize {
                let row = (self.begins[actor] + step) * users;
                // Each pair of users once.
                for other in actor + 1..users {
                    let Before { fewest, most } = self.before[row + other];
                    let others = self.steps[other];
                    seen.all += 2 * u64::from(others);
                    seen.seen += u64::from(most) + u64::from(others.saturating_sub(fewest));
                }
            }
        }
        seen
    }
}

/// Whose step each poll of a script is.
fn polled(run: &Run) -> impl Iterator<Item = usize> {
    run.decisions().iter().filter_map(|decision| match *decision {
        Decision::Run { actor } | Decision::RunWithin { actor, .. } => Some(actor),
        Decision::Step { .. } | Decision::Advance { .. } | Decision::Pass { .. } | Decision::Drop { .. } => {
            None
        }
    })
}

#[cfg(test)]
mod tests {
    use super::Orders;
    use crate::interleave::{Driver, FutureActor, Replay, Run, RuntimeTopology, Schedule, Shape};
    use crate::report::OrdersSeen;

    /// Two users who yield once each, in this order.
    fn run(schedule: &str) -> Run {
        let mut driver = Driver::new();
        driver.allow_drops(1);
        let mut session = driver.session(RuntimeTopology::One);
        let mut actors: Vec<_> = (0..2)
            .map(|_| FutureActor::new(tokio::task::yield_now()))
            .collect();
        let schedule: Schedule = schedule.parse().unwrap();
        let run = session.run(&mut actors, &mut Replay::new(schedule));
        assert!(run.divergence().is_none());
        run
    }

    #[test]
    fn every_order_is_seen_once_it_was() {
        let mut orders = Orders::of(&Shape::of(vec![2, 2])).unwrap();
        let all = 8;
        assert_eq!(orders.seen(), OrdersSeen { seen: 0, all });
        assert!(orders.note(&run("v1:one@1:1x2,2x2")));
        assert_eq!(
            orders.seen(),
            OrdersSeen { seen: 4, all },
            "each of ada's steps before each of ben's"
        );
        assert!(!orders.note(&run("v1:one@1:1x2,2x2")), "that is nothing new");
        assert!(orders.note(&run("v1:one@1:1,2,1,2")));
        assert_eq!(
            orders.seen(),
            OrdersSeen { seen: 5, all },
            "ben's first before ada's second"
        );
        assert!(orders.note(&run("v1:one@1:2x2,1x2")));
        assert_eq!(orders.seen(), OrdersSeen { seen: 8, all });
        assert!(!orders.note(&run("v1:one@1:1,2,2,1")));
    }

    #[test]
    fn a_step_that_was_not_taken_came_neither_before_nor_after() {
        let mut orders = Orders::of(&Shape::of(vec![2, 2])).unwrap();
        orders.note(&run("v1:one@1:2,2d,1x2"));
        assert_eq!(orders.seen().seen, 2, "ben's first before each of ada's");
    }

    #[test]
    fn steps_that_nobody_takes_alone_are_not_compared() {
        let mut orders = Orders::of(&Shape::of(vec![1, 2])).unwrap();
        orders.note(&run("v1:one@1:2x2,1x2"));
        let seen = orders.seen();
        assert_eq!((seen.seen, seen.all), (2, 4), "each of ben's before ada's first");
        assert_eq!(orders.before[3].most, 0, "ada's second is not ben's first");
    }

    #[test]
    fn where_there_is_too_much_nothing_is_counted() {
        assert!(Orders::of(&Shape::of(vec![1; 17])).is_none());
        assert!(Orders::of(&Shape::of(vec![1_000, 25])).is_none());
        assert!(Orders::of(&Shape::of(vec![64; 16])).is_some());
    }
}
