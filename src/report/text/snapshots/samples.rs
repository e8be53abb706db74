//! Findings as they are shown.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::interleave::{
    Ending, Origin, Place, Quiet, Runnable, SpawnedTask, StepNote, StepNotes, Waiting, WokenBy,
};
use crate::oracle::{Encoding, samples};
use crate::report::samples::Sample;
use crate::report::{Caveat, Nondeterminism, ThreadState};
use crate::trace::Surface;
use crate::user::SecretKind;

/// One user's answer reaches another.
pub(super) fn two_users() -> Sample {
    Sample::new(2, "v1:one@3:1,2x3,1x2")
        .saw(0, Surface::Event, 1, "agent_started")
        .saw(1, Surface::Event, 2, "agent_started")
        .saw(1, Surface::Event, 4, "agent_completed")
        .leaked(1, 0, Surface::Reply, 4)
        .saw(0, Surface::Reply, 6, "Done.")
        .with(|finding| finding.kept = Some(PathBuf::from("ssot-regressions/chat-answers.txt")))
}

/// Two of five users matter.
pub(super) fn five_users() -> Sample {
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

pub(super) fn every_sample() -> BTreeMap<&'static str, Sample> {
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
