//! Searches that are cut short, drawn out, or shared among machines.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use ssot_harness::interleave::{
    Driver, Enumeration, FutureActor, RuntimeTopology, Schedule, Shape, Shard, Strategy as _,
};
use ssot_harness::prelude::*;
use tokio::task::yield_now;

use crate::systems::LONG;

#[test]
fn a_report_says_which_orders_were_seen() {
    let check = || {
        isolation(async || ())
            .users(2, async |user: &User, (): &()| {
                yield_now().await;
                user.saw(Surface::Reply, &user.secret("own"));
                Ok(())
            })
            .within(LONG)
            .without_regressions()
    };
    let report = check().executions(500).thorough().check().unwrap();
    let orders = report.orders().expect("there are few users and steps");
    assert_eq!(
        (orders.seen, orders.all),
        (8, 8),
        "two steps each, and nobody waits for anybody"
    );
    assert!(
        report.executions_since_new() > 400 && !report.has_settled(),
        "{report}"
    );
    assert!(
        report.to_string().contains("100.0 % of the pairwise orders"),
        "{report}"
    );
    let settled = check()
        .executions(100_000)
        .until_nothing_new(100)
        .check()
        .unwrap();
    assert!(
        settled.has_settled() && settled.executions() < 50_000,
        "{settled}"
    );
    assert_eq!(
        settled.executions_since_new(),
        settled.executions() - (report.executions() - report.executions_since_new())
    );
    assert!(
        settled.to_string().contains("; the search stopped there"),
        "{settled}"
    );
    let one_serial = check().executions(1).check().unwrap();
    assert_eq!(one_serial.orders().unwrap().seen, 4, "{one_serial}");
}

/// Where one user waits for the other, some orders cannot be.
#[test]
fn orders_that_cannot_be_are_not_seen() {
    let report = isolation(async || tokio::sync::Notify::new())
        .users(2, async |user: &User, gate: &tokio::sync::Notify| {
            user.saw(Surface::Reply, &user.secret("own"));
            if user.index() == 0 {
                gate.notify_one();
            }
            Ok(())
        })
        .within(LONG)
        .executions(200)
        .without_regressions()
        .check()
        .unwrap();
    let orders = report.orders().unwrap();
    assert_eq!((orders.seen, orders.all), (2, 2), "{report}");
}

#[test]
fn a_check_takes_as_many_executions_as_it_is_given() {
    for (users, executions) in [(2, 1), (2, 2), (2, 3), (2, 500), (7, 200)] {
        let report = isolation(async || ())
            .users(users, async |user: &User, (): &()| {
                yield_now().await;
                user.saw(Surface::Reply, &user.secret("own"));
                Ok(())
            })
            .executions(executions)
            .thorough()
            .within(LONG)
            .without_regressions()
            .check()
            .unwrap();
        assert_eq!(report.executions(), executions, "{users} users: {report}");
    }
}

/// A ready await at which a user is stopped is nothing that an enumeration tries, and this one would take a quarter of the
/// executions.
#[test]
fn what_chance_finds_soon_need_not_wait() {
    let failure = isolation(async || Mutex::new(String::new()))
        .users(2, async |user: &User, slot: &Mutex<String>| {
            for _ in 0..12 {
                yield_now().await;
            }
            user.secret("own").clone_into(&mut slot.lock().unwrap());
            let (tell, told) = tokio::sync::oneshot::channel();
            tell.send(()).unwrap();
            told.await?;
            user.saw(Surface::Reply, &*slot.lock().unwrap());
            Ok(())
        })
        .executions(100_000)
        .within(LONG)
        .without_regressions()
        .check()
        .unwrap_err();
    assert_eq!(failure.violations()[0].kind(), Kind::ContextLeak, "{failure}");
    assert!(failure.executions() < 20_000, "{failure}");
}

#[test]
fn a_search_that_has_run_all_that_it_may_has_not_stopped_early() {
    let report = isolation(async || ())
        .users(2, async |user: &User, (): &()| {
            for _ in 0..5 {
                yield_now().await;
            }
            user.saw(Surface::Reply, &user.secret("own"));
            Ok(())
        })
        // What is left to chance is run by half of them, the rest is enumerated.
        .preemptions(9)
        .cancellations(0)
        .identities([IdentityMode::Distinct])
        .executions(400)
        .until_nothing_new(200)
        .within(LONG)
        .without_regressions()
        .check()
        .unwrap();
    assert_eq!(report.executions(), 400, "{report}");
    assert!(
        report.executions_since_new() >= 200 && !report.has_settled(),
        "{report}"
    );
}

/// All executions of a bounded enumeration, as texts, with how often each came.
fn enumerated(shard: Shard, budget: u64, awaits: usize) -> BTreeMap<String, u32> {
    let mut driver = Driver::new();
    driver.allow_drops(1);
    let mut enumeration = Enumeration::new(budget, 2).in_shard(shard);
    let shape = Shape::of(vec![u32::try_from(awaits).unwrap() + 1; 2]);
    let mut executions = BTreeMap::new();
    while enumeration.begin(&shape) {
        let mut session = driver.session(RuntimeTopology::One);
        let mut actors: Vec<_> = (0..2)
            .map(|_| {
                FutureActor::new(async move {
                    for _ in 0..awaits {
                        yield_now().await;
                    }
                })
            })
            .collect();
        let run = session.run(&mut actors, &mut enumeration);
        if enumeration.is_in_shard() {
            let schedule: Schedule = run.schedule(1);
            *executions.entry(schedule.to_string()).or_default() += 1;
        }
    }
    executions
}

#[test]
fn shards_of_an_enumeration_are_disjoint_and_together_the_whole() {
    // Budgets that end in the middle of a level, with it, and past the last.
    for (budget, awaits) in [(1, 3), (7, 3), (100, 4), (1_000, 5), (100_000, 4)] {
        let whole = enumerated(Shard::WHOLE, budget, awaits);
        assert!(whole.values().all(|&times| times == 1));
        for of in [2, 3, 8] {
            let mut together = BTreeMap::new();
            for index in 1..=of {
                for (schedule, times) in enumerated(Shard::new(index, of).unwrap(), budget, awaits) {
                    *together.entry(schedule).or_default() += times;
                }
            }
            assert_eq!(together, whole, "{of} shards of {budget}");
        }
    }
}

/// What a whole check runs with company, as the users' steps in their order, with how often each came.
fn checked(configure: impl Fn(Check<Log>) -> Check<Log>) -> (u64, BTreeMap<String, u32>) {
    let executions = Arc::new(Mutex::new(BTreeMap::new()));
    let kept = Arc::clone(&executions);
    let check = isolation(async move || Log {
        steps: Mutex::default(),
        kept: Arc::clone(&kept),
    })
    .users(3, async |user: &User, log: &Log| {
        for _ in 0..3 {
            log.steps.lock().unwrap().push_str(user.name());
            yield_now().await;
        }
        user.saw(Surface::Reply, &user.secret("own"));
        Ok(())
    });
    let report = configure(check.within(LONG).executions(2_000).without_regressions())
        .check()
        .unwrap();
    let executions = executions.lock().unwrap().clone();
    (report.executions(), executions)
}

struct Log {
    steps: Mutex<String>,
    kept: Arc<Mutex<BTreeMap<String, u32>>>,
}

impl Drop for Log {
    fn drop(&mut self) {
        let steps = std::mem::take(&mut *self.steps.lock().unwrap());
        *self.kept.lock().unwrap().entry(steps).or_default() += 1;
    }
}

/// The executions of eight processes, each told its shard by the environment, are those of one that is told nothing.
#[test]
fn shards_of_a_check_are_together_the_whole() {
    if let Ok(shard) = std::env::var("SSOT_TEST_OF_SHARDS") {
        let (count, executions) = checked(|check| check);
        let lines: Vec<_> = executions
            .iter()
            .map(|(steps, times)| format!("{times} {steps}"))
            .collect();
        std::fs::write(shard, format!("{count}\n{}", lines.join("\n"))).unwrap();
        return;
    }
    let folder = tempfile::TempDir::new().unwrap();
    let run = |shard: Option<String>| {
        let file = folder.path().join("executions");
        let mut program = std::process::Command::new(std::env::current_exe().unwrap());
        program.args(["--exact", "campaign::shards_of_a_check_are_together_the_whole"]);
        program.env("SSOT_TEST_OF_SHARDS", &file).env_remove("SSOT_SHARD");
        if let Some(shard) = shard {
            program.env("SSOT_SHARD", shard);
        }
        let output = program.output().unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stdout)
        );
        let text = std::fs::read_to_string(file).unwrap();
        let (count, lines) = text.split_once('\n').unwrap();
        let executions: BTreeMap<String, u32> = lines
            .lines()
            .map(|line| {
                let (times, steps) = line.split_once(' ').unwrap();
                (steps.to_owned(), times.parse().unwrap())
            })
            .collect();
        (count.parse::<u64>().unwrap(), executions)
    };
    let (whole, of_the_whole) = run(None);
    assert_eq!(whole, 2_000);
    let shards: Vec<_> = (1..=8).map(|index| run(Some(format!("{index}/8")))).collect();
    assert_eq!(shards.iter().map(|(count, _)| count).sum::<u64>(), whole);
    for (count, executions) in &shards {
        assert!((150..350).contains(count), "{count} of 2,000");
        for steps in executions.keys() {
            assert!(of_the_whole.contains_key(steps), "{steps} is run by a shard only");
        }
    }
    for steps in of_the_whole.keys() {
        assert!(
            shards
                .iter()
                .any(|(_, executions)| executions.contains_key(steps)),
            "{steps} is run by no shard"
        );
    }
}

/// A shard in which nothing is left to run has looked at nothing.
#[test]
fn an_empty_shard_does_not_pass() {
    if std::env::var("SSOT_TEST_OF_EMPTY_SLICES").is_ok() {
        let failure = crate::systems::sound(2).executions(2).check().unwrap_err();
        assert_eq!(failure.kind(), FailureKind::Vacuous, "{failure}");
        assert!(
            failure
                .to_string()
                .contains("shard 7/8 of this search has not one execution"),
            "{failure}"
        );
        return;
    }
    let mut program = std::process::Command::new(std::env::current_exe().unwrap());
    program.args(["--exact", "campaign::an_empty_shard_does_not_pass"]);
    program
        .env("SSOT_TEST_OF_EMPTY_SLICES", "1")
        .env("SSOT_SHARD", "7/8");
    let output = program.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
}

#[test]
fn what_is_no_shard_is_refused() {
    assert_eq!("3/8".parse::<Shard>().unwrap().to_string(), "3/8");
    assert!("9/8".parse::<Shard>().is_err());
}
