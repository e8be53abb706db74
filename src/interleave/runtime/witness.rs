use std::cell::RefCell;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::task;

use super::task_ids::TaskIds;

thread_local! {
    /// What code under test does on this thread in the step at hand, where that is taken down.
    static HERE: RefCell<Option<Arc<Witness>>> = const { RefCell::new(None) };
}

/// What code under test shows of itself in one step: by what it calls of the harness, and by the spans that it enters.
#[derive(Debug)]
pub(in crate::interleave) struct Witness {
    seen: Mutex<Seen>,
    ids: Mutex<TaskIds>,
}

/// A place in the code under test, as far as it has a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// A yield point of this name.
    YieldPoint(&'static str),
    /// A span, or an event that was logged, and the file and the line of its macro where they are known.
    Traced {
        /// The span's name; `None` for an event.
        span: Option<&'static str>,
        at: Option<(&'static str, u32)>,
    },
}

/// One entry of a span.
#[derive(Clone, Copy, Debug)]
pub(in crate::interleave) struct Entered {
    pub(in crate::interleave) id: u64,
    pub(in crate::interleave) name: &'static str,
    pub(in crate::interleave) at: Option<(&'static str, u32)>,
}

/// What was shown since the last [`take`](Witness::take).
#[derive(Clone, Debug, Default)]
pub(in crate::interleave) struct Seen {
    /// The task in which something was shown, and whether it was more than one.
    pub(in crate::interleave) task: Option<task::Id>,
    pub(in crate::interleave) several_tasks: bool,
    /// The name that the task was given.
    pub(in crate::interleave) named: Option<Arc<str>>,
    /// The spans that were entered, in order.
    pub(in crate::interleave) entered: Vec<Entered>,
    /// How many of them were entered before the first one was left.
    pub(in crate::interleave) nested: Option<usize>,
    /// The named yield point that was dropped while it was pending.
    pub(in crate::interleave) dropped_at: Option<&'static str>,
    /// The last place that was passed.
    pub(in crate::interleave) last: Option<Place>,
    /// How many tasks the process spawned while a task was polled, at the most, where that can be told.
    pub(in crate::interleave) spawned: Option<usize>,
}

impl Default for Witness {
    fn default() -> Self {
        Self {
            seen: Mutex::default(),
            ids: Mutex::new(TaskIds::new()),
        }
    }
}

impl Witness {
    /// What was shown since the last call.
    pub(in crate::interleave) fn take(&self) -> Seen {
        std::mem::take(&mut *self.seen())
    }

    /// What was shown up to now; another thread may ask.
    pub(in crate::interleave) fn so_far(&self) -> Seen {
        self.seen().clone()
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seen {
    /// The spans that were entered one within the other, before any was left.
    pub(in crate::interleave) fn nest(&self) -> &[Entered] {
        &self.entered[..self.nested.unwrap_or(self.entered.len())]
    }
}

/// What is shown on this thread is taken down while it lives.
#[derive(Debug)]
pub(in crate::interleave) struct Witnessing(Option<Arc<Witness>>);

impl Witnessing {
    pub(in crate::interleave) fn begin(witness: &Arc<Witness>) -> Self {
        Self(HERE.replace(Some(Arc::clone(witness))))
    }
}

impl Drop for Witnessing {
    fn drop(&mut self) {
        HERE.set(self.0.take());
    }
}

fn here() -> Option<Arc<Witness>> {
    // A thread whose thread-locals are torn down is in no execution any more.
    HERE.try_with(|here| here.borrow().clone()).ok().flatten()
}

/// A runtime is about to poll a task.
pub(super) fn task_begins() {
    if let Some(witness) = here() {
        let mut ids = witness.ids.lock().unwrap_or_else(PoisonError::into_inner);
        ids.since_last();
    }
}

/// A runtime has polled a task, or had none.
pub(super) fn task_ends() {
    if let Some(witness) = here() {
        let spawned = witness
            .ids
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .since_last();
        let mut seen = witness.seen();
        seen.spawned = spawned.map(|spawned| spawned + seen.spawned.unwrap_or_default());
    }
}

fn show(show: impl FnOnce(&mut Seen)) {
    let Some(witness) = here() else { return };
    let mut seen = witness.seen();
    if let Some(task) = task::try_id() {
        seen.several_tasks |= seen.task.is_some_and(|other| other != task);
        seen.task = Some(task);
    }
    show(&mut seen);
}

/// Somebody is woken on this thread.
pub(super) fn wakes() {
    show(|_| {});
}

/// The task at hand, which has this name, is polled.
pub(in crate::interleave) fn polls_named(name: &Arc<str>) {
    show(|seen| seen.named = Some(Arc::clone(name)));
}

/// Code under test comes to a named yield point, or leaves it.
pub(in crate::interleave) fn is_at(name: &'static str) {
    show(|seen| seen.last = Some(Place::YieldPoint(name)));
}

/// A named yield point is dropped while it is pending.
pub(in crate::interleave) fn drops_yield_point(name: &'static str) {
    show(|seen| seen.dropped_at = Some(name));
}

/// Code under test enters a span.
pub(crate) fn enters(id: u64, name: &'static str, at: Option<(&'static str, u32)>) {
    show(|seen| {
        seen.entered.push(Entered { id, name, at });
        seen.last = Some(Place::Traced { span: Some(name), at });
    });
}

/// Code under test leaves a span.
pub(crate) fn leaves() {
    show(|seen| {
        let entered = seen.entered.len();
        seen.nested.get_or_insert(entered);
    });
}

/// Code under test logs an event.
pub(crate) fn logs(at: Option<(&'static str, u32)>) {
    show(|seen| seen.last = Some(Place::Traced { span: None, at }));
}

/// Code under test shows which task it is, as by what its user observes.
pub(crate) fn is_at_work() {
    show(|_| {});
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tokio::runtime::{Builder, Runtime};

    use super::{
        Place, Witness, Witnessing, enters, is_at, is_at_work, leaves, logs, task_begins, task_ends,
    };

    fn runtime() -> Runtime {
        Builder::new_current_thread().build().unwrap()
    }

    #[test]
    fn only_what_its_thread_shows_while_it_is_asked_for_is_taken_down() {
        let witness = Arc::new(Witness::default());
        logs(None);
        assert_eq!(witness.take().last, None);
        let witnessing = Witnessing::begin(&witness);
        std::thread::spawn(|| logs(None)).join().unwrap();
        assert_eq!(witness.take().last, None);
        logs(Some(("chat.rs", 7)));
        let at = Some(("chat.rs", 7));
        assert_eq!(witness.take().last, Some(Place::Traced { span: None, at }));
        drop(witnessing);
        logs(None);
        assert_eq!(witness.take().last, None);
    }

    #[test]
    fn spans_are_nested_until_one_is_left() {
        let witness = Arc::new(Witness::default());
        let _witnessing = Witnessing::begin(&witness);
        enters(1, "request", None);
        enters(2, "query", None);
        assert_eq!(witness.so_far().nest().len(), 2);
        leaves();
        let at = Some(("chat.rs", 7));
        enters(3, "retry", at);
        leaves();
        let seen = witness.take();
        let span = Some("retry");
        assert_eq!(
            seen.last,
            Some(Place::Traced { span, at }),
            "what was left is passed"
        );
        let nest: Vec<_> = seen.nest().iter().map(|entered| entered.name).collect();
        assert_eq!(nest, ["request", "query"]);
        assert_eq!(seen.entered.len(), 3);
    }

    #[test]
    fn an_execution_within_another_leaves_it_as_it_was() {
        let (outer, inner) = (Arc::new(Witness::default()), Arc::new(Witness::default()));
        let _outer = Witnessing::begin(&outer);
        let within = Witnessing::begin(&inner);
        is_at("inner");
        drop(within);
        is_at("outer");
        assert_eq!(inner.take().last, Some(Place::YieldPoint("inner")));
        assert_eq!(outer.take().last, Some(Place::YieldPoint("outer")));
    }

    #[test]
    fn a_task_is_told_from_several() {
        let witness = Arc::new(Witness::default());
        let _witnessing = Witnessing::begin(&witness);
        runtime().block_on(async {
            let work = async || {
                is_at_work();
                is_at_work();
            };
            let one = tokio::spawn(work());
            let id = one.id();
            one.await.unwrap();
            let seen = witness.take();
            assert_eq!((seen.task, seen.several_tasks), (Some(id), false));
            for _ in 0..2 {
                tokio::spawn(work()).await.unwrap();
            }
            assert!(witness.take().several_tasks);
        });
    }

    /// Tests beside this one may spawn tasks, too: it may be more, never less.
    #[test]
    fn what_is_spawned_in_each_turn_of_a_step_is_counted() {
        let witness = Arc::new(Witness::default());
        let _witnessing = Witnessing::begin(&witness);
        let runtime = runtime();
        for spawned in [2, 0, 1] {
            task_begins();
            for _ in 0..spawned {
                runtime.spawn(async {});
            }
            task_ends();
        }
        let counted = witness.take().spawned.expect("tokio numbers its tasks");
        assert!(counted >= 3, "{counted}");
        assert_eq!(witness.take().spawned, None);
    }

    /// Some time no test beside this one spawns a task.
    #[test]
    fn what_is_spawned_between_two_steps_is_not_counted() {
        let witness = Arc::new(Witness::default());
        let _witnessing = Witnessing::begin(&witness);
        let runtime = runtime();
        let quiet = (0..1_000).any(|_| {
            runtime.spawn(async {});
            task_begins();
            task_ends();
            witness.take().spawned == Some(0)
        });
        assert!(quiet);
    }
}
