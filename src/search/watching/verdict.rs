use crate::report::Verdict;
use crate::search::explorer::{CheckPlan, Explorer, Stop};
use crate::search::shared::Shared;
use crate::search::{finish, misuse};

/// Runs a whole check on this thread.
pub(crate) fn verdict(search: &CheckPlan, shared: &Shared) -> Verdict {
    misuse::refuse(&*search.targets, &search.config)?;
    let mut searching = Explorer::new(search, shared);
    let outcome = match &search.config.replay {
        Some(text) => searching.replay(text),
        None => searching.everything(),
    };
    match outcome {
        Ok(()) => Ok(searching.report()),
        Err(Stop::Failed(failure)) => Err(failure.after(searching.summary.executions)),
        Err(Stop::Found(failing)) => Err(finish::finish(searching, *failing)),
    }
}
