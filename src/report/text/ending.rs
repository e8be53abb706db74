use console::measure_text_width;

use super::page::{Line, Page, Tone};
use super::tasks::{called, place};
use super::words::counted;
use crate::interleave::{Ending, Runnable, Waiting};
use crate::report::Finding;
use crate::report::rows::last_ran;

/// Of how many users who wait it is said what they wait for.
const MOST: usize = 8;

/// What becomes of a user where the execution does not end by itself.
pub(super) fn script_outcome(ending: &Ending, user: usize) -> Option<(&'static str, &'static str)> {
    match ending {
        Ending::Deadlock(waiting) if waiting.iter().any(|waiting| waiting.actor == user) => {
            Some(("◌", "waits for ever"))
        }
        Ending::Panicked { actor, .. } if *actor == user => Some(("✗", "panics")),
        Ending::Blocked {
            runnable: Some(Runnable::Actor(actor)),
        } if *actor == user => Some(("✗", "never comes back")),
        _ => None,
    }
}

/// Says why the execution ended where it did; nothing where every user came to an end.
pub(super) fn explain(page: &mut Page, finding: &Finding) {
    let name = |actor: usize| finding.names.get(actor).map_or("a user", String::as_str);
    let text = match finding.run.ending() {
        Ending::Done => return,
        Ending::Deadlock(waiting) => return deadlock(page, waiting, &name),
        Ending::StepLimit(steps) => format!("stopped here: not at an end after {}", counted(*steps, "step")),
        Ending::Panicked { actor, panic } => format!("{}'s call panicked: {panic}", name(*actor)),
        Ending::Blocked { runnable } => {
            let who = match runnable {
                Some(Runnable::Actor(actor)) => format!("{}'s call", name(*actor)),
                Some(Runnable::Runtime(_)) => called(last_ran(finding), &finding.names),
                None => "the code under test".to_owned(),
            };
            format!("stopped here: a poll of {who} did not return, it blocks its thread")
        }
        Ending::Diverged(divergence) => divergence.to_string(),
        Ending::RealIo(what) => {
            format!(
                "stopped here: something waits for real input or output while the clock stands still: {what}"
            )
        }
    };
    page.hanging(Line::indented(2), Tone::Wrong, &text);
    if let Ending::Blocked { .. } = finding.run.ending() {
        blocked(page, finding);
    }
}

/// Where a poll is that does not return, as far as it can be said.
fn blocked(page: &mut Page, finding: &Finding) {
    if let Some(state) = finding.blocked {
        page.hanging(Line::indented(4), Tone::Plain, &state.to_string());
    }
    if let Some(at) = finding.last_place() {
        let passed = format!("the poll was last seen {}", place(at));
        page.hanging(Line::indented(4), Tone::Plain, &passed);
    }
}

fn deadlock<'n>(page: &mut Page, waiting: &[Waiting], name: &dyn Fn(usize) -> &'n str) {
    page.hanging(
        Line::indented(2),
        Tone::Wrong,
        "a deadlock: nobody can run, and no timer is due within a day",
    );
    let told = &waiting[..waiting.len().min(MOST)];
    let widest = told
        .iter()
        .map(|waiting| measure_text_width(name(waiting.actor)))
        .max();
    let column = widest.unwrap_or_default() + 6;
    for waiting in told {
        let lead = Line::indented(4)
            .and(Tone::Title, name(waiting.actor))
            .padded(column);
        page.hanging(lead, Tone::Plain, &waiting.to_string());
    }
    if waiting.len() > MOST {
        page.line(Line::indented(4).and(Tone::Faint, format!("and {} more", waiting.len() - MOST)));
    }
}
