//! What is certain of an execution, and what is not.

use rstest::rstest;

use super::taking::{Look, Taking};
use super::{Origin, StepNote, WokenBy};
use crate::interleave::runtime::stepped_runtime::Reading;
use crate::interleave::runtime::witness::Seen;
use crate::interleave::{Decision, RuntimeTopology};

const ADA: Decision = Decision::Run { actor: 0 };
const BEN: Decision = Decision::Run { actor: 1 };
const TASK: Decision = Decision::Step { runtime: 0 };

/// Two users, and so many tasks alive and waiting on the one runtime.
fn look(tasks: usize, injected: usize, awake: u64) -> Look {
    Look {
        runtimes: vec![Some(Reading {
            tasks,
            injected,
            is_empty: tasks == 0,
        })],
        awake: vec![awake],
        has_threads: false,
    }
}

/// An execution of these decisions, with what shows after each and how many tasks may have been spawned meanwhile.
struct Script {
    taking: Taking,
    last: (usize, usize, u64),
    has_threads: bool,
}

impl Script {
    fn new(has_sockets: bool, has_threads: bool) -> Self {
        let mut taking = Taking::new(has_sockets);
        taking.begin(RuntimeTopology::One, 2, false, &look(0, 0, 0b11));
        Self {
            taking,
            last: (0, 0, 0b11),
            has_threads,
        }
    }

    fn look(&self) -> Look {
        Look {
            has_threads: self.has_threads,
            ..look(self.last.0, self.last.1, self.last.2)
        }
    }

    fn step(mut self, decision: Decision, after: (usize, usize, u64), spawned: Option<usize>) -> Self {
        let before = self.look();
        self.taking.before(decision, &before);
        self.last = after;
        let seen = Seen {
            spawned,
            ..Seen::default()
        };
        let look = self.look();
        self.taking.after(decision, true, &look, &seen);
        self
    }

    fn steps(&self) -> Vec<StepNote> {
        self.taking.notes(None).steps
    }
}

/// Ada spawns a task, which runs and ends and wakes her.
fn woken(has_sockets: bool, has_threads: bool) -> StepNote {
    Script::new(has_sockets, has_threads)
        .step(ADA, (1, 1, 0b10), None)
        .step(TASK, (0, 0, 0b11), Some(0))
        .step(ADA, (0, 0, 0b10), None)
        .steps()
        .remove(2)
}

#[rstest]
#[case::nothing_else_does(false, false, Some(WokenBy::Step(1)))]
#[case::a_socket_may_have(true, false, None)]
#[case::a_thread_may_have(false, true, None)]
fn a_task_wakes_a_user(
    #[case] has_sockets: bool,
    #[case] has_threads: bool,
    #[case] woken_by: Option<WokenBy>,
) {
    assert_eq!(woken(has_sockets, has_threads).woken_by, woken_by);
}

#[test]
fn a_timer_wakes_a_user() {
    let advance = Decision::Advance { late: 0 };
    let script = Script::new(false, false)
        .step(ADA, (0, 0, 0b10), None)
        .step(BEN, (0, 0, 0b00), None)
        .step(advance, (0, 0, 0b01), None)
        .step(ADA, (0, 0, 0b00), None);
    assert_eq!(script.steps()[3].woken_by, Some(WokenBy::Clock));
}

/// Both run in the order in which they were spawned; then either may run.
#[rstest]
#[case::nothing_was_spawned(Some(0), [Some(0), Some(1), None])]
#[case::something_may_have_been(Some(1), [Some(0), Some(1), None])]
#[case::it_cannot_be_told(None, [Some(0), Some(1), None])]
fn two_tasks_are_told_apart_in_their_first_polls(
    #[case] spawned: Option<usize>,
    #[case] ran: [Option<usize>; 3],
) {
    let script = Script::new(false, false)
        .step(ADA, (2, 2, 0b10), None)
        .step(TASK, (2, 1, 0b10), spawned)
        .step(TASK, (2, 0, 0b10), spawned)
        .step(TASK, (2, 0, 0b10), spawned);
    let steps = script.steps();
    let told: Vec<_> = steps[1..].iter().map(|note| note.task).collect();
    assert_eq!(told, ran);
    assert!(
        steps[1..]
            .iter()
            .all(|note| note.origin == Some(Origin::Actor(0)))
    );
}

#[rstest]
#[case::it_spawned_nothing(Some(0), Some(0))]
#[case::it_may_have_ended_and_spawned_another(Some(1), None)]
fn the_only_task_is_known_for_as_long_as_it_is_the_same(
    #[case] spawned: Option<usize>,
    #[case] task: Option<usize>,
) {
    let script = Script::new(false, false)
        .step(ADA, (1, 1, 0b10), None)
        .step(TASK, (1, 0, 0b10), spawned)
        .step(TASK, (1, 0, 0b10), Some(0));
    assert_eq!(script.steps()[2].task, task);
}

#[rstest]
#[case::every_task_is_counted(BEN, [Some(1), Some(2)])]
#[case::tasks_were_run_unseen(Decision::Pass { millis: 1 }, [Some(1), None])]
fn a_task_has_a_number_only_where_all_before_it_are_counted(
    #[case] between: Decision,
    #[case] numbers: [Option<usize>; 2],
) {
    let script = Script::new(false, false)
        .step(ADA, (1, 1, 0b10), None)
        .step(between, (1, 1, 0b10), None)
        .step(ADA, (2, 2, 0b00), None);
    let notes = script.taking.notes(None);
    let told: Vec<_> = notes.tasks.iter().map(|task| task.number).collect();
    assert_eq!(told, numbers);
}

/// The one that another user spawned, and those that were woken with it, stand in an order that nobody knows.
#[test]
fn what_was_woken_with_a_new_task_is_not_taken_for_it() {
    let script = Script::new(false, false)
        .step(ADA, (1, 1, 0b10), None)
        .step(TASK, (1, 0, 0b10), Some(0))
        .step(BEN, (2, 2, 0b00), None)
        .step(TASK, (2, 1, 0b00), Some(0));
    let last = &script.steps()[3];
    assert_eq!((last.task, last.origin), (None, None));
    assert_eq!(last.woken_by, Some(WokenBy::Step(2)));
}

#[test]
fn where_tasks_were_run_without_a_decision_nothing_is_known_of_them() {
    let script = Script::new(false, false)
        .step(ADA, (1, 1, 0b10), None)
        .step(Decision::Pass { millis: 1 }, (1, 0, 0b10), None)
        .step(TASK, (1, 0, 0b10), Some(0));
    assert_eq!(script.steps()[2].task, None);
}

/// A thread of the system's own spawned the task. Each user has a runtime then, but the first shares its with who built the system.
#[rstest]
#[case::of_the_system_or_the_first(RuntimeTopology::PerActor, 1, None)]
#[case::of_the_second(RuntimeTopology::PerActor, 2, Some(Origin::Actor(1)))]
#[case::of_the_system(RuntimeTopology::PerActor, 0, None)]
#[case::runtimes_are_nobodys(RuntimeTopology::PerPoll, 2, None)]
fn where_no_decision_tells_a_runtime_may(
    #[case] topology: RuntimeTopology,
    #[case] runtime: usize,
    #[case] origin: Option<Origin>,
    #[values(false, true)] is_in_a_poll: bool,
    #[values(false, true)] is_being_built: bool,
) {
    let show = |tasks: usize| {
        let mut runtimes = vec![Some(Reading::default()); 3];
        runtimes[runtime] = look(tasks, tasks, 0).runtimes[0];
        Look {
            runtimes,
            awake: vec![0b10],
            has_threads: true,
        }
    };
    let mut taking = Taking::new(false);
    taking.begin(topology, 2, is_being_built, &show(0));
    taking.before(ADA, &show(0));
    taking.after(ADA, true, &show(usize::from(is_in_a_poll)), &Seen::default());
    taking.before(Decision::Step { runtime }, &show(1));
    let told = taking.notes(None).steps[1].origin;
    assert_eq!(told, origin.filter(|_| !is_being_built));
}
