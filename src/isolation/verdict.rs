use super::search::{Search, Searching, Stop};
use super::shared::Shared;
use super::{Verdict, finish, misuse};

/// Runs a whole check on this thread.
pub(crate) fn verdict(search: &Search, shared: &Shared) -> Verdict {
    misuse::refuse(&*search.subjects, &search.knobs)?;
    let mut searching = Searching::new(search, shared);
    let outcome = match &search.knobs.replay {
        Some(text) => searching.replay(text),
        None => searching.everything(),
    };
    match outcome {
        Ok(()) => Ok(searching.report()),
        Err(Stop::Failed(failure)) => Err(failure.after(searching.summary.executions)),
        Err(Stop::Found(failing)) => Err(finish::finish(searching, *failing)),
    }
}
