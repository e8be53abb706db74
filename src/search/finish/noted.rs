use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::interleave::{Decision, Driver, Notebook, Run, StepNotes};

/// How often a failure is run again only to tell its tasks apart, and for how long at the most: what other tests spawn meanwhile hides
/// what its own tasks do.
const TIMES: usize = 24;
const TIME: Duration = Duration::from_millis(100);

/// What is known of the steps of a failing execution, from the executions that repeat it.
#[derive(Debug)]
pub(super) struct Noted<'r> {
    decisions: &'r [Decision],
    book: Option<Arc<Notebook>>,
    notes: Option<StepNotes>,
}

impl<'r> Noted<'r> {
    /// Nothing is known yet of the execution with these decisions.
    pub(super) fn new(decisions: &'r [Decision]) -> Self {
        Self {
            decisions,
            book: None,
            notes: None,
        }
    }

    /// Has the next execution of the driver noted, which repeats the one at hand; but not where all is known.
    pub(super) fn begin(&mut self, driver: &mut Driver) {
        if self.has_gaps() {
            self.book = Some(driver.note_steps(self.book.as_deref()));
        }
    }

    /// Takes over what was noted in an execution that has ended so.
    pub(super) fn end(&mut self, driver: &mut Driver, again: Option<&Run>) {
        if driver.notes.take().is_some() {
            // It never began.
            self.book = None;
        }
        let Some(book) = &self.book else { return };
        let notes = book.notes();
        let is_same = again.is_some_and(|again| again.decisions() == self.decisions)
            && notes.steps.len() == self.decisions.len();
        let gaps = |notes: &StepNotes| notes.gaps(self.decisions);
        if !is_same {
            self.book = None;
        } else if self
            .notes
            .as_ref()
            .is_none_or(|known| gaps(&notes) <= gaps(known))
        {
            self.notes = Some(notes);
        }
    }

    /// Calls `again`, which runs it once more, until all is known, or it is no use, or a run has told a difference, which is returned.
    pub(super) fn fill<D>(&mut self, again: impl FnMut(&mut Self) -> Option<D>) -> Option<D> {
        self.fill_within(TIME, again)
    }

    fn fill_within<D>(&mut self, time: Duration, mut again: impl FnMut(&mut Self) -> Option<D>) -> Option<D> {
        let begun = Instant::now();
        (0..TIMES).take_while(|_| begun.elapsed() <= time).find_map(|_| {
            (self.has_gaps() && self.book.is_some())
                .then(|| again(self))
                .flatten()
        })
    }

    fn has_gaps(&self) -> bool {
        let notes = self.notes.as_ref();
        notes.is_none_or(|notes| notes.gaps(self.decisions) > 0)
    }

    pub(super) fn into_notes(self) -> Option<StepNotes> {
        self.notes
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use rstest::rstest;
    use tokio::runtime::Builder;
    use tokio::task::yield_now;
    use tokio::time::sleep;

    use super::{Noted, TIMES};
    use crate::interleave::{
        Decision, Driver, FutureActor, Run, RuntimeTopology, Serial, SpawnedTask, StepNote, StepNotes,
    };

    /// An execution with two tasks that nothing tells apart after their first polls.
    fn run(driver: &mut Driver) -> Run {
        let mut session = driver.session(RuntimeTopology::One);
        let mut user = [FutureActor::new(async {
            for _ in 0..2 {
                tokio::spawn(yield_now());
            }
            // They do not wake it.
            sleep(Duration::from_millis(1)).await;
        })];
        session.run(&mut user, &mut Serial)
    }

    /// Notes by hand, in which a task of its own name ran in all steps but so many.
    fn by_hand(decisions: &[Decision], gaps: usize) -> StepNotes {
        let steps = decisions
            .iter()
            .filter(|&decision| matches!(decision, Decision::Step { .. }));
        let mut known = steps.count() - gaps;
        let steps = decisions.iter().map(|decision| {
            let is_known = matches!(decision, Decision::Step { .. }) && known > 0;
            known -= usize::from(is_known);
            StepNote {
                task: is_known.then_some(0),
                ..StepNote::default()
            }
        });
        StepNotes {
            steps: steps.collect(),
            tasks: vec![SpawnedTask {
                origin: None,
                number: None,
                spawned_at: None,
                name: Some("by hand".into()),
            }],
        }
    }

    fn known_by_hand(decisions: &[Decision], gaps: usize) -> Noted<'_> {
        Noted {
            notes: Some(by_hand(decisions, gaps)),
            ..Noted::new(decisions)
        }
    }

    #[rstest]
    #[case::not_every_step_is_known(1, true)]
    #[case::every_step_is_known(0, false)]
    fn an_execution_is_noted_while_steps_are_unknown(#[case] gaps: usize, #[case] is_noted: bool) {
        let mut driver = Driver::new();
        let decisions = run(&mut driver).decisions().to_vec();
        let mut noted = known_by_hand(&decisions, gaps);
        noted.begin(&mut driver);
        assert_eq!(driver.notes.is_some(), is_noted);
        assert_eq!(noted.book.is_some(), is_noted);
    }

    /// What became of the execution that was to be noted.
    enum Again {
        TheSame,
        AnotherSchedule,
        CouldNotBeCarriedOut,
        NeverBegan,
        NobodyNotedIt,
    }

    #[rstest]
    #[case::the_same(Again::TheSame, true)]
    #[case::another_schedule(Again::AnotherSchedule, false)]
    #[case::it_could_not_be_carried_out(Again::CouldNotBeCarriedOut, false)]
    #[case::it_never_began(Again::NeverBegan, false)]
    #[case::nobody_noted_it(Again::NobodyNotedIt, false)]
    fn what_was_noted_is_taken_over_from_the_same_execution(#[case] again: Again, #[case] is_taken: bool) {
        let mut driver = Driver::new();
        let first = run(&mut driver);
        let mut decisions = first.decisions().to_vec();
        if let Again::AnotherSchedule = again {
            // It is as long.
            decisions[0] = Decision::Drop { actor: 0 };
        }
        let mut noted = Noted::new(&decisions);
        noted.begin(&mut driver);
        let second = match again {
            Again::NeverBegan => Some(first),
            Again::NobodyNotedIt => {
                driver.notes = None;
                Some(first)
            }
            Again::CouldNotBeCarriedOut => {
                run(&mut driver);
                None
            }
            Again::TheSame | Again::AnotherSchedule => Some(run(&mut driver)),
        };
        noted.end(&mut driver, second.as_ref());
        assert!(driver.notes.is_none(), "no other execution is noted");
        assert_eq!(noted.book.is_some(), is_taken, "it is of use for the next");
        let gaps = noted.into_notes().map(|notes| notes.gaps(&decisions));
        assert_eq!(gaps.is_some(), is_taken);
        assert_ne!(gaps, Some(0), "nothing tells the tasks apart");
    }

    #[rstest]
    #[case::they_say_more(1, true)]
    #[case::they_say_less(4, false)]
    fn the_notes_with_the_fewest_unknown_steps_are_kept(#[case] gaps: usize, #[case] is_kept: bool) {
        let mut driver = Driver::new();
        let decisions = run(&mut driver).decisions().to_vec();
        let mut noted = known_by_hand(&decisions, gaps);
        noted.begin(&mut driver);
        let again = run(&mut driver);
        noted.end(&mut driver, Some(&again));
        assert_eq!(noted.into_notes() == Some(by_hand(&decisions, gaps)), is_kept);
    }

    /// Each time something else is spawned beside the execution, as tests beside this one do, too.
    #[test]
    fn what_was_spawned_beside_one_execution_is_known_from_another() {
        let elsewhere = Builder::new_current_thread().build().unwrap();
        let mut driver = Driver::new();
        let run = |driver: &mut Driver, at: usize| {
            let elsewhere = elsewhere.handle().clone();
            let mut session = driver.session(RuntimeTopology::One);
            let mut user = [FutureActor::new(async move {
                tokio::spawn(async move {
                    for poll in 0..4 {
                        if poll == at {
                            elsewhere.spawn(async {});
                        }
                        yield_now().await;
                    }
                });
                sleep(Duration::from_millis(1)).await;
            })];
            session.run(&mut user, &mut Serial)
        };
        let decisions = run(&mut driver, 0).decisions().to_vec();
        let mut noted = Noted::new(&decisions);
        let is_known = (0..1_000).any(|time| {
            noted.begin(&mut driver);
            let again = run(&mut driver, time % 2);
            noted.end(&mut driver, Some(&again));
            !noted.has_gaps()
        });
        assert!(is_known);
    }

    const FOREVER: Duration = Duration::MAX;

    /// An execution of one step, whose task is not known, and which is being noted.
    fn unknown() -> Noted<'static> {
        Noted {
            book: Some(Driver::new().note_steps(None)),
            ..known_by_hand(&[Decision::Step { runtime: 0 }], 1)
        }
    }

    #[rstest]
    #[case::a_run_tells_a_difference(|_: &mut Noted<'static>| Some(()), true)]
    #[case::all_is_known(|noted: &mut Noted<'static>| { noted.notes = Some(by_hand(noted.decisions, 0)); None }, false)]
    #[case::it_is_no_use(|noted: &mut Noted<'static>| { noted.book = None; None }, false)]
    fn a_failure_is_run_again_until(
        #[case] stop: fn(&mut Noted<'static>) -> Option<()>,
        #[case] is_told: bool,
    ) {
        let mut times = 0;
        let told = unknown().fill_within(FOREVER, |noted| {
            times += 1;
            if times == 3 { stop(noted) } else { None }
        });
        assert_eq!((times, told.is_some()), (3, is_told));
    }

    #[rstest]
    #[case::nothing_helps(unknown(), TIMES)]
    #[case::all_is_known(Noted { notes: Some(StepNotes::default()), ..unknown() }, 0)]
    #[case::nothing_was_noted(Noted { book: None, ..unknown() }, 0)]
    fn a_failure_is_run_again_so_often(#[case] mut noted: Noted<'static>, #[case] times: usize) {
        let mut again = 0;
        let told: Option<()> = noted.fill_within(FOREVER, |_| {
            again += 1;
            None
        });
        assert_eq!((again, told), (times, None));
    }

    #[test]
    fn a_failure_is_not_run_again_after_its_time() {
        let mut times = 0;
        let told: Option<()> = unknown().fill_within(Duration::ZERO, |_| {
            times += 1;
            let begun = Instant::now();
            while begun.elapsed().is_zero() {}
            None
        });
        assert_eq!(told, None);
        assert!(times <= 1, "{times}");
    }
}
