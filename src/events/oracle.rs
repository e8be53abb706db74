//! A protocol as an oracle: the stream of every user has to follow it.

use std::collections::BTreeSet;

use super::event::Event;
use super::protocol::Protocol;
use crate::oracle::{ExecutionView, Kind, Oracle, Violation};
use crate::trace::{Observation, Surface};

impl Oracle for Protocol {
    fn name(&self) -> &str {
        self.title()
    }

    fn judge(&self, execution: &ExecutionView<'_>) -> Vec<Violation> {
        let users = 0..execution.users();
        users
            .filter_map(|user| self.judge_user(execution, user))
            .chain((0..execution.users()).filter_map(|user| self.false_success(execution, user)))
            .chain(self.foreign_runs(execution))
            .collect()
    }
}

/// What a user observed on the surface of events.
fn events_of<'e>(execution: &'e ExecutionView<'_>, user: usize) -> impl Iterator<Item = &'e Observation> {
    let observations = execution.trace().observations().iter();
    observations.filter(move |seen| seen.viewer() == user && seen.surface() == Surface::Event)
}

impl Protocol {
    /// Events of runs that the user has not started, and another user has.
    fn foreign_runs(&self, execution: &ExecutionView<'_>) -> Vec<Violation> {
        let Some((begins, field)) = self.run_id else {
            return Vec::new();
        };
        // What is no event is told where the stream is checked.
        let read = |seen: &Observation| Event::read(0, seen.value(), &self.type_at, None).ok();
        let started: Vec<BTreeSet<String>> = (0..execution.users())
            .map(|user| {
                let events = events_of(execution, user).filter_map(read);
                let begun = events.filter(|event| event.name == begins);
                begun.filter_map(|event| event.id(field)).collect()
            })
            .collect();
        let mut foreign = Vec::new();
        for user in 0..execution.users() {
            for seen in events_of(execution, user) {
                let Some(run) = read(seen).and_then(|event| event.id(field)) else {
                    continue;
                };
                let of_another = started.iter().position(|runs| runs.contains(&run));
                if let Some(other) = of_another.filter(|_| !started[user].contains(&run)) {
                    let name = execution.name(other);
                    let detail = format!(
                        "protocol {}: an event of the run {run}, which only {name} has started",
                        self.title()
                    );
                    foreign.push(execution.violation_in(Kind::Misattribution, seen, detail));
                    break;
                }
            }
        }
        foreign
    }

    /// An event that says that a run succeeded, right before an error that the user sees, or that its script returns.
    fn false_success(&self, execution: &ExecutionView<'_>, user: usize) -> Option<Violation> {
        self.failure.as_ref()?;
        let observations = execution.trace().observations().iter();
        let own = observations.filter(|seen| {
            let of_the_run = !matches!(seen.surface(), Surface::Log | Surface::Metric);
            seen.viewer() == user && of_the_run
        });
        let mut claim: Option<&Observation> = None;
        let violation = |claim| {
            let detail = format!(
                "protocol {}: a run failed, and its last event says that it succeeded",
                self.title()
            );
            execution.violation_in(Kind::FalseSuccess, claim, detail)
        };
        for seen in own {
            if seen.surface() == Surface::Error
                && let Some(claim) = claim
            {
                return Some(violation(claim));
            }
            let says_success = seen.surface() == Surface::Event && self.says_success(&seen.value());
            claim = says_success.then_some(seen);
        }
        execution.error(user).and(claim).map(violation)
    }

    fn judge_user(&self, execution: &ExecutionView<'_>, user: usize) -> Option<Violation> {
        let events: Vec<&Observation> = events_of(execution, user).collect();
        // A call that was dropped or has failed reads no more of its stream.
        let is_left = execution.is_dropped(user) || execution.error(user).is_some();
        let is_whole = if is_left {
            self.closes_when_dropped || events.iter().any(|seen| !execution.is_seen_by_its_script(seen))
        } else {
            execution.is_finished(user)
        };
        if events.is_empty() {
            // What was dropped before it began has no stream.
            let expects_some = is_whole && !is_left;
            return expects_some.then(|| {
                let detail = format!("protocol {}: the user observed no event", self.title());
                execution.violation_for(Kind::EventMissing, user, detail)
            });
        }
        let values = events.iter().map(|seen| Ok((seen.value(), seen.at())));
        let error = self.check_values(values, is_whole).err()?;
        let kind = error.kind().unwrap_or(Kind::EventMalformed);
        let at = error.number().and_then(|number| events.get(number - 1));
        Some(match at {
            Some(event) => execution.violation_in(kind, event, error.to_string()),
            None => execution.violation_for(kind, user, error.to_string()),
        })
    }
}
