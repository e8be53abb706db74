use super::{Decision, Runnable, View};

/// After so many fair decisions, at the end of a round, the clock moves although somebody can run. It stands for the
/// time that as many polls take: a runnable that polls again and again until a timer has fired gets there.
const POLLS_PER_TICK: usize = 48;

/// So many ticks are of one millisecond; later ones grow by a sixteenth each, so that a wait of minutes is over soon.
const EVEN_TICKS: u32 = 64;

/// The longest tick.
const LONGEST: u16 = 60_000;

/// The end of an execution that has taken far more decisions than its users take alone: every runnable in turn, and the
/// clock now and then.
///
/// A strategy may starve a runnable for ever, and then it is the schedule that hangs, not the system. What has not ended under
/// a fair schedule either is a livelock. The idea of an unfair beginning with a fair end is from Madanlal Musuvathi and
/// Shaz Qadeer, "Fair stateless model checking" (PLDI 2008).
#[derive(Clone, Debug)]
pub(super) struct Fairness {
    /// The step after which decisions are fair.
    after: usize,
    last: Option<Runnable>,
    since_tick: usize,
    ticks: u32,
    tick: u16,
}

impl Fairness {
    pub(super) fn new(after: usize) -> Self {
        Self {
            after,
            last: None,
            since_tick: 0,
            ticks: 0,
            tick: 1,
        }
    }

    /// Whether the decision at this step, counted from 0, is a fair one.
    pub(super) fn holds(&self, step: usize) -> bool {
        step >= self.after
    }

    /// The next decision.
    pub(super) fn decide(&mut self, view: &View<'_>) -> Decision {
        let next = view.iter().find(|&runnable| Some(runnable) > self.last);
        let Some(next) = next.or_else(|| {
            let wraps = self.since_tick < POLLS_PER_TICK || !view.pass;
            wraps.then(|| view.iter().next()).flatten()
        }) else {
            return if view.count() == 0 {
                Decision::Advance { late: 0 }
            } else {
                self.tick()
            };
        };
        self.last = Some(next);
        self.since_tick += 1;
        next.decision()
    }

    fn tick(&mut self) -> Decision {
        self.last = None;
        self.since_tick = 0;
        self.ticks += 1;
        if self.ticks > EVEN_TICKS {
            self.tick = (self.tick + (self.tick / 16).max(1)).min(LONGEST);
        }
        Decision::Pass { millis: self.tick }
    }
}
