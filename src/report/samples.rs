//! Findings made by hand, for the tests of what is made of them.

use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;

use crate::interleave::{Certificate, Decision, Ending, Level, Run, Runnable, Schedule, Shard};
use crate::oracle::{Encoding, Violation, samples};
use crate::report::OrdersSeen;
use crate::report::TestPath;
use crate::report::{Finding, SearchSummary, Shrinking, Unseen};
use crate::report::{FoundBy, Phase, Portion};
use crate::trace::{Observation, Surface, Trace};
use crate::user::{IdentityMode, Population, SecretKind};

/// A run of these decisions, of those with these indices preempt who went last, in which every user who went came to an end.
pub(super) fn run(schedule: &str, preempting: &[usize]) -> Run {
    let schedule: Schedule = schedule.parse().unwrap();
    let decisions = schedule.decisions().to_vec();
    let users = decisions.iter().filter_map(|decision| decision.actor()).max();
    let users = users.map_or(0, |last| last + 1);
    let went_last = |before: usize| {
        decisions[..before]
            .iter()
            .rev()
            .find_map(|&decision| Runnable::of(decision))
    };
    let mut run = Run {
        topology: schedule.layout(),
        ending: Ending::Done,
        preempted: preempting
            .iter()
            .map(|&at| (at, went_last(at).unwrap()))
            .collect(),
        polls: vec![0; users],
        dropped: vec![false; users],
        finished: vec![true; users],
        panics: Vec::new(),
        most_tasks: 0,
        fair_from: None,
        times: Vec::new(),
        wake_ups: 0,
        decisions,
    };
    for decision in &run.decisions {
        match (*decision, decision.actor()) {
            (Decision::Drop { .. }, Some(user)) => {
                run.dropped[user] = true;
                run.finished[user] = false;
            }
            (_, Some(user)) => run.polls[user] += 1,
            _ => {}
        }
    }
    run
}

/// What a search came to that had time for these numbers of schedules, without a preemption, with one and so on.
pub(super) fn search(users: usize, levels: &[u64]) -> SearchSummary {
    let levels = (0..).zip(levels).map(|(preemptions, &schedules)| Level {
        preemptions,
        drops: 0,
        schedules,
        complete: true,
    });
    SearchSummary {
        executions: 1_234,
        raced: 0,
        fair: 0,
        alone: 6,
        portions: vec![
            (Portion::Phase(Phase::Enumeration), 1_000),
            (Portion::Strategy("uniform walk".to_owned()), 234),
        ],
        inputs: 0,
        distinct: 57,
        certificate: Some(Certificate {
            levels: levels.collect(),
            exhaustive: false,
            dropped: None,
        }),
        dropped: None,
        orders: Some(OrdersSeen { seen: 423, all: 432 }),
        nothing_new: 812,
        settled: None,
        unseen: Some(Unseen {
            behaviours: 371,
            once: 38,
            samples: 234,
            curve: vec![(128, 60), (256, 108), (512, 190), (1_024, 330), (5_000, 371)],
        }),
        identities: IdentityMode::ALL.to_vec(),
        users,
        elapsed: Duration::from_millis(412),
        seed: 7,
        shard: Shard::WHOLE,
    }
}

/// A finding under construction.
pub(super) struct Sample {
    pub(super) population: Arc<Population>,
    pub(super) finding: Finding,
    observations: Vec<Observation>,
}

impl Sample {
    /// The execution of this schedule, in which nobody saw anything yet.
    pub(super) fn new(users: usize, schedule: &str) -> Self {
        let parsed: Schedule = schedule.parse().unwrap();
        let population = Population::draw(parsed.identity_seed(), users);
        Self {
            finding: Finding {
                violations: Vec::new(),
                run: run(schedule, &[1]),
                steps: None,
                blocked: None,
                trace: Trace::default(),
                solo: Vec::new(),
                names: population
                    .identities()
                    .iter()
                    .map(|member| member.name().to_owned())
                    .collect(),
                identities: population.mode(),
                search: search(users, &[2]),
                found_by: FoundBy::Strategy("uniform walk".to_owned()),
                shrinking: Shrinking {
                    attempts: 34,
                    preemptions_before: 12,
                    steps_before: 61,
                },
                nondeterminism: None,
                best_effort: false,
                inputs: None,
                replay: schedule.to_owned(),
                test: Some(TestPath::sample("chat::answers_stay_with_their_user")),
                kept: None,
                caveats: Vec::new(),
                left_out: Vec::new(),
                schedule: parsed,
            },
            observations: Vec::new(),
            population,
        }
    }

    pub(super) fn finished(mut self, finished: impl Into<Vec<bool>>) -> Self {
        self.finding.run.finished = finished.into();
        self
    }

    pub(super) fn ending(mut self, ending: Ending) -> Self {
        self.finding.run.ending = ending;
        self
    }

    /// The decisions of these indices are those that preempt who went last.
    pub(super) fn preempting(mut self, decisions: &[usize]) -> Self {
        self.finding.run.preempted = run(&self.finding.schedule.to_string(), decisions).preempted;
        self
    }

    pub(super) fn with(mut self, edit: impl FnOnce(&mut Finding)) -> Self {
        edit(&mut self.finding);
        self
    }

    pub(super) fn saw(mut self, user: usize, surface: Surface, step: u32, value: impl Serialize) -> Self {
        let text = serde_json::to_string(&value).unwrap();
        self.observations
            .push(Observation::new(user, surface, text, step));
        self
    }

    /// A user saw an answer that holds the owner's secret `card`.
    pub(super) fn leaked(self, user: usize, owner: usize, surface: Surface, step: u32) -> Self {
        let card = self.population.mint(owner, SecretKind::Text, "card");
        let answer = serde_json::json!({
            "answer": format!("The card that I have on file for you is {card}; shall I charge it for the order?"),
            "run": self.population.identity(user).context().run,
        });
        let sample = self.saw(user, surface, step, answer);
        let seen = sample.observations.last().unwrap();
        let violation = samples::leak(&sample.population, seen, owner, "card", Encoding::Plain);
        sample.accused(violation)
    }

    pub(super) fn accused(mut self, violation: Violation) -> Self {
        self.finding.violations.push(violation);
        self
    }

    pub(super) fn seen(&self) -> &[Observation] {
        &self.observations
    }

    pub(super) fn finding(self) -> Finding {
        Finding {
            trace: Trace::new(self.observations, Vec::new()),
            ..self.finding
        }
    }
}
