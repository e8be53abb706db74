//! When what stands beside the system is looked at.

use std::time::{Duration, Instant};

use super::typed_target::TypedTarget;
use crate::interleave::{Ending, Run, Session};
use crate::search::Broken;
use crate::trace::User;

/// How long, in real time, a pool has to reset a connection that was given back to it.
const RESET: Duration = Duration::from_millis(100);

impl<S: 'static> TypedTarget<S> {
    /// What the users leave beside the system. What the system does on their behalf by a task, as a pool that resets a connection does, has the time to answer.
    pub(super) fn left_beside(
        &self,
        session: &mut Session<'_>,
        run: &mut Run,
        system: &S,
    ) -> Result<Vec<String>, Broken> {
        let Some(beside) = &self.beside else {
            return Ok(Vec::new());
        };
        let mut taken = Vec::new();
        if let Some(check_out) = &self.check_out {
            while taken.len() < beside.open().max(1) {
                match session.alone(check_out.check_out(system)) {
                    Ok(connection) => taken.push(connection),
                    // The others are not the pool's.
                    Err(Ending::Deadlock(_)) if !taken.is_empty() => break,
                    Err(ending) => {
                        let what = format!("a connection could not be checked out: {ending:?}");
                        return Err(Broken::Inspection(what));
                    }
                }
            }
        }
        let begun = Instant::now();
        let left = loop {
            let left = beside.left();
            if left.is_empty() || begun.elapsed() > RESET {
                break left;
            }
            run.note_panics(session.drain_for(RESET / 10));
        };
        session.within(|| drop(taken)).map_err(Broken::Dropping)?;
        run.note_panics(session.drain());
        Ok(left)
    }

    /// Has the users observe what stands beside the system.
    pub(super) fn show_beside(&self, session: &Session<'_>, users: &[User]) -> Result<(), Broken> {
        let Some(beside) = &self.beside else {
            return Ok(());
        };
        let shown = session
            .within(|| beside.show(users))
            .map_err(|panic| Broken::Inspection(format!("it panicked: {panic}")))?;
        shown.map_err(|failure| Broken::Refused(Box::new(failure)))
    }
}
