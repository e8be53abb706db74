use std::time::Duration;

use super::minimizer::Best;
use super::noted::Noted;
use crate::interleave::{Decision, Ending, Run};
use crate::report::{Failure, Nondeterminism};
use crate::search::explorer::Explorer;
use crate::search::target::ExecutionRecord;

/// How long, in real time, a thread outside has to end a deadlock that was found.
const PATIENCE: Duration = Duration::from_millis(50);

/// Runs the failing schedule several times more, and says where one does not do the same.
pub(super) fn repeat(
    searching: &mut Explorer<'_>,
    best: &Best,
    noted: &mut Noted<'_>,
) -> Option<Nondeterminism> {
    let times = times_again(best);
    let difference = (0..times).find_map(|_| run_again(searching, best, noted));
    if difference.is_some() || times == 1 {
        return difference;
    }
    noted.fill(|noted| run_again(searching, best, noted))
}

/// Runs the failing schedule once more, to the letter.
fn play_again(
    searching: &mut Explorer<'_>,
    best: &Best,
    noted: &mut Noted<'_>,
) -> Result<ExecutionRecord, Failure> {
    // Solo runs that are still missing are not what is noted.
    searching.baseline(&best.target, best.identity_seed)?;
    if !searching.driver.waits_for_threads() {
        searching.driver.wait_for_outside(PATIENCE);
    }
    noted.begin(&mut searching.driver);
    let schedule = best.record.run.schedule(best.identity_seed);
    let again = searching.play_again(&best.target, &schedule);
    noted.end(&mut searching.driver, again.as_ref().ok().map(|again| &again.run));
    again
}

/// Runs the failing schedule once more and compares.
fn run_again(searching: &mut Explorer<'_>, best: &Best, noted: &mut Noted<'_>) -> Option<Nondeterminism> {
    let again = match play_again(searching, best, noted) {
        Ok(again) => again,
        Err(failure) => {
            let difference = format!("the second run could not be carried out: {failure}");
            return Some(Nondeterminism {
                step: 1,
                difference,
                failed_again: false,
            });
        }
    };
    if let Some(divergence) = again.run.divergence() {
        let (step, difference) = (divergence.step(), divergence.reason().to_owned());
        return Some(Nondeterminism {
            step,
            difference,
            failed_again: false,
        });
    }
    let failed_again = searching
        .baseline(&best.target, best.identity_seed)
        .is_ok_and(|baseline| {
            baseline
                .judge(&again)
                .iter()
                .any(|violation| violation.kind() == best.kind)
        });
    let has_peers_outside = searching.driver.has_peers_outside();
    // How a reply arrives, in one piece or in more, is no matter of the schedule, and no news where the failure shows again.
    if has_peers_outside && failed_again {
        return None;
    }
    let (step, difference) = first_difference(&best.record, &again)?;
    Some(Nondeterminism {
        step,
        difference,
        failed_again,
    })
}

fn first_difference(first: &ExecutionRecord, second: &ExecutionRecord) -> Option<(usize, String)> {
    let decisions = |run: &Run| -> Vec<Decision> { run.decisions().to_vec() };
    let (a, b) = (decisions(&first.run), decisions(&second.run));
    let in_decisions = (0..a.len().max(b.len()))
        .find(|&index| a.get(index) != b.get(index))
        .map(|index| {
            (
                index + 1,
                format!(
                    "the first run went on with {:?}, the second with {:?}",
                    a.get(index),
                    b.get(index)
                ),
            )
        });
    let (seen, seen_again) = (first.trace.observations(), second.trace.observations());
    let in_observations = (0..seen.len().max(seen_again.len())).find_map(|index| {
        let (a, b) = (seen.get(index), seen_again.get(index));
        let same = match (a, b) {
            (Some(a), Some(b)) => {
                let shown = |seen: &crate::trace::Observation| (seen.viewer(), seen.surface(), seen.step());
                shown(a) == shown(b) && a.repeatable_text() == b.repeatable_text()
            }
            _ => false,
        };
        if same {
            return None;
        }
        let told = |observation: Option<&crate::trace::Observation>| {
            observation.map_or_else(
                || "nothing more".to_owned(),
                |o| {
                    format!(
                        "{} {} on {}",
                        crate::user::name(o.viewer()),
                        o.text(),
                        o.surface()
                    )
                },
            )
        };
        let step = a
            .into_iter()
            .chain(b)
            .map(crate::trace::Observation::step)
            .min()
            .unwrap_or(0);
        Some((step as usize, format!("first: {}; then: {}", told(a), told(b))))
    });
    let in_ending = (first.run.ending() != second.run.ending()).then(|| {
        (
            a.len(),
            format!(
                "it ended with {:?}, then with {:?}",
                first.run.ending(),
                second.run.ending()
            ),
        )
    });
    [in_decisions, in_observations, in_ending]
        .into_iter()
        .flatten()
        .min_by_key(|(step, _)| *step)
}

/// How often a failure is run again: what shows in every second run is missed once in 256 times.
fn times_again(best: &Best) -> usize {
    // To believe a deadlock takes real time.
    if matches!(best.record.run.ending(), Ending::Deadlock(_)) {
        1
    } else {
        8
    }
}
