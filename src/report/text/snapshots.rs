//! What a person reads, whole.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use console::measure_text_width;
use indexmap::IndexMap;
use serde_json::json;

use super::{Style, written};
use crate::interleave::{
    Ending, Origin, Place, Quiet, Runnable, SpawnedTask, StepNote, StepNotes, Waiting, WokenBy,
};
use crate::oracle::{Encoding, samples};
use crate::panics::Panic;
use crate::report::samples::{Sample, search};
use crate::report::{
    Caveat, CheckFailure, Cleaned, CleanedWhat, FailureKind, Interruption, Late, Leftovers, Nondeterminism,
    Outcome, Passed, Problem, Refusal, TestFailure, TestFinding, TestPhase, TestSummary, ThreadState,
    UncaughtPanic, to_json,
};
use crate::trace::Surface;
use crate::user::SecretKind;

const PLAIN: Style = Style {
    width: 100,
    colours: false,
};

fn found(sample: Sample, style: &Style) -> String {
    written(Outcome::CheckFailed(&violated(sample)), style)
}

fn violated(sample: Sample) -> CheckFailure {
    CheckFailure::Violation(Box::new(sample.finding()))
}

fn keep(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

/// One user's answer reaches another.
fn two_users() -> Sample {
    Sample::new(2, "v1:one@3:1,2x3,1x2")
        .saw(0, Surface::Event, 1, "agent_started")
        .saw(1, Surface::Event, 2, "agent_started")
        .saw(1, Surface::Event, 4, "agent_completed")
        .leaked(1, 0, Surface::Reply, 4)
        .saw(0, Surface::Reply, 6, "Done.")
        .with(|finding| finding.kept = Some(PathBuf::from("ssot-regressions/chat-answers.txt")))
}

/// Two of five users matter.
fn five_users() -> Sample {
    let sample = Sample::new(5, "v1:one@4:3,5,1,2x2,4x2,t+5,5x2,3,5")
        .preempting(&[1, 2, 10])
        .saw(2, Surface::Event, 1, "agent_started")
        .leaked(4, 2, Surface::Event, 10)
        .leaked(4, 2, Surface::Log, 12);
    let run = sample.population.identity(2).context().run.clone();
    let event =
        serde_json::json!({"type": "agent_completed", "run_id": run, "answer": "Your order is on its way."});
    let sample = sample.saw(4, Surface::Event, 12, event);
    let seen = sample.seen().last().unwrap().clone();
    let violation = samples::misattribution(&sample.population, &seen, 2);
    sample.accused(violation)
}

fn hang() -> Sample {
    let sample = Sample::new(2, "v1:each@0:1,2,s0,1,s2x3,2").preempting(&[3, 7]);
    let waiting = |actor, wakers| Waiting {
        actor,
        polls: 2,
        wakers,
        tasks: 1,
    };
    let violation = samples::hang(
        &sample.population,
        vec![0, 1],
        8,
        "a deadlock, no timer is due within a day",
    );
    sample
        .accused(violation)
        .finished([false, false])
        .ending(Ending::Deadlock(vec![waiting(0, 1), waiting(1, 0)]))
}

fn dropped() -> Sample {
    Sample::new(2, "v1:one@1:1b0,1,t,1d,2x2")
        .preempting(&[])
        .leaked(1, 0, Surface::Reply, 6)
        .with(|finding| finding.shrinking.attempts = 0)
}

fn generated() -> Sample {
    two_users().with(|finding| {
        finding.inputs = Some(vec![
            vec![r#"Ask { text: "it's \"mine\"" }"#.to_owned(), "Leave".to_owned()],
            Vec::new(),
        ]);
        finding.search.inputs = 40;
        finding.replay = format!(r#"{}|[[{{"Ask":"it's \"mine\""}},"Leave"],[]]"#, finding.replay);
    })
}

fn nondeterministic() -> Sample {
    two_users().with(|finding| {
        finding.nondeterminism = Some(Nondeterminism {
            step: 4,
            difference: "ben saw `agent_completed` on the surface event, and then `agent_thinking`"
                .to_owned(),
            failed_again: true,
        });
        finding.best_effort = true;
        finding.test = None;
        finding.caveats = vec![Caveat::Sample {
            what: "the time was up before the budget was",
        }];
    })
}

fn many_steps() -> Sample {
    let text = format!("v1:one@3:{}", vec!["1,2x2"; 60].join(","));
    let switches: Vec<_> = (16..).filter(|index| index % 3 < 2).take(31).collect();
    Sample::new(2, &text)
        .preempting(&switches)
        .leaked(1, 0, Surface::Error, 120)
        .leaked(0, 1, Surface::Row, 150)
}

fn many_violations() -> Sample {
    let mut sample = Sample::new(12, "v1:one@3:1,2x4,1x2,12,11,10,9,8,7,6,5,4,3");
    for step in 2..14 {
        sample = sample.leaked(1, 0, Surface::Event, step);
    }
    sample
}

fn encoded() -> Sample {
    let sample = two_users();
    let home = sample.population.mint(0, SecretKind::Email, "home");
    let token = data_encoding::BASE64.encode(format!("home={home}").as_bytes());
    let sample = sample.saw(1, Surface::Http, 5, token);
    let seen = sample.seen().last().unwrap().clone();
    let violation = samples::leak(&sample.population, &seen, 0, "email home", Encoding::Base64);
    sample.with(|finding| finding.violations.insert(0, violation))
}

/// A spawned task panics while a call is preempted.
fn panicked() -> Sample {
    // Resumed and not raised, it has no place, whose line number would change with this file.
    let message =
        "the slot that is to be filled is taken: it holds the answer to another call, which nobody read";
    let Err(panic) = Quiet::begin().catch(|| std::panic::resume_unwind(Box::new(message)));
    let sample = two_users();
    sample.with(|finding| finding.run.panics.push((2, panic)))
}

fn blocked() -> Sample {
    let sample = Sample::new(2, "v1:one@0:1,2").finished([false, false]);
    let violation = samples::hang(&sample.population, vec![1], 2, "its poll does not return");
    let note = StepNote {
        place: Some(Place::YieldPoint("card read")),
        ..StepNote::default()
    };
    let notes = StepNotes {
        tasks: Vec::new(),
        steps: vec![StepNote::default(), note],
    };
    let sample = sample.accused(violation).ending(Ending::Blocked {
        runnable: Some(Runnable::Actor(1)),
    });
    sample.with(|finding| {
        finding.steps = Some(notes);
        finding.blocked = Some(ThreadState::SystemCall {
            number: 202,
            name: Some("futex"),
        });
    })
}

/// A task of the system, one of a user with a name, and one of which nothing is known; a dropped call and who woke whom.
fn tasks() -> Sample {
    let task = |origin, number, spawned_at, name: Option<&str>| SpawnedTask {
        origin,
        number,
        spawned_at,
        name: name.map(Into::into),
    };
    let ran = |origin, task, woken_by: Option<usize>| StepNote {
        origin,
        task,
        woken_by: woken_by.map(WokenBy::Step),
        place: None,
    };
    let ada = Some(Origin::Actor(0));
    let system = Some(Origin::System);
    let woken = |by| ran(None, None, Some(by));
    let dropped = StepNote {
        place: Some(Place::Traced {
            span: Some("charge"),
            at: Some(("src/till.rs", 12)),
        }),
        ..StepNote::default()
    };
    let steps = vec![
        StepNote::default(),
        StepNote::default(),
        ran(ada, Some(1), Some(0)),
        ran(ada, Some(2), Some(0)),
        ran(ada, Some(2), Some(3)),
        ran(system, Some(0), Some(4)),
        ran(ada, None, Some(5)),
        ran(None, None, None),
        woken(7),
        dropped,
    ];
    let notes = StepNotes {
        tasks: vec![
            task(system, Some(1), None, Some("pump")),
            task(ada, Some(1), Some(0), None),
            task(ada, Some(2), Some(2), Some("indexer")),
        ],
        steps,
    };
    Sample::new(2, "v1:each@0:1,2,s1x3,s0,s1,s2,2,1d")
        .finished([false, true])
        .leaked(1, 0, Surface::Reply, 9)
        .with(|finding| {
            finding.steps = Some(notes);
            let Err(panic) = Quiet::begin().catch(|| std::panic::resume_unwind(Box::new("no such row")));
            finding.run.panics = vec![(5, panic)];
        })
}

fn endless() -> Sample {
    let sample = Sample::new(2, "v1:poll@0:1,2,s3,t,1,t,1")
        .preempting(&[4])
        .finished([false, false]);
    let violation = samples::hang(&sample.population, vec![0], 7, "stopped after 10,000 steps");
    sample.accused(violation).ending(Ending::StepLimit(10_000))
}

fn every_sample() -> BTreeMap<&'static str, Sample> {
    let samples: [(_, fn() -> Sample); 13] = [
        ("two_users", two_users),
        ("five_users", five_users),
        ("hang", hang),
        ("dropped", dropped),
        ("generated", generated),
        ("nondeterministic", nondeterministic),
        ("many_steps", many_steps),
        ("many_violations", many_violations),
        ("encoded", encoded),
        ("panicked", panicked),
        ("tasks", tasks),
        ("blocked", blocked),
        ("endless", endless),
    ];
    samples
        .into_iter()
        .map(|(name, sample)| (name, sample()))
        .collect()
}

#[test]
fn a_failure_reads_well() {
    for (name, sample) in every_sample() {
        keep(&format!("failure_{name}"), &found(sample, &PLAIN));
    }
}

#[test]
fn a_failure_reads_well_on_other_terminals() {
    for (name, width, colours) in [
        ("narrow", 60, false),
        ("wide", 120, false),
        ("colours", 100, true),
    ] {
        let style = Style { width, colours };
        keep(&format!("failure_two_users_{name}"), &found(two_users(), &style));
        keep(
            &format!("failure_five_users_{name}"),
            &found(five_users(), &style),
        );
    }
}

fn refused() -> CheckFailure {
    CheckFailure::Refused(Box::new(Refusal {
        kind: FailureKind::Vacuous,
        what: "ben never saw a secret of its own: the check could not have found anything".to_owned(),
        remedy:
            "say with `user.saw(..)` what the user is shown, and make the answer depend on `user.secret(..)`"
                .to_owned(),
        executions: 3,
    }))
}

#[test]
fn a_refusal_says_what_to_do() {
    keep("refused", &written(Outcome::CheckFailed(&refused()), &PLAIN));
}

fn passed() -> Passed {
    let mut search = search(3, &[6, 144, 2_472]);
    search.executions = 5_000;
    search.inputs = 40;
    Passed {
        search,
        test: Some("chat::answers_stay_with_their_user".to_owned()),
        left_out: Vec::new(),
        caveats: vec![Caveat::Sample {
            what: "the solo runs of cleo differed from each other: she is not compared with them",
        }],
    }
}

#[test]
fn a_report_says_what_was_covered() {
    keep("report", &written(Outcome::CheckPassed(&passed()), &PLAIN));
}

#[test]
fn a_test_case_says_what_failed_and_what_was_cleaned_up() {
    let narrow = Style { width: 60, ..PLAIN };
    let failure = everything();
    let outcome = Outcome::TestFailed(&failure);
    keep("test_failure", &written(outcome, &PLAIN));
    keep("test_failure_narrow", &written(outcome, &narrow));
    let json = serde_json::to_string_pretty(&to_json(outcome)).unwrap();
    keep("test_failure_json", &json);
}

#[test]
fn where_only_a_check_failed_its_report_is_that_of_the_test() {
    let mut failure = everything();
    failure
        .findings
        .retain(|finding| matches!(&finding.problem, Problem::Error { failure: Some(_), .. }));
    assert_eq!(failure.findings.len(), 1);
    let (outcome, check) = (Outcome::TestFailed(&failure), refused());
    let check = Outcome::CheckFailed(&check);
    assert_eq!(written(outcome, &PLAIN), written(check, &PLAIN));
    assert_eq!(to_json(outcome), to_json(check));
}

#[test]
fn a_test_that_passes_says_what_it_took() {
    let phases = [("set-up", 1_250), ("body", 40_000)];
    let phases = phases.map(|(phase, micros)| (phase.to_owned(), Duration::from_micros(micros)));
    let summary = TestSummary {
        test: "chat::answers",
        seed: 7,
        elapsed: Duration::from_millis(42),
        phases: &phases,
        metrics: &IndexMap::from([("polls".to_owned(), 12)]),
    };
    let outcome = Outcome::TestPassed(summary);
    keep("test_summary", &written(outcome, &PLAIN));
    assert_eq!(
        to_json(outcome),
        json!({
            "version": 1, "outcome": "test-passed", "test": "chat::answers", "seed": 7, "seconds": 0.042,
            "phases": [{ "phase": "set-up", "seconds": 0.00125 }, { "phase": "body", "seconds": 0.04 }],
            "metrics": { "polls": 12 },
        })
    );
}

/// A test in which everything went wrong that can.
fn everything() -> TestFailure {
    let panic = |message: &'static str| Panic::from_payload(&message, Some("tests/chat.rs:40:9".to_owned()));
    let leftovers = Leftovers {
        allowed: 1,
        tracked: Vec::new(),
        others: 3,
        lines: IndexMap::from([(30, 2), (31, 1)]),
    };
    let error = |text: &str, failure| Problem::Error {
        text: text.to_owned(),
        failure,
        has_location: false,
    };
    let limit = Duration::from_secs(5);
    let problems = [
        (TestPhase::SetUp, error("no server at port 80", None)),
        (TestPhase::Body, error("", Some(refused()))),
        (
            TestPhase::Body,
            error(
                "expected 名前\n     got nothing at all, of which this line is not broken where the page ends, for it is quoted as it stands",
                None,
            ),
        ),
        (TestPhase::Body, Problem::Panicked(panic("index out of bounds"))),
        (
            TestPhase::Body,
            Problem::TimedOut {
                limit,
                alive: leftovers.clone(),
            },
        ),
        (
            TestPhase::TearDown,
            Problem::Late(Late {
                limit,
                took: Duration::from_secs(7),
            }),
        ),
        (TestPhase::Body, Problem::Interrupted(Interruption::Signal(15))),
        (TestPhase::Body, Problem::Interrupted(Interruption::ProcessEnds)),
        (
            TestPhase::Body,
            Problem::Blocked {
                limit,
                alive: Leftovers {
                    others: 0,
                    ..leftovers.clone()
                },
            },
        ),
        (TestPhase::TearDown, Problem::NotDone),
        (TestPhase::Body, Problem::Exited),
        (TestPhase::Ending, Problem::NotRun),
        (TestPhase::Ending, Problem::ThreadStays(limit)),
        (TestPhase::Ending, Problem::Tasks(leftovers)),
        (TestPhase::Ending, Problem::Threads(1)),
        (
            TestPhase::Ending,
            Problem::Uncaught(UncaughtPanic {
                panic: panic("nobody waits for me"),
                thread_name: Some("worker".to_owned()),
                was_told_to_a_task: true,
                certain: false,
            }),
        ),
        (
            TestPhase::Ending,
            Problem::Harness("the test's folder could not be removed".to_owned()),
        ),
    ];
    let findings = problems.map(|(phase, problem)| TestFinding {
        phase,
        line: (phase == TestPhase::Body).then_some(33),
        problem,
    });
    let done = Cleaned {
        what: CleanedWhat::TearDown("chat::Platform"),
        well: true,
    };
    TestFailure {
        test: "chat::answers".to_owned(),
        file: "tests/chat.rs",
        findings: findings.into(),
        cleaned: vec![done, done, Cleaned { well: false, ..done }],
        log: vec!["12:00:01 INFO chat: ada asks".to_owned()],
        seed: Some(7),
    }
}

#[test]
fn no_line_is_wider_than_asked_for() {
    for width in (60..=160).step_by(7) {
        let style = Style {
            width,
            colours: false,
        };
        let texts = every_sample()
            .into_values()
            .map(|sample| found(sample, &style))
            .chain([
                written(Outcome::CheckFailed(&refused()), &style),
                written(Outcome::CheckPassed(&passed()), &style),
                written(Outcome::TestFailed(&everything()), &style),
            ]);
        for text in texts {
            // What is to be pasted, and what the code under test said, is not broken.
            let is_pasted = |line: &str| {
                ["SSOT_REPLAY=", "cargo test", ".replay(", "as it stands"]
                    .iter()
                    .any(|part| line.contains(part))
            };
            for line in text.lines().filter(|line| !is_pasted(line)) {
                assert!(
                    measure_text_width(line) <= width,
                    "wider than {width}: {line}\n{text}"
                );
            }
        }
    }
}

#[test]
fn colours_change_no_text() {
    let without_colours = |text: &str| {
        let mut parts = text.split('\u{1b}');
        let first = parts.next().unwrap_or_default().to_owned();
        parts.fold(first, |plain, part| {
            plain + part.split_once('m').map_or("", |(_, text)| text)
        })
    };
    for sample in every_sample().into_values() {
        let failure = violated(sample);
        let outcome = Outcome::CheckFailed(&failure);
        let coloured = written(
            outcome,
            &Style {
                colours: true,
                ..PLAIN
            },
        );
        assert_ne!(coloured, without_colours(&coloured));
        assert_eq!(without_colours(&coloured), written(outcome, &PLAIN));
    }
}
