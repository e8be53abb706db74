use console::measure_text_width;

use super::page::{Line, Page, Tone};
use super::words::grouped;
use crate::interleave::{Decision, Origin, Place, SpawnedTask};
use crate::report::Finding;
use crate::report::rows::{Ran, Row, Ticking, TimelineEvent};

/// Of how many tasks it is said when they were spawned.
const MOST: usize = 8;

/// What a task is called in the lane of the user for whom it was spawned, or across the lanes.
pub(super) fn in_lane(ran: Ran<'_>) -> String {
    match ran.origin {
        Some(Origin::System) => format!("{} of the system", own(ran)),
        Some(Origin::Actor(_)) | None => own(ran),
    }
}

/// What a task is called where no lane says whose it is.
pub(super) fn called(ran: Ran<'_>, names: &[String]) -> String {
    match ran.origin {
        Some(Origin::Actor(user)) => {
            let name = names.get(user).map_or("a user", String::as_str);
            format!("{} of {name}", own(ran))
        }
        Some(Origin::System) | None => in_lane(ran),
    }
}

fn own(ran: Ran<'_>) -> String {
    let known = ran.task.map(|(_, task)| (task.number, task.name.as_deref()));
    match known {
        Some((Some(number), Some(name))) => format!("task {number} `{name}`"),
        Some((Some(number), None)) => format!("task {number}"),
        Some((None, Some(name))) => format!("task `{name}`"),
        Some((None, None)) | None => "a spawned task".to_owned(),
    }
}

/// Where in the code under test.
pub(super) fn place(place: &Place) -> String {
    let code =
        |at: Option<(&str, u32)>| at.map_or_else(String::new, |(file, line)| format!(" ({file}:{line})"));
    match *place {
        Place::YieldPoint(name) => format!("at `{name}`"),
        Place::Traced { span: Some(span), at } => format!("in span `{span}`{}", code(at)),
        Place::Traced { span: None, at } => format!("after an event was logged{}", code(at)),
    }
}

/// When the tasks were spawned that are in these rows.
pub(super) fn explain<'f>(page: &mut Page, finding: &Finding, rows: impl Iterator<Item = &'f Row<'f>>) {
    let mut tasks: Vec<(Ran<'_>, String)> = Vec::new();
    for row in rows {
        let (TimelineEvent::Task { ran, .. }
        | TimelineEvent::Panics { ran, .. }
        | TimelineEvent::Ticks {
            whose: Ticking::Task(ran),
            ..
        }) = row.what
        else {
            continue;
        };
        if let Some((_, task)) = ran.task
            && !tasks.iter().any(|(known, _)| known.task == ran.task)
            && let Some(spawned) = spawned(finding, task)
        {
            tasks.push((ran, spawned));
        }
    }
    tasks.sort_by_key(|(ran, _)| ran.task.map(|(place, task)| (task.origin, task.number, place)));
    tasks.truncate(MOST);
    let named: Vec<_> = tasks
        .iter()
        .map(|(ran, spawned)| (called(*ran, &finding.names), spawned))
        .collect();
    let widest = named.iter().map(|(name, _)| measure_text_width(name)).max();
    for (name, spawned) in &named {
        let lead = Line::indented(2)
            .and(Tone::Faint, name)
            .padded(widest.unwrap_or_default() + 4);
        page.hanging(lead, Tone::Faint, spawned);
    }
}

/// When a task was spawned, and by whom.
fn spawned(finding: &Finding, task: &SpawnedTask) -> Option<String> {
    let Some(index) = task.spawned_at else {
        let before = task.origin == Some(Origin::System) && task.number.is_some();
        return before.then(|| "spawned while the system was built".to_owned());
    };
    let decisions = finding.run.decisions();
    let step = grouped(index as u64 + 1);
    let name = |user: usize| finding.names.get(user).map_or("a user", String::as_str);
    let by = match *decisions.get(index)? {
        Decision::Run { actor } | Decision::RunWithin { actor, .. } => {
            let polls = decisions[..=index].iter().filter(|&&decision| {
                !matches!(decision, Decision::Drop { .. }) && decision.actor() == Some(actor)
            });
            format!("in poll {} of {}", grouped(polls.count() as u64), name(actor))
        }
        Decision::Drop { actor } => format!("when {}'s call was dropped", name(actor)),
        Decision::Step { .. } => {
            let parent = finding.steps.as_ref().and_then(|notes| notes.task(index));
            let number = parent.and_then(|parent| parent.number);
            number.map_or_else(|| "by a task".to_owned(), |number| format!("by task {number}"))
        }
        Decision::Advance { .. } | Decision::Pass { .. } => return None,
    };
    Some(format!("spawned in step {step}, {by}"))
}
