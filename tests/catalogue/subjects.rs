//! What is said about a subject that cannot be checked, and about streams of events that a subject sends.

use serde_json::{Value, json};
use ssot_harness::conformance::{Client, Conformance, Promise, PromiseOutcome, Subject, conformance_matrix};
use ssot_harness::isolation::ScriptError;
use ssot_harness::prelude::*;

/// Sends these events for every call, and answers, or fails if it is asked to.
#[derive(Clone, Copy)]
struct Sends {
    events: fn() -> Vec<Value>,
    exemptions: fn() -> Vec<(Promise, &'static str)>,
    refuses: bool,
}

impl Sends {
    fn events(events: fn() -> Vec<Value>) -> Self {
        Self {
            events,
            exemptions: Vec::new,
            refuses: false,
        }
    }

    fn check(self, promise: Promise) -> PromiseOutcome {
        Conformance::new(async move || self).executions(20).check(promise)
    }
}

impl Subject for Sends {
    type Engine = Client;

    async fn create(&self, _context: &UserContext, client: Client) -> Result<Client, ScriptError> {
        if self.refuses {
            return Err("there is no database".into());
        }
        Ok(client)
    }

    async fn run(&self, client: &Client, prompt: &str) -> Result<String, ScriptError> {
        for mut event in (self.events)() {
            // The call that fails is another run.
            if let Some(run) = event.get_mut("run_id").filter(|_| prompt.contains("fail")) {
                *run = json!("run-2");
            }
            client.deliver(&event).await?;
        }
        if prompt.contains("fail") {
            Err("as asked".into())
        } else {
            Ok(prompt.to_owned())
        }
    }

    async fn close(&self, _client: &Client) -> ScriptResult {
        Ok(())
    }

    fn exemptions(&self) -> Vec<(Promise, &'static str)> {
        (self.exemptions)()
    }

    fn failing_prompt(&self) -> Option<&str> {
        Some("please fail")
    }
}

fn event(kind: &str) -> Value {
    json!({ "type": kind, "run_id": "run-1", "tool_name": "clock" })
}

fn events<const N: usize>(kinds: [&str; N]) -> Vec<Value> {
    kinds.into_iter().map(event).collect()
}

const STARTED: &str = "agent_started";
const THINKING: &str = "agent_thinking";
const OPEN: &str = "tool_executing";
const CLOSE: &str = "tool_completed";
const COMPLETED: &str = "agent_completed";

/// Makes the events of a call.
type Stream = fn() -> Vec<Value>;

/// Each stream of one answered call, and what is wrong with it.
const ANSWERED: [(&str, Stream, Option<Kind>); 16] = [
    (
        "whole",
        || events([STARTED, THINKING, OPEN, CLOSE, COMPLETED]),
        None,
    ),
    ("the shortest", || events([STARTED, COMPLETED]), None),
    (
        "a tool twice",
        || events([STARTED, OPEN, CLOSE, OPEN, CLOSE, COMPLETED]),
        None,
    ),
    ("nothing", Vec::new, Some(Kind::EventMissing)),
    (
        "no first",
        || events([THINKING, COMPLETED]),
        Some(Kind::EventMissing),
    ),
    (
        "no last",
        || events([STARTED, THINKING]),
        Some(Kind::EventMissing),
    ),
    (
        "a tool that is not closed",
        || events([STARTED, OPEN, COMPLETED]),
        Some(Kind::EventMissing),
    ),
    (
        "two firsts",
        || events([STARTED, STARTED, COMPLETED]),
        Some(Kind::EventDuplicated),
    ),
    (
        "two lasts",
        || events([STARTED, COMPLETED, COMPLETED]),
        Some(Kind::EventDuplicated),
    ),
    (
        "a tool opened twice",
        || events([STARTED, OPEN, OPEN, CLOSE, COMPLETED]),
        Some(Kind::EventDuplicated),
    ),
    (
        "a tool closed twice",
        || events([STARTED, OPEN, CLOSE, CLOSE, COMPLETED]),
        Some(Kind::EventDuplicated),
    ),
    (
        "a tool closed before",
        || events([STARTED, CLOSE, OPEN, COMPLETED]),
        Some(Kind::EventOutOfOrder),
    ),
    (
        "a thought before the first",
        || events([THINKING, STARTED, COMPLETED]),
        Some(Kind::EventOutOfOrder),
    ),
    (
        "a thought after the last",
        || events([STARTED, COMPLETED, THINKING]),
        Some(Kind::EventOutOfOrder),
    ),
    (
        "no type",
        || vec![event(STARTED), json!({ "run_id": "run-1" }), event(COMPLETED)],
        Some(Kind::EventMalformed),
    ),
    (
        "no tool name",
        || {
            vec![
                event(STARTED),
                json!({ "type": OPEN, "run_id": "run-1" }),
                event(COMPLETED),
            ]
        },
        Some(Kind::EventMalformed),
    ),
];

#[test]
fn a_stream_of_events_is_judged_as_what_it_is() {
    for (name, events, kind) in ANSWERED {
        let outcome = Sends::events(events).check(Promise::GoldenPath);
        assert_eq!(outcome.kinds(), Vec::from_iter(kind), "{name}: {outcome}");
        assert_eq!(outcome.is_kept(), kind.is_none(), "{name}: {outcome}");
    }
}

#[test]
fn the_last_event_of_a_call_that_failed_has_to_say_so_and_to_be_the_last() {
    fn told() -> Vec<Value> {
        let last = json!({ "type": COMPLETED, "run_id": "run-1", "outcome": { "error": "as asked" } });
        vec![event(STARTED), last]
    }
    fn goes_on() -> Vec<Value> {
        [told(), vec![event(THINKING)]].concat()
    }
    let kept = Sends::events(told).check(Promise::FailuresTold);
    assert!(kept.is_kept(), "{kept}");
    let success = Sends::events(|| events([STARTED, COMPLETED])).check(Promise::FailuresTold);
    assert_eq!(success.kinds(), [Kind::FalseSuccess], "{success}");
    // The calls of this subject that are answered send the same.
    let late = Sends::events(goes_on).check(Promise::FailuresTold);
    assert!(late.kinds().contains(&Kind::EventAfterTerminal), "{late}");
}

#[test]
fn a_promise_that_cannot_be_checked_says_what_to_implement() {
    let outcome = Sends::events(Vec::new).check(Promise::AccountsTrue);
    assert_eq!(outcome.undeclared(), Some("accounts"));
    assert_eq!(
        outcome
            .into_result()
            .expect_err("nothing was checked")
            .to_string(),
        "accounts-true: `Subject::accounts` returned `None`, so that nothing could be checked; implement it, or declare in \
         `exemptions` why the promise does not apply"
    );
}

#[test]
fn a_promise_that_does_not_apply_is_declared_with_a_reason() {
    let exempt = Sends {
        exemptions: || {
            vec![
                (Promise::AccountsTrue, "it has no counters"),
                (Promise::StatesAgree, " "),
            ]
        },
        ..Sends::events(Vec::new)
    };
    let outcome = exempt.check(Promise::AccountsTrue);
    assert_eq!(outcome.exemption(), Some("it has no counters"));
    assert!(outcome.into_result().is_ok());
    let unexplained = exempt
        .check(Promise::StatesAgree)
        .into_result()
        .expect_err("it gives no reason");
    assert_eq!(
        unexplained.to_string(),
        "states-agree: declared not to apply without a reason; give the reason in `exemptions`"
    );
}

#[test]
fn a_name_that_no_promise_has_is_an_error_that_lists_them() {
    let unknown = "users-isolatd".parse::<Promise>().expect_err("there is none");
    assert!(
        unknown
            .to_string()
            .starts_with("`users-isolatd` is not a promise; the promises are users-isolated, "),
        "{unknown}"
    );
    for &promise in Promise::ALL {
        assert_eq!(promise.as_str().parse(), Ok(promise));
    }
}

#[test]
fn a_subject_that_serves_nobody_is_refused_with_its_error() {
    let refuses = Sends {
        refuses: true,
        ..Sends::events(Vec::new)
    };
    let outcome = refuses.check(Promise::UsersIsolated);
    let failure = outcome.failure().expect("it cannot be checked");
    assert_ne!(failure.kind(), FailureKind::Violation);
    assert!(failure.to_string().contains("there is no database"), "{failure}");
}

#[test]
fn a_subject_that_panics_while_it_is_built_is_refused() {
    let panics = Conformance::new(async || -> Sends { panic!("no license") });
    let outcome = panics.check(Promise::GoldenPath);
    let failure = outcome.failure().expect("it cannot be checked");
    assert!(failure.to_string().contains("no license"), "{failure}");
}

#[test]
fn the_matrix_shows_what_is_kept_broken_exempt_and_not_offered() {
    let exempt = Sends {
        exemptions: || vec![(Promise::AccountsTrue, "it has no counters")],
        ..Sends::events(|| events([STARTED, COMPLETED]))
    };
    let matrix = conformance_matrix()
        .executions(20)
        .implementation("small", async move || exempt);
    let text = matrix.to_string();
    insta_snapshot("conformance_of_one", &text);
}

fn insta_snapshot(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

#[test]
fn the_matrix_of_the_implementations_is_that_of_the_example() {
    let matrix = crate::implementations::matrix(crate::implementations::named(), 16);
    insta_snapshot("conformance", &matrix.to_string());
}
