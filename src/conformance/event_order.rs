//! Whether the events of each call are there, once, in order, whole, and true.

use std::collections::BTreeMap;

use crate::events::Protocol;
use crate::oracle::{ExecutionView, Kind, Oracle, Violation};
use crate::trace::{Fact, Observation, Surface};

/// What a script tells of its calls, which come one after another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CallFact {
    Begins,
    Answered,
    Failed,
    /// The client did not accept an event, or did not say so.
    DeliveryFailed,
}

/// Judges the events of each call by a protocol.
///
/// An event after the last one of a run that was answered has been overtaken; after the last one of a run that failed, it comes from
/// work that went on. A run that failed need not be complete.
pub(super) struct EventOrder {
    pub(super) protocol: Protocol,
}

/// A call, and the events that came from its beginning to the next call.
struct Call<'a> {
    begun: &'a Fact,
    /// `None` where the script did not tell.
    is_answered: Option<bool>,
    is_disturbed: bool,
    events: Vec<&'a Observation>,
}

impl Oracle for EventOrder {
    fn name(&self) -> &'static str {
        "events of each run"
    }

    fn judge(&self, execution: &ExecutionView<'_>) -> Vec<Violation> {
        let users = 0..execution.users();
        let calls = users.flat_map(|user| self.calls(user, execution));
        calls.flat_map(|call| self.judge_call(&call, execution)).collect()
    }
}

impl EventOrder {
    fn calls<'a>(&self, user: usize, execution: &'a ExecutionView<'_>) -> Vec<Call<'a>> {
        let trace = execution.trace();
        let mut facts = trace
            .facts()
            .iter()
            .filter(|fact| fact.viewer() == user)
            .peekable();
        let mut calls: Vec<Call<'a>> = Vec::new();
        // A late event belongs to the call in which its run began.
        let mut call_of_run: BTreeMap<String, usize> = BTreeMap::new();
        for (place, seen) in trace.observations().iter().enumerate() {
            while let Some(fact) = facts.next_if(|fact| fact.place() <= place) {
                note(fact, &mut calls);
            }
            if seen.viewer() != user || seen.surface() != Surface::Event || calls.is_empty() {
                continue;
            }
            let current = calls.len() - 1;
            let run = self.protocol.run_of(&seen.value());
            let call = run.map_or(current, |run| *call_of_run.entry(run).or_insert(current));
            calls[call].events.push(seen);
        }
        for fact in facts {
            note(fact, &mut calls);
        }
        calls
    }

    fn judge_call(&self, call: &Call<'_>, execution: &ExecutionView<'_>) -> Vec<Violation> {
        let is_answered = call.is_answered == Some(true);
        let Some(&last) = call.events.last() else {
            let detail = "a call was answered and sent no event";
            let missing =
                is_answered.then(|| execution.violation_told(Kind::EventMissing, call.begun, detail));
            return missing.into_iter().collect();
        };
        let events = call.events.iter().map(|seen| (seen.value(), seen.at()));
        let mut found = Vec::new();
        for fault in self.protocol.faults(events, is_answered) {
            let is_at_the_end = fault.number().is_none() || !fault.open().is_empty();
            let kind = match fault.kind() {
                Some(Kind::EventMissing) if !is_answered && is_at_the_end => continue,
                // The client has refused the one before, so that this one has overtaken it.
                Some(Kind::EventMissing) if call.is_disturbed && !is_at_the_end => Kind::EventOutOfOrder,
                Some(Kind::EventAfterTerminal) if is_answered => Kind::EventOutOfOrder,
                kind => kind.unwrap_or(Kind::EventMalformed),
            };
            let seen = fault.number().map_or(last, |number| call.events[number - 1]);
            found.push(execution.violation_in(kind, seen, fault.to_string()));
        }
        // Who does not know whether the client has the last event can only fail.
        if call.is_answered == Some(false) && !call.is_disturbed {
            let claims = call
                .events
                .iter()
                .filter(|seen| self.protocol.says_success(&seen.value()));
            found.extend(claims.map(|seen| {
                let detail = "a call failed, and the last event of its run says that it succeeded";
                execution.violation_in(Kind::FalseSuccess, seen, detail)
            }));
        }
        found
    }
}

fn note<'a>(fact: &'a Fact, calls: &mut Vec<Call<'a>>) {
    let Some(told) = fact.get::<CallFact>() else {
        return;
    };
    match (told, calls.last_mut()) {
        (CallFact::Begins, _) => calls.push(Call {
            begun: fact,
            is_answered: None,
            is_disturbed: false,
            events: Vec::new(),
        }),
        (CallFact::Answered, Some(call)) => call.is_answered = Some(true),
        (CallFact::Failed, Some(call)) => call.is_answered = Some(false),
        (CallFact::DeliveryFailed, Some(call)) => call.is_disturbed = true,
        (_, None) => {}
    }
}
