//! The text of an event snapshot.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::trace::{Observation, Observations, Surface, Trace};
use crate::user;

/// What [`assert_event_snapshot!`](crate::assert_event_snapshot) takes.
pub trait EventSnapshot {
    /// The text of the snapshot.
    ///
    /// # Errors
    ///
    /// Why there is nothing to keep.
    fn event_snapshot(&self) -> Result<String, String>;
}

impl<T: EventSnapshot + ?Sized> EventSnapshot for &T {
    fn event_snapshot(&self) -> Result<String, String> {
        (**self).event_snapshot()
    }
}

/// One event a line.
impl EventSnapshot for Observations<'_> {
    fn event_snapshot(&self) -> Result<String, String> {
        let events = self.clone().filter(|seen| is_event(seen));
        let mut redactor = self.trace().redactor();
        let lines: Vec<String> = events.map(|seen| redactor.value_of(seen).to_string()).collect();
        if lines.is_empty() {
            return Err(NO_EVENT.to_owned());
        }
        Ok(lines.join("\n"))
    }
}

/// One event a line, beside a lane for each user.
impl EventSnapshot for Trace {
    fn event_snapshot(&self) -> Result<String, String> {
        let events: Vec<&Observation> = self.observations().iter().filter(|seen| is_event(seen)).collect();
        let users: BTreeSet<usize> = events.iter().map(|seen| seen.viewer()).collect();
        if users.is_empty() {
            return Err(NO_EVENT.to_owned());
        }
        let widths: Vec<usize> = users.iter().map(|&user| user::name(user).len() + 2).collect();
        let mut text = String::new();
        for (&user, width) in users.iter().zip(&widths) {
            push(&mut text, &user::name(user), *width);
        }
        trim(&mut text);
        let mut redactor = self.redactor();
        for seen in events {
            text.push('\n');
            for (&user, width) in users.iter().zip(&widths) {
                push(&mut text, if user == seen.viewer() { "●" } else { "│" }, *width);
            }
            text.push_str(&redactor.value_of(seen).to_string());
        }
        Ok(text)
    }
}

const NO_EVENT: &str =
    "there is no event to keep: record each with `user.saw(Surface::Event, ..)` before the snapshot is taken";

fn is_event(seen: &Observation) -> bool {
    seen.surface() == Surface::Event
}

fn push(text: &mut String, cell: &str, width: usize) {
    write!(text, "{cell:width$}").expect("text takes whatever is written");
}

fn trim(text: &mut String) {
    text.truncate(text.trim_end().len());
}

/// Compares the events that users observed with a snapshot of insta's, without what changes from run to run.
///
/// It takes what one user observed, `trace.of(&ada)`, or a whole [`Trace`], whose users have a lane each. Ids, times, secrets and numbers of a sequence get
/// names over the whole of it, as [`Trace::redacted`](crate::trace::Trace::redacted) says; [`Trace::redact`](crate::trace::Trace::redact) names what else changes. Snapshots have a name, one that follows from
/// the test, or stand in the code; `cargo insta review` and `cargo insta accept` work as with insta's own macros.
///
/// ```test_harness
/// use serde_json::json;
/// use ssot_harness::assert_event_snapshot;
/// use ssot_harness::prelude::*;
///
/// #[ssot_harness::test]
/// async fn the_events_of_two_users(case: &Case) {
///     let [ada, ben] = case.users();
///     for user in [&ada, &ben] {
///         user.saw(Surface::Event, &json!({ "type": "agent_started", "run_id": user.context().run }));
///     }
///     assert_event_snapshot!(case.trace().of(&ada), @r#"{"run_id":"[run:1]","type":"agent_started"}"#);
///     assert_event_snapshot!(case.trace(), @r#"
///     ada  ben
///     ●    │    {"run_id":"[run:1]","type":"agent_started"}
///     │    ●    {"run_id":"[run:2]","type":"agent_started"}
///     "#);
/// }
/// ```
///
/// # Panics
///
/// Where they differ, and where there is no event.
#[macro_export]
macro_rules! assert_event_snapshot {
    ($trace:expr, @$snapshot:literal $(,)?) => {
        $crate::__private::insta::assert_snapshot!($crate::__private::event_snapshot(&$trace), ::core::stringify!($trace), @$snapshot)
    };
    ($name:expr, $trace:expr $(,)?) => {
        $crate::__private::insta::assert_snapshot!($name, $crate::__private::event_snapshot(&$trace), ::core::stringify!($trace))
    };
    ($trace:expr $(,)?) => {
        $crate::__private::insta::assert_snapshot!(
            ::core::option::Option::None::<&str>,
            $crate::__private::event_snapshot(&$trace),
            ::core::stringify!($trace)
        )
    };
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_user_has_a_lane() {
        let seen = |user: usize, surface: Surface, value: serde_json::Value| {
            Observation::new(user, surface, value.to_string(), 0)
        };
        let trace = Trace::new(
            vec![
                seen(0, Surface::Event, json!({ "type": "started", "run_id": "x" })),
                seen(2, Surface::Event, json!({ "type": "started", "run_id": "y" })),
                seen(0, Surface::Reply, json!("no event")),
                seen(0, Surface::Event, json!({ "type": "done", "run_id": "x" })),
            ],
            Vec::new(),
        );
        assert_eq!(
            trace.event_snapshot().unwrap(),
            "ada  cleo\n\
             ●    │     {\"run_id\":\"[run:1]\",\"type\":\"started\"}\n\
             │    ●     {\"run_id\":\"[run:2]\",\"type\":\"started\"}\n\
             ●    │     {\"run_id\":\"[run:1]\",\"type\":\"done\"}"
        );
        let empty = Trace::new(vec![seen(0, Surface::Reply, json!("no event"))], Vec::new());
        assert_eq!(empty.event_snapshot().unwrap_err(), NO_EVENT);
    }
}
