//! Whether the events of each run are there, once, in order, whole, and true.

use std::collections::BTreeMap;

use serde_json::Value;

use super::EventRules;
use crate::oracle::{ExecutionView, Kind, Oracle, Violation};
use crate::trace::{Observation, Surface};

/// How a call that a script made ended, as the script says on [`Surface::Metric`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ended {
    Answered,
    Failed,
    Unknown,
}

pub(super) const BEGUN: &str = "\"a call begins\"";
pub(super) const ANSWERED: &str = "\"a call was answered\"";
pub(super) const FAILED: &str = "\"a call failed\"";
pub(super) const DELIVERY_FAILED: &str = "\"a delivery failed\"";

/// Judges the events of each user by rules. The calls of a user come one after another.
///
/// An event after the last one of a run that was answered has been overtaken; after the last one of a run that failed, it comes from
/// work that went on.
pub(super) struct EventOrder {
    pub(super) rules: EventRules,
}

/// A call, and the events that came from its beginning to the next call.
struct Call<'a> {
    begun: &'a Observation,
    ended: Ended,
    /// Whether the client did not accept an event, or did not say so.
    is_disturbed: bool,
    /// By run, in the order of their first event.
    runs: Vec<Vec<(&'a Observation, Value)>>,
}

impl Oracle for EventOrder {
    fn name(&self) -> &'static str {
        "events of each run"
    }

    fn judge(&self, execution: &ExecutionView<'_>) -> Vec<Violation> {
        let mut violations = Vec::new();
        for user in 0..execution.users() {
            let own = execution.trace().observations().iter();
            let own: Vec<_> = own.filter(|seen| seen.viewer() == user).collect();
            for call in self.calls(&own, execution, &mut violations) {
                self.judge_call(&call, execution, &mut violations);
            }
        }
        violations
    }
}

impl EventOrder {
    fn calls<'a>(
        &self,
        own: &[&'a Observation],
        execution: &ExecutionView<'_>,
        violations: &mut Vec<Violation>,
    ) -> Vec<Call<'a>> {
        let mut calls: Vec<Call<'a>> = Vec::new();
        // A late event belongs to the call in which its run began.
        let mut of_run: BTreeMap<String, (usize, usize)> = BTreeMap::new();
        for &seen in own {
            match (seen.surface(), seen.text()) {
                (Surface::Metric, BEGUN) => calls.push(Call {
                    begun: seen,
                    ended: Ended::Unknown,
                    is_disturbed: false,
                    runs: Vec::new(),
                }),
                (Surface::Metric, ANSWERED | FAILED) => {
                    if let Some(call) = calls.last_mut() {
                        call.ended = if seen.text() == ANSWERED {
                            Ended::Answered
                        } else {
                            Ended::Failed
                        };
                    }
                }
                (Surface::Metric, DELIVERY_FAILED) => {
                    if let Some(call) = calls.last_mut() {
                        call.is_disturbed = true;
                    }
                }
                (Surface::Event, _) => {
                    let event = seen.value();
                    let Some(run) = self.run_of(seen, &event, execution, violations) else {
                        continue;
                    };
                    let Some(current) = calls.len().checked_sub(1) else {
                        continue;
                    };
                    let (call, at) = *of_run.entry(run).or_insert_with(|| {
                        calls[current].runs.push(Vec::new());
                        (current, calls[current].runs.len() - 1)
                    });
                    calls[call].runs[at].push((seen, event));
                }
                _ => {}
            }
        }
        calls
    }

    /// The run of an event, or `None` if it has no type or no run, which is a violation.
    fn run_of(
        &self,
        seen: &Observation,
        event: &Value,
        execution: &ExecutionView<'_>,
        violations: &mut Vec<Violation>,
    ) -> Option<String> {
        let rules = &self.rules;
        let mut lacks = |field: &str| {
            let detail = format!("an event has no field `{field}`");
            violations.push(execution.violation_in(Kind::EventMalformed, seen, detail));
        };
        let Some(kind) = rules.kind_of(event) else {
            lacks(&rules.kind);
            return None;
        };
        for field in rules.fields.get(kind).into_iter().flatten() {
            if event.get(field).is_none_or(Value::is_null) {
                lacks(field);
            }
        }
        let run = rules.run_of(event);
        if run.is_none() {
            lacks(&rules.run);
        }
        run.map(Value::to_string)
    }

    fn judge_call(&self, call: &Call<'_>, execution: &ExecutionView<'_>, violations: &mut Vec<Violation>) {
        if call.runs.is_empty() && call.ended == Ended::Answered {
            let detail = "a call was answered and sent no event";
            violations.push(execution.violation_in(Kind::EventMissing, call.begun, detail));
        }
        for run in &call.runs {
            let mut judged = RunOrder {
                rules: &self.rules,
                ended: call.ended,
                is_disturbed: call.is_disturbed,
                execution,
                found: Vec::new(),
            };
            judged.judge(run);
            violations.append(&mut judged.found);
        }
    }
}

struct RunOrder<'a, 'v> {
    rules: &'a EventRules,
    ended: Ended,
    is_disturbed: bool,
    execution: &'a ExecutionView<'v>,
    found: Vec<Violation>,
}

impl RunOrder<'_, '_> {
    fn judge(&mut self, run: &[(&Observation, Value)]) {
        let kinds: Vec<_> = run
            .iter()
            .map(|(_, event)| self.rules.kind_of(event).unwrap_or_default())
            .collect();
        self.once(run, &kinds, &self.rules.first.clone());
        self.once(run, &kinds, &self.rules.last.clone());
        let place = |kind: &str| kinds.iter().position(|seen| *seen == kind);
        let (first, last) = (place(&self.rules.first), place(&self.rules.last));
        if let Some(first) = first.filter(|&first| first > 0) {
            let detail = format!("`{}` came after `{}`", self.rules.first, kinds[0]);
            self.add(Kind::EventOutOfOrder, run[first].0, detail);
        }
        if self.ended == Ended::Answered {
            for (kind, place) in [(&self.rules.first, first), (&self.rules.last, last)] {
                if place.is_none() {
                    let detail = format!("a call was answered and its run sent no `{kind}`");
                    self.add(Kind::EventMissing, run[run.len() - 1].0, detail);
                }
            }
        }
        if let Some(last) = last {
            self.after(run, &kinds, last);
            // Who does not know whether the client has the last event can only fail.
            if self.ended == Ended::Failed && !self.is_disturbed && !self.rules.says_failed(&run[last].1) {
                let detail = format!(
                    "a call failed, and its `{}` says that it succeeded",
                    self.rules.last
                );
                self.add(Kind::FalseSuccess, run[last].0, detail);
            }
        }
        for (open, close, key) in self.rules.pairs.clone() {
            self.pair(run, &kinds, (&open, &close, &key), last.is_some());
        }
    }

    fn once(&mut self, run: &[(&Observation, Value)], kinds: &[&str], kind: &str) {
        if let Some(second) = (0..run.len()).filter(|&at| kinds[at] == kind).nth(1) {
            let detail = format!("a run sent `{kind}` twice");
            self.add(Kind::EventDuplicated, run[second].0, detail);
        }
    }

    fn after(&mut self, run: &[(&Observation, Value)], kinds: &[&str], last: usize) {
        let late =
            (last + 1..run.len()).find(|&at| kinds[at] != self.rules.last && kinds[at] != self.rules.first);
        if let Some(late) = late {
            let kind = if self.ended == Ended::Answered {
                Kind::EventOutOfOrder
            } else {
                Kind::EventAfterTerminal
            };
            let detail = format!("`{}` came after `{}`", kinds[late], self.rules.last);
            self.add(kind, run[late].0, detail);
        }
    }

    fn pair(
        &mut self,
        run: &[(&Observation, Value)],
        kinds: &[&str],
        names: (&str, &str, &str),
        is_over: bool,
    ) {
        let (open, close, key) = names;
        let mut opened: BTreeMap<String, usize> = BTreeMap::new();
        let mut closed_early: Vec<String> = Vec::new();
        for (at, (seen, event)) in run.iter().enumerate() {
            // An event without the key is malformed, which is said already.
            let Some(id) = event.get(key).map(Value::to_string) else {
                continue;
            };
            if kinds[at] == open {
                if let Some(early) = closed_early.iter().position(|early| *early == id) {
                    closed_early.remove(early);
                } else if opened.insert(id, at).is_some() {
                    self.add(
                        Kind::EventDuplicated,
                        seen,
                        format!("a run sent `{open}` twice with no `{close}` between"),
                    );
                }
            } else if kinds[at] == close && opened.remove(&id).is_none() {
                let duplicated = run[..at]
                    .iter()
                    .zip(kinds)
                    .any(|((_, before), kind)| *kind == close && before == event);
                let (kind, detail) = if duplicated {
                    (Kind::EventDuplicated, format!("a run sent `{close}` twice"))
                } else {
                    (
                        Kind::EventOutOfOrder,
                        format!("`{close}` came before its `{open}`"),
                    )
                };
                self.add(kind, seen, detail);
                closed_early.push(id);
            }
        }
        if is_over && self.ended == Ended::Answered {
            for at in opened.into_values() {
                self.add(
                    Kind::EventMissing,
                    run[at].0,
                    format!("a run sent `{open}` and no `{close}`"),
                );
            }
        }
    }

    fn add(&mut self, kind: Kind, seen: &Observation, detail: impl Into<String>) {
        self.found.push(self.execution.violation_in(kind, seen, detail));
    }
}
