//! Why an event does not fit.

use super::automaton::{Automaton, Progress};
use super::event::Event;
use super::machine::Misstep;
use crate::oracle::Kind;

/// What is wrong with an event: by what came before, and by what comes after it among the events that belong to it.
pub(super) fn misfit(
    automaton: &Automaton,
    progress: &Progress,
    event: &Event,
    seen: &[String],
    (before, rest): (&[Event], &[Event]),
    is_of_it: impl Fn(&Event) -> bool,
) -> Misstep {
    let expected = automaton.expected(progress);
    let comes_later = rest
        .iter()
        .find(|later| is_of_it(later) && expected.contains(later.name.as_str()));
    let (kind, what) = if event.is_among(before) {
        (Kind::EventDuplicated, "comes once more".to_owned())
    } else if automaton.may_come_later(progress, &event.name) {
        match comes_later {
            Some(later) => (
                Kind::EventOutOfOrder,
                format!("comes before {} (event {})", later.name, later.number),
            ),
            None => (Kind::EventMissing, "comes where another is missing".to_owned()),
        }
    } else if seen.contains(&event.name) {
        (Kind::EventDuplicated, "comes once more".to_owned())
    } else if expected.is_empty() {
        (Kind::EventAfterTerminal, "comes after the last".to_owned())
    } else {
        (Kind::EventOutOfOrder, "does not belong there".to_owned())
    };
    Misstep::new(kind, what).expecting(expected)
}
