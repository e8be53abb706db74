use std::collections::{BTreeSet, HashSet};
use std::fmt;
use std::time::Duration;

use super::automaton::{Automaton, Progress};
use super::error::Fault;
use super::event::TYPE;
use super::machine::Machine;
use super::pattern::Pattern;

/// The most states in which it is looked for a stream that a protocol allows.
const MOST_STATES: usize = 20_000;

/// Which events a stream may hold, in which order, and what has to be closed before it ends.
///
/// A protocol is checked against the events that a user observed ([`must_follow`](crate::trace::Observations::must_follow)), in every execution of a
/// check ([`Check::protocol`](crate::isolation::Check::protocol)), or against any recorded stream ([`check`](Self::check)).
///
/// ```
/// use serde_json::json;
/// use ssot_harness::events::{Protocol, either, seq};
/// use ssot_harness::oracle::Kind;
///
/// let orders = Protocol::new("orders")
///     .keyed("order_id", seq(["placed", "paid", either("shipped", "refunded")]))
///     .all_closed_before("day_closed");
/// let order = |kind: &str, id: u32| json!({ "type": kind, "order_id": id });
///
/// orders.check([order("placed", 1), order("placed", 2), order("paid", 2), order("paid", 1), order("shipped", 2), order("refunded", 1)])?;
///
/// let error = orders.check([order("placed", 1), order("paid", 1), json!({ "type": "day_closed" })]).unwrap_err();
/// assert_eq!(error.kind(), Some(Kind::EventMissing));
/// assert_eq!(error.open(), ["order_id 1, after paid"]);
/// # Ok::<(), ssot_harness::events::ProtocolError>(())
/// ```
///
/// # The notation
///
/// Names of events, separated by spaces, come one after another; `a | b` is one of two; `a*`, `a+` and `a?` are any number, at least one, and at most one;
/// `( )` group. Each rule looks only at the events that it names, so that rules for different events interleave.
///
/// # Events
///
/// An event is any value that serialises to JSON: an object whose type is the field `type` (see [`type_at`](Self::type_at)), an enum as serde writes it, or
/// a text. An event that no rule names is an error, unless [`allowing_others`](Self::allowing_others) is set.
#[derive(Clone)]
pub struct Protocol {
    pub(super) name: String,
    pub(super) type_at: String,
    pub(super) sequences: Vec<Automaton>,
    pub(super) keyed: Vec<Keyed>,
    pub(super) closed_before: BTreeSet<String>,
    pub(super) initial: BTreeSet<String>,
    pub(super) terminal: BTreeSet<String>,
    pub(super) fields: Vec<(String, Vec<String>)>,
    pub(super) allows_others: bool,
    pub(super) most_gap: Option<Duration>,
    pub(super) most_total: Option<Duration>,
    /// Rules that no pattern expresses.
    pub(super) machine: Option<fn() -> Box<dyn Machine>>,
    /// Reads `AgentStarted` as `agent_started`.
    pub(super) in_snake_case: bool,
    pub(super) closes_when_dropped: bool,
    /// The field whose values tell streams apart.
    pub(super) runs_by: Option<String>,
    /// The last event of a run, and where in it stands that the run failed.
    pub(super) failure: Option<(String, String)>,
    /// The event that begins a run, and the field of its id: no other user's stream may hold that.
    pub(super) run_id: Option<(&'static str, &'static str)>,
    defects: Vec<String>,
}

/// What comes for each id.
#[derive(Clone)]
pub(super) struct Keyed {
    pub(super) field: String,
    pub(super) automaton: Automaton,
    /// The index of the rule that it is nested in.
    pub(super) owner: Option<usize>,
    pub(super) most_open: Option<Duration>,
    /// Events without the field are those of one more id.
    pub(super) is_optional: bool,
}

impl Protocol {
    /// A protocol without a rule, which matches nothing yet. `name` stands in its errors.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            type_at: TYPE.to_owned(),
            sequences: Vec::new(),
            keyed: Vec::new(),
            closed_before: BTreeSet::new(),
            initial: BTreeSet::new(),
            terminal: BTreeSet::new(),
            fields: Vec::new(),
            allows_others: false,
            most_gap: None,
            most_total: None,
            machine: None,
            in_snake_case: false,
            closes_when_dropped: false,
            runs_by: None,
            failure: None,
            run_id: None,
            defects: Vec::new(),
        }
    }

    /// Reads the type of an event from this field, or from this JSON pointer where it begins with `/`. The default is `type`.
    #[must_use]
    pub fn type_at(mut self, field: impl Into<String>) -> Self {
        self.type_at = field.into();
        self
    }

    /// Requires that the events that `pattern` names come in its order, in the stream as a whole.
    #[must_use]
    pub fn sequence(mut self, pattern: impl Into<Pattern>) -> Self {
        if let Some(automaton) = self.read(&pattern.into()) {
            self.sequences.push(automaton);
        }
        self
    }

    /// Requires for each id in `field` that the events that `pattern` names come in its order. What belongs to different ids interleaves.
    #[must_use]
    pub fn keyed(mut self, field: impl Into<String>, pattern: impl Into<Pattern>) -> Self {
        let field = field.into();
        if let Some(automaton) = self.read(&pattern.into()) {
            self.keyed.push(Keyed {
                field,
                automaton,
                owner: None,
                most_open: None,
                is_optional: false,
            });
        }
        self
    }

    /// Nests the last [`keyed`](Self::keyed) rule in an earlier one, that of the field `owner`: its first event names an owner that is open, and the owner
    /// is not closed before it is.
    #[must_use]
    pub fn nested_in(mut self, owner: &str) -> Self {
        let earlier = self.keyed.len().saturating_sub(1);
        let found = self.keyed[..earlier].iter().position(|rule| rule.field == owner);
        match (self.keyed.last_mut(), found) {
            (Some(rule), Some(found)) => rule.owner = Some(found),
            _ => self.defects.push(format!(
                "nested_in(\"{owner}\") needs a keyed rule, and an earlier one of the field `{owner}`"
            )),
        }
        self
    }

    /// Limits the time for which an id of the last [`keyed`](Self::keyed) rule may be open, on the clock of the execution.
    #[must_use]
    pub fn open_for_at_most(mut self, time: Duration) -> Self {
        match self.keyed.last_mut() {
            Some(rule) => rule.most_open = Some(time),
            None => self
                .defects
                .push("open_for_at_most(..) needs a keyed rule".to_owned()),
        }
        self
    }

    /// Requires that every id is closed when `event` comes.
    #[must_use]
    pub fn all_closed_before(mut self, event: impl Into<String>) -> Self {
        self.closed_before.insert(event.into());
        self
    }

    /// Makes `event` the first of a stream, or one of those that may be the first.
    #[must_use]
    pub fn nothing_before(mut self, event: impl Into<String>) -> Self {
        self.initial.insert(event.into());
        self
    }

    /// Makes `event` the last of a stream.
    #[must_use]
    pub fn nothing_after(mut self, event: impl Into<String>) -> Self {
        self.terminal.insert(event.into());
        self
    }

    /// Requires that `event` has these fields: names, or JSON pointers that begin with `/`.
    #[must_use]
    pub fn fields<F: Into<String>>(
        mut self,
        event: impl Into<String>,
        fields: impl IntoIterator<Item = F>,
    ) -> Self {
        self.fields
            .push((event.into(), fields.into_iter().map(Into::into).collect()));
        self
    }

    /// Ignores events that no rule names.
    #[must_use]
    pub fn allowing_others(mut self) -> Self {
        self.allows_others = true;
        self
    }

    /// Limits the time between two events, on the clock of the execution.
    #[must_use]
    pub fn gap_of_at_most(mut self, time: Duration) -> Self {
        self.most_gap = Some(time);
        self
    }

    /// Limits the time from the first event to the last, on the clock of the execution.
    #[must_use]
    pub fn done_within(mut self, time: Duration) -> Self {
        self.most_total = Some(time);
        self
    }

    /// Requires in a check that the stream of a user whose call is dropped, or whose script returns an error, comes to its end as well.
    ///
    /// Without it, that is required only where the stream does not depend on the call: where some event of that user was observed outside of the polls of its
    /// own script, as by a task that the system spawned.
    #[must_use]
    pub fn closed_when_dropped(mut self) -> Self {
        self.closes_when_dropped = true;
        self
    }

    pub(super) fn title(&self) -> &str {
        &self.name
    }

    /// Takes the events of each value of `field` for a stream of their own, as those of runs that interleave: every rule, that of the last event included, then holds for each
    /// run. An event without the field is malformed.
    #[must_use]
    pub fn each_run_by(mut self, field: impl Into<String>) -> Self {
        self.runs_by = Some(field.into());
        self
    }

    /// Says how a run tells that it failed: its last event is `event`, which has a value other than `null` at this JSON pointer.
    ///
    /// In a check, an error that a user sees ([`Surface::Error`](crate::trace::Surface::Error)), or that its script returns, right after an `event` without such a value shows a
    /// false success: the run failed, and its stream says that it did not.
    #[must_use]
    pub fn failure_at(mut self, event: impl Into<String>, pointer: impl Into<String>) -> Self {
        self.failure = Some((event.into(), pointer.into()));
        self
    }

    /// Why no stream can follow the protocol, where that is so.
    pub(crate) fn defect(&self) -> Option<String> {
        if let Some(defect) = self.defects.first() {
            return Some(defect.clone());
        }
        if self.machine.is_some() {
            return None;
        }
        if self.sequences.is_empty() && self.keyed.is_empty() {
            return Some("it has no rule: add `.sequence(..)` or `.keyed(..)`".to_owned());
        }
        if self.keyed.is_empty() && !self.closed_before.is_empty() {
            return Some("all_closed_before(..) needs a keyed rule".to_owned());
        }
        (!self.is_possible())
            .then(|| "its rules contradict each other, so that no stream follows them all".to_owned())
    }

    pub(super) fn fault(&self, what: String) -> Fault {
        Fault {
            protocol: self.name.clone(),
            kind: None,
            number: None,
            event: None,
            what,
            expected: Vec::new(),
            open: Vec::new(),
        }
    }

    /// Whether some stream with an event follows all sequences, the last events considered.
    fn is_possible(&self) -> bool {
        if self.sequences.is_empty() {
            return true;
        }
        let start = vec![Progress::default(); self.sequences.len()];
        let mut seen = HashSet::from([format!("{start:?}")]);
        let mut left = vec![start];
        while let Some(state) = left.pop() {
            let pairs = || self.sequences.iter().zip(&state);
            let expected: BTreeSet<&str> = pairs()
                .flat_map(|(rule, progress)| rule.expected(progress))
                .collect();
            for event in expected {
                let next: Option<Vec<Progress>> = pairs()
                    .map(|(rule, progress)| {
                        if rule.names().contains(event) {
                            rule.step(progress, event)
                        } else {
                            Some(progress.clone())
                        }
                    })
                    .collect();
                let Some(next) = next else { continue };
                if self
                    .sequences
                    .iter()
                    .zip(&next)
                    .all(|(rule, progress)| rule.may_end(progress))
                {
                    return true;
                }
                let goes_on = !self.terminal.contains(event);
                // A protocol with so many states is taken for a possible one.
                if seen.len() >= MOST_STATES {
                    return true;
                }
                if goes_on && seen.insert(format!("{next:?}")) {
                    left.push(next);
                }
            }
        }
        false
    }

    /// The names of all its events.
    pub(super) fn names(&self) -> BTreeSet<String> {
        let automata = self
            .sequences
            .iter()
            .chain(self.keyed.iter().map(|rule| &rule.automaton));
        automata
            .flat_map(Automaton::names)
            .map(str::to_owned)
            .chain(self.closed_before.iter().cloned())
            .chain(self.initial.iter().cloned())
            .chain(self.terminal.iter().cloned())
            .chain(self.fields.iter().map(|(event, _)| event.clone()))
            .collect()
    }

    fn read(&mut self, pattern: &Pattern) -> Option<Automaton> {
        match pattern.node() {
            Ok(node) => Some(Automaton::of(node)),
            Err(defect) => {
                self.defects.push(defect.to_owned());
                None
            }
        }
    }
}

impl fmt::Debug for Protocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Protocol")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}
