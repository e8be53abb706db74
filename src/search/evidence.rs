use super::target::ExecutionRecord;
use crate::interleave::{Decision, Ending, Panic, Run, Runnable};
use crate::oracle::{Ended, Evidence, Hang, PanicNote};

/// Gives the oracles' view of an execution to `look`; `alone` is the user who was there, where it was one.
pub(super) fn of_record<R>(
    record: &ExecutionRecord,
    alone: Option<usize>,
    look: impl FnOnce(&Evidence<'_>) -> R,
) -> R {
    let run = &record.run;
    let panics = panics(run, alone);
    let hang = hang(run, alone);
    look(&Evidence {
        trace: &record.trace,
        script_outcomes: &record.script_outcomes,
        hang: hang.as_ref(),
        panics: &panics,
        residue: record.residue.as_ref(),
        broken: &record.broken,
        ended: Ended {
            of_user: &|user| ended(run, if alone.is_some() { 0 } else { user }),
            of_all: step(run.decisions().len()),
            polled: &|step| polled(run, step),
        },
    })
}

/// The step, from 1, of the last decision about an actor; the last step of all where there is none.
fn ended(run: &Run, actor: usize) -> u32 {
    let decisions = run.decisions();
    let last = decisions
        .iter()
        .rposition(|decision| decision.actor() == Some(actor));
    step(last.map_or(decisions.len(), |last| last + 1))
}

/// The actor that was polled in a step, from 1.
fn polled(run: &Run, step: u32) -> Option<usize> {
    let index = usize::try_from(step).ok()?.checked_sub(1)?;
    match *run.decisions().get(index)? {
        Decision::Run { actor } | Decision::RunWithin { actor, .. } => Some(actor),
        _ => None,
    }
}

/// The step, from 1, of the first decision about an actor.
pub(super) fn begun(run: &Run, actor: usize) -> Option<u32> {
    let mut decisions = run.decisions().iter();
    let first = decisions.position(|decision| decision.actor() == Some(actor))?;
    Some(step(first + 1))
}

fn step(step: usize) -> u32 {
    u32::try_from(step).unwrap_or(u32::MAX)
}

fn panics(run: &Run, alone: Option<usize>) -> Vec<PanicNote> {
    let mut notes: Vec<_> = run
        .panics()
        .iter()
        .map(|(step, panic)| note(None, *step, panic))
        .collect();
    if let Ending::Panicked { actor, panic } = run.ending() {
        notes.push(note(Some(alone.unwrap_or(*actor)), run.decisions().len(), panic));
    }
    notes
}

fn note(user: Option<usize>, at: usize, panic: &Panic) -> PanicNote {
    PanicNote {
        user,
        message: panic.message().to_owned(),
        location: panic.location().unwrap_or("an unknown place").to_owned(),
        step: step(at),
    }
}

fn hang(run: &Run, alone: Option<usize>) -> Option<Hang> {
    let step = step(run.decisions().len());
    let unfinished =
        || (0..run.finished().len()).filter(|&actor| !run.finished()[actor] && !run.dropped()[actor]);
    let user = |actor: usize| alone.unwrap_or(actor);
    Some(match run.ending() {
        Ending::Deadlock(waiting) => Hang {
            detail: match waiting.first() {
                Some(first) => format!("a deadlock: {first}"),
                None => "a deadlock: nothing can run".to_owned(),
            },
            users: waiting.iter().map(|waiting| user(waiting.actor)).collect(),
            step,
        },
        Ending::StepLimit(steps) => Hang {
            detail: livelock(run, *steps),
            users: unfinished().map(user).collect(),
            step,
        },
        Ending::Blocked { runnable } => Hang {
            detail: match runnable {
                Some(Runnable::Runtime(_)) => {
                    "a spawned task blocks the thread: its poll does not return".to_owned()
                }
                _ => "a poll does not return: it blocks the thread that everybody else needs".to_owned(),
            },
            users: match runnable {
                Some(Runnable::Actor(actor)) => vec![user(*actor)],
                _ => unfinished().map(user).collect(),
            },
            step,
        },
        _ => return None,
    })
}

fn livelock(run: &Run, steps: usize) -> String {
    match run.fair_from() {
        Some(fair) => format!(
            "a livelock: not ended after {steps} steps; in the last {} every runnable had its turn and time went by",
            steps - fair.min(steps)
        ),
        None => format!("a livelock: not ended after {steps} steps"),
    }
}

/// Whether timers were late, or the clock went past runnables: what a user sees then it may see alone, too.
pub(super) fn is_clock_disturbed(run: &Run) -> bool {
    run.decisions()
        .iter()
        .any(|decision| matches!(decision, Decision::Advance { late: 1.. } | Decision::Pass { .. }))
}
