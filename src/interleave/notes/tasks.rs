use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use tokio::task;

use super::{Origin, SpawnedTask};
use crate::interleave::runtime::witness::Seen;

/// The tasks of an execution that can be told apart.
#[derive(Debug, Default)]
pub(super) struct Tasks {
    all: Vec<Followed>,
    of_id: HashMap<task::Id, usize>,
    /// How many tasks there were of an origin, while that is known.
    counts: BTreeMap<Origin, Option<usize>>,
    /// Tasks may have been spawned for anybody.
    has_lost_count: bool,
}

/// A task and what tells it from others.
#[derive(Debug)]
struct Followed {
    task: SpawnedTask,
    has_id: bool,
    carries: Carries,
}

/// The span in which a task's polls begin.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Carries {
    NotSeen,
    Span(u64, &'static str),
    Nothing,
}

impl Tasks {
    /// So many tasks were spawned at this decision. Their places.
    pub(super) fn spawn(&mut self, count: usize, origin: Option<Origin>, at: Option<usize>) -> Vec<usize> {
        if origin.is_none() && count > 0 {
            self.lose_numbers(None);
        }
        let first = (!self.has_lost_count).then_some(0);
        let spawned = (0..count).map(|_| {
            let number = origin.and_then(|origin| {
                let count = self.counts.entry(origin).or_insert(first).as_mut()?;
                *count += 1;
                Some(*count)
            });
            self.add(SpawnedTask {
                origin,
                number,
                spawned_at: at,
                name: None,
            })
        });
        spawned.collect()
    }

    /// A task of which it is not known when it was spawned.
    pub(super) fn add_unnumbered(&mut self, origin: Option<Origin>) -> usize {
        self.add(SpawnedTask {
            origin,
            number: None,
            spawned_at: None,
            name: None,
        })
    }

    fn add(&mut self, task: SpawnedTask) -> usize {
        self.all.push(Followed {
            task,
            has_id: false,
            carries: Carries::NotSeen,
        });
        self.all.len() - 1
    }

    /// How many tasks there were of this origin is not known any more; of any, where the origin is not known.
    pub(super) fn lose_numbers(&mut self, origin: Option<Origin>) {
        if let Some(origin) = origin {
            self.counts.insert(origin, None);
        } else {
            self.counts.clear();
            self.has_lost_count = true;
        }
    }

    pub(super) fn origin(&self, task: usize) -> Option<Origin> {
        self.all[task].task.origin
    }

    pub(super) fn of_id(&self, id: task::Id) -> Option<usize> {
        self.of_id.get(&id).copied()
    }

    pub(super) fn has_no_id(&self, task: usize) -> bool {
        !self.all[task].has_id
    }

    /// The only one of these whose id is not known.
    pub(super) fn only_without_id(&self, among: &[usize]) -> Option<usize> {
        let mut without = among.iter().copied().filter(|&task| self.has_no_id(task));
        let first = without.next();
        first.filter(|_| without.next().is_none())
    }

    /// The task of this place has this id.
    pub(super) fn bind(&mut self, task: usize, id: task::Id) {
        self.all[task].has_id = true;
        self.of_id.insert(id, task);
    }

    /// What a task showed of itself in a poll.
    pub(super) fn ran(&mut self, task: usize, seen: &Seen) {
        let followed = &mut self.all[task];
        if let Some(name) = &seen.named {
            followed.task.name = Some(Arc::clone(name));
        }
        followed.carries = match (&followed.carries, seen.entered.first()) {
            (Carries::NotSeen, Some(span)) => Carries::Span(span.id, span.name),
            (Carries::Span(id, _), Some(span)) if *id == span.id => return,
            _ => Carries::Nothing,
        };
    }

    /// What is known of each.
    pub(super) fn told(&self) -> Vec<SpawnedTask> {
        let told = self.all.iter().map(|followed| {
            let mut task = followed.task.clone();
            if let Carries::Span(_, name) = followed.carries {
                task.name.get_or_insert_with(|| name.into());
            }
            task
        });
        told.collect()
    }
}
