//! What an event says, and how it is looked for.

use std::error::Error;
use std::sync::Arc;
use std::{fmt, io};

use serde_json::json;
use tracing::field;

use super::{Capture, Level, Logs, listen};
use crate::current::{self, CurrentTest};

fn logged(work: impl FnOnce()) -> Logs {
    let test = CurrentTest::new(module_path!(), "logs");
    let _test = current::enter(Some(Arc::clone(&test)));
    let capture = Capture::begin(&test);
    let _logs = listen();
    work();
    Logs {
        // Other tests of this process may leave some.
        stray: Vec::new(),
        ..capture.logs()
    }
}

#[derive(Debug)]
struct Refused(io::Error);

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("refused")
    }
}

impl Error for Refused {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.0)
    }
}

#[test]
fn an_event_has_its_fields_and_its_spans_as_text_and_as_json() {
    let logs = logged(|| {
        let span = tracing::info_span!(target: "desk", "serve", user = "ada", order = field::Empty);
        span.record("order", 7);
        span.in_scope(|| {
            let error = Refused(io::Error::other("no card"));
            let error: &(dyn Error + 'static) = &error;
            tracing::error!(target: "desk::till", error, code = 402, paid = %"no", card = ?"x", "not {}", "sold");
        });
    });
    let event = logs.iter().next().unwrap();
    assert_eq!(
        (
            event.level(),
            event.target(),
            event.message(),
            event.field("code")
        ),
        (Level::ERROR, "desk::till", "not sold", Some("402"))
    );
    assert_eq!(event.spans()[0].field("order"), Some("7"));
    assert_eq!(
        event.to_string(),
        r#"ERROR serve{user=ada order=7}: desk::till: not sold error=refused: no card code=402 paid=no card="x""#
    );
    let fields = json!({ "error": "refused: no card", "code": "402", "paid": "no", "card": "\"x\"" });
    let spans = json!([{ "name": "serve", "fields": { "user": "ada", "order": "7" } }]);
    assert_eq!(
        serde_json::to_value(event).unwrap(),
        json!({ "level": "ERROR", "target": "desk::till", "message": "not sold", "fields": fields, "spans": spans })
    );
}

#[test]
fn an_event_keeps_the_fields_that_its_span_had_when_it_was_logged() {
    let logs = logged(|| {
        let span = tracing::info_span!("serve", user = "ada");
        let _entered = span.enter();
        tracing::info!("before");
        span.record("user", "ben");
        tracing::info!("after");
    });
    let users: Vec<_> = logs.iter().map(|event| event.spans()[0].field("user")).collect();
    assert_eq!(users, [Some("ada"), Some("ben")]);
}

#[test]
fn filters_chain() {
    let logs = logged(|| {
        tracing::info_span!("serve", user = "ada").in_scope(|| {
            tracing::error!(target: "desk::till", "refused");
            tracing::warn!(target: "desk_clock", "late");
            tracing::error!(target: "desk", user = "ben", "refused");
        });
        tracing::debug!(target: "desk", "idle");
    });
    let lines = |logs: Logs| {
        logs.iter()
            .map(|event| event.message().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(logs.len(), 4);
    assert_eq!(lines(logs.at(Level::WARN)), ["late"]);
    assert_eq!(lines(logs.at_least(Level::WARN)), ["refused", "late", "refused"]);
    assert_eq!(
        lines(logs.with_field("user", "ada")),
        ["refused", "late"],
        "an event's own field goes first"
    );
    assert_eq!(lines(logs.from_target("desk")), ["refused", "refused", "idle"]);
    assert_eq!(lines(logs.in_span("serve").last(2)), ["late", "refused"]);
    assert_eq!(lines(logs.containing("user=ben")), ["refused"]);
    assert_eq!(
        lines(
            logs.at(Level::ERROR)
                .with_field("user", "ada")
                .containing("refused")
        ),
        ["refused"]
    );
    assert!(logs.in_span("idle").is_empty());
}

#[test]
fn logs_print_as_lines() {
    let logs = logged(|| {
        tracing::info!(target: "desk", "open");
        tracing::warn!(target: "desk", user = "ada", "late");
    });
    assert_eq!(
        format!("{logs:?}"),
        "2 events were logged:\n  INFO  desk: open\n  WARN  desk: late user=ada"
    );
    let last = Logs {
        stray: logs.events.clone(),
        dropped: 3,
        ..logs.last(1)
    };
    assert_eq!(
        format!("{last:?}"),
        "1 event was logged:\n  WARN  desk: late user=ada\n  (3 older ones were dropped)\n  (2 of nobody beside them: see `stray()`)"
    );
    assert_eq!(last.stray().len(), 2);
    assert_eq!(last.containing("open").stray().len(), 1, "filters reach it");
    assert_eq!(format!("{:?}", logs.at(Level::ERROR)), "nothing was logged");
}

#[test]
fn the_oldest_go_first_and_are_told() {
    let logs = logged(|| (0..10_003).for_each(|number| tracing::info!(target: "desk", number)));
    assert_eq!((logs.len(), logs.dropped()), (10_000, 3));
    assert_eq!(logs.iter().next().unwrap().field("number"), Some("3"));
}

/// It would hang, or overflow the stack.
#[test]
fn a_value_may_log_while_it_is_logged() {
    struct Talkative;
    impl fmt::Debug for Talkative {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            tracing::info!("while it is printed");
            f.write_str("talkative")
        }
    }
    let logs = logged(|| {
        let span = tracing::info_span!("serve", value = field::Empty);
        let _entered = span.enter();
        span.record("value", field::debug(Talkative));
        tracing::info!(value = ?Talkative, "printed");
    });
    assert_eq!(logs.containing("printed value=talkative").len(), 1, "{logs:?}");
}

#[test]
fn every_detail_of_the_tests_own_crate_is_there() {
    let logs = logged(|| tracing::trace!(target: "elsewhere", "a detail"));
    assert_eq!(logs.at(Level::TRACE).len(), 1, "{logs:?}");
}
