//! A protocol as an oracle: the stream of every user has to follow it.

use super::protocol::Protocol;
use crate::oracle::{ExecutionView, Kind, Oracle, Violation};
use crate::trace::{Observation, Surface};

impl Oracle for Protocol {
    fn name(&self) -> &str {
        self.title()
    }

    fn judge(&self, execution: &ExecutionView<'_>) -> Vec<Violation> {
        (0..execution.users())
            .filter_map(|user| self.judge_user(execution, user))
            .collect()
    }
}

impl Protocol {
    fn judge_user(&self, execution: &ExecutionView<'_>, user: usize) -> Option<Violation> {
        let events: Vec<&Observation> = execution
            .trace()
            .observations()
            .iter()
            .filter(|seen| seen.viewer() == user && seen.surface() == Surface::Event)
            .collect();
        let is_whole = if execution.is_dropped(user) {
            self.closes_when_dropped || events.iter().any(|seen| !execution.is_seen_by_its_script(seen))
        } else {
            execution.is_finished(user)
        };
        if events.is_empty() {
            // What was dropped before it began has no stream.
            let expects_some = is_whole && !execution.is_dropped(user);
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
