//! What a person reads, whole.

use std::collections::BTreeMap;
use std::path::PathBuf;

use console::measure_text_width;

use super::{Style, written};
use crate::interleave::{Ending, Quiet, Runnable, Waiting};
use crate::oracle::{Encoding, samples};
use crate::report::samples::{Sample, search};
use crate::report::{Caveat, FailureKind, Nondeterminism, Outcome, Passed, Refusal};
use crate::trace::Surface;
use crate::user::SecretKind;

const PLAIN: Style = Style {
    width: 100,
    colours: false,
};

fn found(sample: Sample, style: &Style) -> String {
    written(Outcome::Violation(&sample.finding()), style)
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
    sample.accused(violation).ending(Ending::Blocked {
        runnable: Some(Runnable::Actor(1)),
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
    BTreeMap::from([
        ("two_users", two_users()),
        ("five_users", five_users()),
        ("hang", hang()),
        ("dropped", dropped()),
        ("generated", generated()),
        ("nondeterministic", nondeterministic()),
        ("many_steps", many_steps()),
        ("many_violations", many_violations()),
        ("encoded", encoded()),
        ("panicked", panicked()),
        ("blocked", blocked()),
        ("endless", endless()),
    ])
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

fn refused() -> Refusal {
    Refusal {
        kind: FailureKind::Vacuous,
        what: "ben never saw a secret of its own: the check could not have found anything".to_owned(),
        remedy:
            "say with `user.saw(..)` what the user is shown, and make the answer depend on `user.secret(..)`"
                .to_owned(),
        executions: 3,
    }
}

#[test]
fn a_refusal_says_what_to_do() {
    keep("refused", &written(Outcome::Refused(&refused()), &PLAIN));
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
    keep("report", &written(Outcome::Passed(&passed()), &PLAIN));
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
                written(Outcome::Refused(&refused()), &style),
                written(Outcome::Passed(&passed()), &style),
            ]);
        for text in texts {
            // What is to be pasted is not broken.
            let is_pasted = |line: &str| {
                ["SSOT_REPLAY=", "cargo test", ".replay("]
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
        let finding = sample.finding();
        let outcome = Outcome::Violation(&finding);
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
