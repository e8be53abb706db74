//! What strategies promise.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fmt::Write as _;
use std::time::Duration;

use ssot_harness::interleave::{
    Decision, Divergence, Driver, Ending, Enumeration, Pct, Perturbed, Portfolio, RandomWalk, Run,
    RuntimeTopology, SelectiveWalk, Shape, SparseDeviations, Strategy, UniformWalk, View,
};
use tokio::task::yield_now;
use tokio::time::sleep;

use crate::search::actors::{awaits, run_on, script, windows};

/// PCT finds a bug of depth d among n actors and k steps with a probability of at least 1/(n·k^(d−1)).
#[test]
fn pct_keeps_its_promise() {
    let mut driver = Driver::new();
    for (users, steps, preemptions, executions) in [(2, 10, 1, 4_000), (3, 10, 1, 6_000), (2, 8, 2, 40_000)] {
        // A preemption that must fall on one step is an ordering more.
        let depth = preemptions + 1;
        let k = users * (steps + 1);
        let shape = Shape::of(vec![u32::try_from(steps).unwrap() + 1; users]);
        let mut pct = Pct::new(2_024, depth);
        let mut hits = 0_u32;
        for _ in 0..executions {
            pct.begin(&shape);
            let (_, hit) = windows(&mut pct, &mut driver, users, steps, preemptions);
            hits += u32::from(hit);
        }
        let possibilities = users * k.pow(u32::try_from(preemptions).unwrap());
        let promised = 1.0 / f64::from(u32::try_from(possibilities).unwrap());
        let rate = f64::from(hits) / f64::from(executions);
        // Four standard deviations of what chance may take away from a strategy that just keeps its promise.
        let slack = 4.0 * (promised / f64::from(executions)).sqrt();
        assert!(
            rate >= promised - slack,
            "{users} users, {steps} awaits, {preemptions} preemptions: {rate} of {promised}"
        );
        assert!(hits > 0);
    }
}

/// Somebody who has found a failure with a seed is to find it with the next version too.
#[test]
fn what_a_seed_runs_stays_the_same() {
    let mut lines = String::new();
    for users in [3, 80] {
        let strategies: [Box<dyn Strategy>; 8] = [
            Box::new(RandomWalk::new(7)),
            Box::new(UniformWalk::new(7)),
            Box::new(SelectiveWalk::new(7)),
            Box::new(Pct::new(7, 3)),
            Box::new(SparseDeviations::new(7, 4)),
            Box::new(Perturbed::new(UniformWalk::new(7), 7, 10)),
            Box::new(Portfolio::new(7, 100, 10)),
            Box::new(Enumeration::new(100, 2)),
        ];
        for mut strategy in strategies {
            let digests: Vec<_> = (0..10).map(|_| digest_of_next(&mut *strategy, users)).collect();
            let last = digests.last().expect("there are ten");
            let all = fnv(digests.iter().flatten().copied());
            writeln!(
                lines,
                "{users:2} users, {:55} {:016x} {all:016x}",
                strategy.name(),
                fnv(last.iter().copied())
            )
            .unwrap();
        }
    }
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_description("digests of the tenth schedule, and of all ten");
    settings.bind(|| insta::assert_snapshot!("what_a_seed_runs", lines));
}

/// Users who yield and sleep, and every third of whom spawns, in the next execution of a strategy.
fn digest_of_next(strategy: &mut dyn Strategy, users: usize) -> Vec<u8> {
    let shape = Shape {
        polls: (0..users)
            .map(|user| 3 + u32::try_from(user % 4).unwrap())
            .collect(),
        spawns: true,
        timers: true,
        drops: 2,
    };
    assert!(strategy.begin(&shape));
    let mut driver = Driver::new();
    driver.allow_drops(2);
    let topology = strategy.layout().unwrap_or(RuntimeTopology::PerActor);
    let actors = (0..users).map(|user| {
        script(async move {
            awaits(1 + user % 4).await;
            if user % 3 == 0 {
                tokio::spawn(yield_now()).await.unwrap();
            }
            sleep(Duration::from_millis(1 + user as u64 % 5)).await;
        })
    });
    let run = run_on(&mut driver, topology, strategy, actors.collect());
    assert_eq!(*run.ending(), Ending::Done);
    run.schedule(1).to_string().into_bytes()
}

/// Fowler, Noll and Vo's hash, which is the same on every machine.
fn fnv(bytes: impl Iterator<Item = u8>) -> u64 {
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// As many actors as there may be.
#[test]
fn a_thousand_actors_are_driven() {
    let mut driver = Driver::new();
    for topology in [RuntimeTopology::One, RuntimeTopology::PerActor] {
        for count in [1, 63, 64, 65, 1_024] {
            let mut walk = RandomWalk::new(9);
            let done = Cell::new(0);
            let actors = (0..count).map(|_| {
                let done = &done;
                script(async move {
                    yield_now().await;
                    sleep(Duration::from_millis(1)).await;
                    done.set(done.get() + 1);
                })
            });
            let run = run_on(&mut driver, topology, &mut walk, actors.collect());
            assert_eq!(*run.ending(), Ending::Done);
            assert_eq!(done.get(), count);
        }
    }
}

/// Users who only wait: the decisions of one execution after another.
fn executions(strategy: &mut dyn Strategy, shape: &Shape, count: usize) -> Vec<Run> {
    let mut driver = Driver::new();
    driver.allow_drops(shape.drops);
    (0..count)
        .map(|_| {
            assert!(strategy.begin(shape));
            let actors = shape
                .polls
                .iter()
                .map(|&polls| script(awaits(polls as usize - 1)));
            run_on(&mut driver, RuntimeTopology::One, strategy, actors.collect())
        })
        .collect()
}

#[test]
fn a_seed_gives_the_same_executions_again_and_each_is_another() {
    let strategies: [fn(u64) -> Box<dyn Strategy>; 7] = [
        |seed| Box::new(RandomWalk::new(seed)),
        |seed| Box::new(UniformWalk::new(seed)),
        |seed| Box::new(SelectiveWalk::new(seed)),
        |seed| Box::new(Pct::new(seed, 3)),
        |seed| Box::new(SparseDeviations::new(seed, 4)),
        |seed| Box::new(Perturbed::new(RandomWalk::new(0), seed, 10)),
        |seed| Box::new(Portfolio::new(seed, u64::MAX, 10)),
    ];
    let shape = Shape {
        drops: 1,
        ..Shape::of(vec![6; 3])
    };
    for new in strategies {
        let of_seed = |seed| -> Vec<_> {
            let runs = executions(&mut *new(seed), &shape, 40);
            runs.iter().map(|run| run.decisions().to_vec()).collect()
        };
        let name = new(1).name();
        assert_eq!(of_seed(1), of_seed(1), "{name}");
        assert_ne!(of_seed(1), of_seed(2), "{name}");
        let different: HashSet<_> = of_seed(1).into_iter().collect();
        assert!(different.len() > 20, "{name}: {}", different.len());
    }
}

/// Of the 28 ways in which two polls and six interleave, none is much likelier than another.
#[test]
fn a_uniform_walk_makes_every_interleaving_about_as_likely() {
    let mut counts = BTreeMap::new();
    for run in executions(&mut UniformWalk::new(8), &Shape::of(vec![2, 6]), 14_000) {
        *counts.entry(run.schedule(0).to_string()).or_insert(0_u32) += 1;
    }
    assert_eq!(counts.len(), 28);
    // 500 each, give or take seven standard deviations.
    assert!(
        counts.values().all(|count| (350..650).contains(count)),
        "{counts:?}"
    );
}

#[test]
fn sparse_deviations_are_few() {
    let shape = Shape::of(vec![11, 11]);
    let preemptions = |most| -> Vec<u32> {
        let runs = executions(&mut SparseDeviations::new(6, most), &shape, 2_000);
        runs.iter().map(Run::preemptions).collect()
    };
    assert_eq!(preemptions(4).into_iter().max(), Some(4));
    // A step before the first has ended, which is nearly every other one.
    let one = preemptions(1);
    assert_eq!(one.iter().max(), Some(&1));
    let deviated = one.iter().sum::<u32>();
    assert!((800..1_000).contains(&deviated), "{deviated} of 2,000");
}

#[test]
fn a_mix_drops_any_call_at_any_await() {
    let shape = Shape {
        drops: 1,
        ..Shape::of(vec![4, 4])
    };
    let mut dropped = BTreeSet::new();
    for run in executions(&mut Perturbed::new(RandomWalk::new(2), 2, 0), &shape, 1_000) {
        let drops = (0..2).filter(|&actor| run.dropped()[actor]);
        dropped.extend(drops.map(|actor| (actor, run.polls()[actor])));
    }
    let every = (0..2).flat_map(|actor| (1..4).map(move |polls| (actor, polls)));
    assert_eq!(dropped, every.collect());
}

#[test]
fn a_mix_drops_as_many_calls_as_there_may_be() {
    let shape = Shape {
        drops: 3,
        ..Shape::of(vec![4; 4])
    };
    let drops = |run: Run| run.dropped().iter().filter(|&&dropped| dropped).count();
    let runs = executions(&mut Perturbed::new(RandomWalk::new(2), 2, 0), &shape, 500);
    let counts: BTreeSet<_> = runs.into_iter().map(drops).collect();
    assert!(counts.is_superset(&[1, 2, 3].into()), "{counts:?}");
}

#[test]
fn the_portfolio_draws_on_everything_that_there_is_use_for() {
    let drawn = |shape: &Shape, topology| {
        let mut portfolio = Portfolio::new(3, 2_000, 10).in_topology(topology);
        let (mut names, mut topologies) = (BTreeSet::new(), HashSet::new());
        while portfolio.begin(shape) {
            names.extend(portfolio.name().split(" + ").map(str::to_owned));
            topologies.extend(portfolio.layout());
        }
        assert_eq!(portfolio.execution(), 2_000);
        (names.into_iter().collect::<Vec<_>>(), topologies)
    };
    let busy = Shape {
        spawns: true,
        timers: true,
        drops: 1,
        ..Shape::of(vec![4, 4])
    };
    let bases = [
        "pct(2)",
        "pct(3)",
        "pct(4)",
        "random walk",
        "selective walk",
        "sparse(4)",
    ];
    let (mut names, topologies) = drawn(&busy, None);
    names.retain(|name| !bases.contains(&name.as_str()));
    assert_eq!(names, ["a drop", "budgets", "late timers"]);
    assert_eq!(topologies, RuntimeTopology::ALL.into());
    let (names, topologies) = drawn(&Shape::of(vec![4, 4]), None);
    assert_eq!(
        names,
        [
            "budgets",
            "pct(2)",
            "pct(3)",
            "pct(4)",
            "random walk",
            "selective walk",
            "sparse(4)"
        ]
    );
    assert_eq!(topologies, [RuntimeTopology::One].into());
    assert_eq!(
        drawn(&busy, Some(RuntimeTopology::PerPoll)).1,
        [RuntimeTopology::PerPoll].into()
    );
}

/// A strategy that decides what cannot be.
struct Wrong;

impl Strategy for Wrong {
    fn name(&self) -> String {
        "wrong".to_owned()
    }

    fn begin(&mut self, _shape: &Shape) -> bool {
        true
    }

    fn decide(&mut self, _view: &View<'_>) -> Result<Decision, Divergence> {
        Ok(Decision::Run { actor: 0 })
    }
}

#[test]
fn what_a_strategy_cannot_decide_is_not_carried_out() {
    let mut driver = Driver::new();
    let run = run_on(
        &mut driver,
        RuntimeTopology::One,
        &mut Wrong,
        vec![script(awaits(1)), script(awaits(1))],
    );
    let divergence = run.divergence().expect("user 1 has ended");
    assert_eq!(divergence.step(), 3);
    assert!(
        divergence.reason().contains("user 1 has already ended"),
        "{divergence}"
    );
    assert_eq!(run.polls(), [2, 0]);
    assert_eq!(run.finished(), [true, false]);
}
