//! In which step a violation is, who is drawn, and what is counted.

use std::cell::{Cell, RefCell};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use rstest::rstest;
use ssot_harness::interleave::{Runnable, RuntimeTopology, yield_point};
use ssot_harness::prelude::*;
use tokio::sync::{mpsc, oneshot};
use tokio::task::yield_now;
use tokio::time::sleep;
use tracing::Instrument as _;

use crate::systems::LONG;

/// Ada's call fails in the middle of a long schedule; ben goes on for long.
#[test]
fn the_violation_of_an_ending_is_in_the_step_of_that_ending() {
    let failure = isolation(async || Cell::new(0_u32))
        .users(2, async |user: &User, here: &Cell<u32>| {
            here.set(here.get() + 1);
            user.saw(Surface::Reply, &user.secret("card"));
            sleep(Duration::from_millis(1)).await;
            if user.index() == 0 && here.get() > 1 {
                return Err("overloaded".into());
            }
            for _ in 0..60 {
                sleep(Duration::from_millis(1)).await;
            }
            user.saw(Surface::Reply, &user.secret("card"));
            here.set(here.get() - 1);
            Ok(())
        })
        .within(LONG)
        .without_regressions()
        .check()
        .unwrap_err();
    let violation = &failure.violations()[0];
    let decisions = failure.schedule().unwrap().decisions();
    let last = decisions
        .iter()
        .rposition(|decision| decision.actor() == Some(0))
        .unwrap();
    assert_eq!(usize::try_from(violation.step()).unwrap(), last + 1, "{failure}");
    let report = failure.to_string();
    let row = format!("{:>9}  ● resumes and ends", last + 1);
    assert!(report.contains(&row), "{report}");
    assert!(
        report.contains("each time at the next timer"),
        "ticks are folded: {report}"
    );
}

/// What never came is missed when the user's script is over, not when somebody else sees something.
#[test]
fn what_never_came_is_missed_at_the_end_of_its_users_script() {
    let failure = isolation(async || Cell::new(0_u32))
        .users(2, async |user: &User, here: &Cell<u32>| {
            here.set(here.get() + 1);
            user.saw(Surface::Reply, &user.secret("card"));
            yield_now().await;
            if user.index() == 1 || here.get() == 1 {
                user.saw(Surface::Event, "done");
            }
            for _ in 0..3 * user.index() {
                yield_now().await;
                user.saw(Surface::Row, "row");
            }
            here.set(here.get() - 1);
            Ok(())
        })
        .within(LONG)
        .without_regressions()
        .check()
        .unwrap_err();
    let missing = failure
        .violations()
        .iter()
        .find(|violation| violation.observation().is_none())
        .unwrap();
    let decisions = failure.schedule().unwrap().decisions();
    let last = decisions
        .iter()
        .rposition(|decision| decision.actor() == Some(0))
        .unwrap();
    assert_eq!(usize::try_from(missing.step()).unwrap(), last + 1, "{failure}");
}

#[test]
fn racing_executions_are_counted_apart() {
    let report = isolation(async || ())
        .users(2, async |user: &User, (): &()| {
            yield_now().await;
            user.saw(Surface::Reply, &user.secret("card"));
            Ok(())
        })
        .within(LONG)
        .executions(20)
        .race(30)
        .without_regressions()
        .check()
        .unwrap();
    assert_eq!(
        (report.executions(), report.racing_executions()),
        (20, 30),
        "{report}"
    );
    assert!(
        report.to_string().contains("racing pairs  30 executions"),
        "{report}"
    );
}

/// Answers with what stands in the one slot when a task of the call comes to it.
#[derive(Clone, Default)]
struct Desk(Arc<Mutex<String>>);

impl Desk {
    async fn ask(&self, card: String, name: Option<&'static str>) -> String {
        *self.0.lock().unwrap() = card;
        let (tell, told) = oneshot::channel();
        let slot = Arc::clone(&self.0);
        let answer = async move {
            yield_now().await;
            drop(tell.send(slot.lock().unwrap().clone()));
        };
        match name {
            Some(name) => drop(tokio::spawn(Runnable::named(name, answer))),
            None => drop(tokio::spawn(answer)),
        }
        told.await.unwrap()
    }
}

fn desk(name: Option<&'static str>) -> Check<Desk> {
    isolation(async || Desk::default())
        .users(2, async move |user: &User, desk: &Desk| {
            let answer = desk.ask(user.secret("card"), name).await;
            user.saw(Surface::Reply, &answer);
            Ok(())
        })
        .within(LONG)
        .without_regressions()
}

/// The rows of the timeline, and what stands below it, with single spaces.
fn timeline(failure: &Failure) -> Vec<String> {
    let report = failure.to_string();
    let from = report.split("how it happens").nth(1).expect("it has a timeline");
    let rows = from.split("how it was found").next().unwrap().lines();
    rows.map(|row| row.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect()
}

#[track_caller]
fn says(rows: &[String], what: &str) {
    assert!(rows.iter().any(|row| row.contains(what)), "{what}: {rows:#?}");
}

#[rstest]
fn a_task_has_a_user_and_a_number_and_says_who_woke_whom(
    #[values(RuntimeTopology::PerActor, RuntimeTopology::PerPoll)] topology: RuntimeTopology,
) {
    let failure = desk(None).layout(topology).check().unwrap_err();
    let rows = timeline(&failure);
    let decisions = failure.schedule().unwrap().decisions();
    for (user, name) in [(0, "ada"), (1, "ben")] {
        let polls: Vec<_> = (1..)
            .zip(decisions)
            .filter(|(_, decision)| decision.actor() == Some(user))
            .map(|(step, _)| step)
            .collect();
        let [first, last] = polls[..] else {
            panic!("a user is polled twice: {failure}")
        };
        says(
            &rows,
            &format!("task 1 of {name} spawned in step {first}, in poll 1 of {name}"),
        );
        says(&rows, &format!("○ task 1 runs ×2, woken by step {first}"));
        says(&rows, &format!("● resumes and ends, woken by step {}", last - 1));
    }
    assert!(
        !rows.iter().any(|row| row.contains("a spawned task")),
        "{rows:#?}"
    );
}

/// On one runtime only what a task shows of itself tells it from others, after its first poll.
#[test]
fn tasks_with_names_are_told_apart_on_one_runtime() {
    let one = |name| desk(name).layout(RuntimeTopology::One).check().unwrap_err();
    let rows = timeline(&one(None));
    says(&rows, "○ task 1 runs, woken by step 1");
    says(&rows, "○┄ a spawned task runs ┄");
    let rows = timeline(&one(Some("answerer")));
    says(&rows, "○ task 1 `answerer` runs, woken by step 1");
    says(
        &rows,
        "task 1 `answerer` of ben spawned in step 2, in poll 1 of ben",
    );
    assert!(
        !rows.iter().any(|row| row.contains("a spawned task")),
        "{rows:#?}"
    );
}

/// A task that spawns another and ends leaves as many as there were: which of the two runs is not known then.
#[test]
fn a_task_that_may_be_another_has_no_number() {
    let failure = isolation(async || Desk::default())
        .users(2, async |user: &User, desk: &Desk| {
            let card = user.secret("card");
            let (desk, (tell, told)) = (desk.clone(), oneshot::channel());
            tokio::spawn(async move {
                tokio::spawn(async move { drop(tell.send(desk.ask(card, None).await)) });
            });
            user.saw(Surface::Reply, &told.await?);
            Ok(())
        })
        .layout(RuntimeTopology::PerActor)
        .within(LONG)
        .without_regressions()
        .check()
        .unwrap_err();
    let rows = timeline(&failure);
    says(&rows, "○ task 1 runs");
    says(&rows, "○ a spawned task runs");
    for wrong in ["task 1 runs ×", "task 2"] {
        assert!(!rows.iter().any(|row| row.contains(wrong)), "{wrong}: {rows:#?}");
    }
}

/// A server that answers with what the client before asked for.
#[rstest]
fn a_task_of_the_system_is_nobodys(
    #[values(RuntimeTopology::One, RuntimeTopology::PerActor, RuntimeTopology::PerPoll)]
    topology: RuntimeTopology,
) {
    type Question = (String, oneshot::Sender<String>);
    let failure = isolation(async || {
        let (ask, mut asked) = mpsc::channel::<Question>(4);
        let serve = async move {
            let mut before = String::new();
            while let Some((card, tell)) = asked.recv().await {
                drop(tell.send(std::mem::replace(&mut before, card)));
            }
        };
        tokio::spawn(Runnable::named("server", serve));
        ask
    })
    .users(2, async |user: &User, ask: &mpsc::Sender<Question>| {
        let (tell, told) = oneshot::channel();
        let card = user.secret("card");
        user.saw(Surface::Event, &card);
        ask.send((card, tell)).await?;
        user.saw(Surface::Reply, &told.await?);
        Ok(())
    })
    .layout(topology)
    .within(LONG)
    .without_regressions()
    .check()
    .unwrap_err();
    let rows = timeline(&failure);
    says(&rows, "○┄ task 1 `server` of the system runs");
    says(
        &rows,
        "task 1 `server` of the system spawned while the system was built",
    );
    assert!(!rows.iter().any(|row| row.contains("of ada")), "{rows:#?}");
    let json = failure.to_json();
    let told = serde_json::json!([{"of": "system", "number": 1, "name": "server", "spawned_in": null}]);
    assert_eq!(json["tasks"], told);
    let timeline = json["timeline"].as_array().unwrap();
    let task = timeline.iter().find(|row| row["event"] == "task").unwrap();
    assert_eq!((&task["task"], &task["of"]), (&0.into(), &"system".into()));
    assert!(
        timeline
            .iter()
            .any(|row| row["woken_by"]["step"] == task["first"]),
        "a user is woken by the server: {json:#}"
    );
}

/// What a call leaves that is dropped while it lives.
struct Left<'a>(&'a RefCell<String>, String);

impl Drop for Left<'_> {
    fn drop(&mut self) {
        tracing::info_span!("clean up").in_scope(|| *self.0.borrow_mut() = std::mem::take(&mut self.1));
    }
}

async fn charge(here: &RefCell<String>, card: String, is_traced: bool) {
    yield_point().named("before the read").await;
    let mut left = Left(here, card);
    if is_traced {
        yield_now().await;
    } else {
        yield_point().named("before the write").await;
    }
    left.1.clear();
}

#[rstest]
#[case::yield_point(false, "✂ call dropped after poll 2, at `before the write`")]
#[case::span(
    true,
    "✂ call dropped after poll 2, in span `charge` (tests/isolation/steps.rs:"
)]
fn a_dropped_call_says_where_it_was(#[case] is_traced: bool, #[case] said: &str) {
    let failure = isolation(async || RefCell::new(String::new()))
        .users(2, async move |user: &User, here: &RefCell<String>| {
            user.saw(Surface::Reply, here.borrow().as_str());
            let card = user.secret("card");
            user.saw(Surface::Event, &card);
            let charge = charge(here, card, is_traced);
            let charge = charge.instrument(tracing::info_span!("charge"));
            charge.instrument(tracing::info_span!("request")).await;
            Ok(())
        })
        .logs()
        .within(LONG)
        .without_regressions()
        .check()
        .unwrap_err();
    let report = failure.to_string();
    assert!(report.contains("✂ call dropped after poll 2"), "{report}");
    let rows = timeline(&failure).join(" ");
    assert!(rows.contains(said), "{report}");
}

/// A lock that blocks its thread, with a guard that may be held over an await.
#[derive(Clone, Default)]
struct Gate(Arc<(Mutex<bool>, Condvar)>);

impl Gate {
    async fn pass(self) {
        yield_point().named("before the gate").await;
        let (taken, left) = &*self.0;
        *left.wait_while(taken.lock().unwrap(), |taken| *taken).unwrap() = true;
        yield_now().await;
        *taken.lock().unwrap() = false;
        left.notify_one();
    }
}

#[test]
fn a_poll_that_does_not_return_says_whose_it_is_and_where() {
    let failure = isolation(async || Gate::default())
        .users(2, async |user: &User, gate: &Gate| {
            user.saw(Surface::Reply, &user.secret("own"));
            tokio::spawn(Runnable::named("guest", gate.clone().pass())).await?;
            Ok(())
        })
        .layout(RuntimeTopology::PerActor)
        .blocked_after(Duration::from_millis(400))
        .within(LONG)
        .without_regressions()
        .check()
        .unwrap_err();
    let rows = timeline(&failure);
    let json = failure.to_json();
    let ending = &json["schedule"]["ending"];
    assert_eq!(ending["kind"], "blocked", "{failure}");
    let user = ending["by"]["runtime"].as_u64().unwrap() - 1;
    let name = json["users"][usize::try_from(user).unwrap()].as_str().unwrap();
    says(
        &rows,
        &format!("a poll of task 1 `guest` of {name} did not return"),
    );
    says(&rows, "the poll was last seen at `before the gate`");
    assert_eq!(ending["at"]["name"], "before the gate");
    if cfg!(all(
        target_os = "linux",
        any(target_arch = "x86_64", target_arch = "aarch64")
    )) {
        says(&rows, "the thread waits in the system call `futex`");
        assert_eq!(ending["system_call"]["name"], "futex");
    }
}
