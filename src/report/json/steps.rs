use serde::Serialize;

use crate::interleave::{Origin, Place, SpawnedTask, StepNotes, WokenBy};

/// For whom a task was spawned.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Of {
    System,
    User(usize),
}

impl Of {
    pub(super) fn new(origin: Origin) -> Self {
        match origin {
            Origin::System => Self::System,
            Origin::Actor(user) => Self::User(user),
        }
    }
}

/// What woke the one who runs.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Woken {
    Clock,
    Step(usize),
}

impl Woken {
    pub(super) fn of(by: WokenBy) -> Self {
        match by {
            WokenBy::Clock => Self::Clock,
            WokenBy::Step(index) => Self::Step(index + 1),
        }
    }
}

/// A spawned task.
#[derive(Serialize)]
pub(super) struct Task<'o> {
    of: Option<Of>,
    number: Option<usize>,
    name: Option<&'o str>,
    /// The step, where it was not spawned before the first.
    spawned_in: Option<usize>,
}

/// The tasks that could be told apart.
pub(super) fn tasks(notes: Option<&StepNotes>) -> Vec<Task<'_>> {
    let tasks = notes.into_iter().flat_map(|notes| &notes.tasks);
    tasks.map(Task::of).collect()
}

impl<'o> Task<'o> {
    fn of(task: &'o SpawnedTask) -> Self {
        Self {
            of: task.origin.map(Of::new),
            number: task.number,
            name: task.name.as_deref(),
            spawned_in: task.spawned_at.map(|index| index + 1),
        }
    }
}

/// A place in the code under test.
#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub(super) enum At<'o> {
    YieldPoint {
        name: &'o str,
    },
    Span {
        name: &'o str,
        file: Option<&'o str>,
        line: Option<u32>,
    },
    Event {
        file: Option<&'o str>,
        line: Option<u32>,
    },
}

impl<'o> At<'o> {
    pub(super) fn of(place: &'o Place) -> Self {
        match *place {
            Place::YieldPoint(name) => Self::YieldPoint { name },
            Place::Traced { span, at } => {
                let (file, line) = at.unzip();
                match span {
                    Some(name) => Self::Span { name, file, line },
                    None => Self::Event { file, line },
                }
            }
        }
    }
}
