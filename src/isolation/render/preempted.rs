use crate::interleave::{Run, Runnable};

/// Whom each decision preempted, where that is certain.
///
/// A run only says how many preemptions it has in sum. Going on in place of an actor that has not finished may or may
/// not have been one; where there are just as many such places as preemptions, each of them was one.
pub(super) fn preempted(run: &Run) -> Vec<Option<Runnable>> {
    let decisions = run.decisions();
    let mut possible = vec![None; decisions.len()];
    let mut count = 0;
    let mut last = None;
    for (index, &decision) in decisions.iter().enumerate() {
        let Some(goes) = Runnable::of(decision) else {
            continue;
        };
        possible[index] = last.filter(|&last| last != goes && !has_finished(run, last, index));
        count += u32::from(possible[index].is_some());
        last = Some(goes);
    }
    if count == run.preemptions() {
        possible
    } else {
        vec![None; decisions.len()]
    }
}

fn has_finished(run: &Run, runnable: Runnable, before: usize) -> bool {
    let Runnable::Actor(actor) = runnable else {
        return false;
    };
    let is_done = run.finished().get(actor).copied().unwrap_or_default();
    let goes_on = || {
        run.decisions()[before..]
            .iter()
            .any(|decision| decision.actor() == Some(actor))
    };
    is_done && !goes_on()
}

#[cfg(test)]
mod tests {
    use super::preempted;
    use crate::interleave::Runnable;
    use crate::isolation::render::samples::run;

    #[test]
    fn preemptions_are_marked_where_each_switch_was_one() {
        let run = run("v1:one@0:1,2x2,1", 1);
        assert_eq!(preempted(&run), [None, Some(Runnable::Actor(0)), None, None]);
    }

    #[test]
    fn nothing_is_marked_where_some_switches_were_none() {
        let run = run("v1:one@0:1,2,1,2", 1);
        assert_eq!(preempted(&run), [None; 4]);
    }
}
