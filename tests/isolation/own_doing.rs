//! What a user meets alone as well is nobody else's doing.

use std::cell::Cell;
use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher as _, Hasher as _};
use std::sync::Mutex;
use std::time::{Duration, SystemTime};

use rstest::rstest;
use serde_json::{Value, json};
use ssot_harness::prelude::*;
use tokio::sync::{mpsc, oneshot};
use tokio::task::yield_now;
use tokio::time::{sleep, timeout};

use crate::systems::{LONG, kinds};

/// Each user has a timer of its own and shares nothing.
fn limited(work: u64, limit: u64, users: usize) -> Verdict {
    isolation(async || ())
        .users(users, async move |user: &User, (): &()| {
            let (text, (tx, rx)) = (user.secret("text"), oneshot::channel());
            user.saw(Surface::Reply, &text);
            tokio::spawn(async move {
                sleep(Duration::from_millis(work)).await;
                // The user may have given up.
                drop(tx.send(text));
            });
            match timeout(Duration::from_millis(limit), rx).await {
                Ok(text) => user.saw(Surface::Reply, &text?),
                Err(_) => user.saw(Surface::Error, "timed out"),
            }
            Ok(())
        })
        .within(LONG)
        .executions(1_500)
        .without_regressions()
        .check()
}

#[rstest]
#[case(8, 10, 2)]
#[case(2, 3, 2)]
#[case(1, 1, 2)]
#[case(40, 45, 3)]
fn a_late_timer_of_ones_own_is_no_interference(#[case] work: u64, #[case] limit: u64, #[case] users: usize) {
    limited(work, limit, users).unwrap();
}

/// The same where the script returns the error, and where it panics in a task.
#[rstest]
#[case(false)]
#[case(true)]
fn an_end_that_a_late_timer_brings_about_is_no_interference(#[case] panics: bool) {
    isolation(async || ())
        .users(2, async move |user: &User, (): &()| {
            user.saw(Surface::Reply, &user.secret("text"));
            let work = async { timeout(Duration::from_millis(9), sleep(Duration::from_millis(8))).await };
            if panics {
                // Nobody hears of the task's end.
                drop(tokio::spawn(async move { work.await.unwrap() }));
                sleep(Duration::from_millis(50)).await;
            } else {
                work.await?;
            }
            Ok(())
        })
        .within(LONG)
        .executions(1_500)
        .without_regressions()
        .check()
        .unwrap();
}

/// A late timer is held against somebody where it matters who else is there.
#[test]
fn interference_by_a_late_timer_is_found_all_the_same() {
    let verdict = isolation(async || Cell::new(0_u32))
        .users(2, async |user: &User, here: &Cell<u32>| {
            user.saw(Surface::Reply, &user.secret("card"));
            here.set(here.get() + 1);
            sleep(Duration::from_millis(3)).await;
            user.saw(Surface::Reply, &here.get());
            here.set(here.get() - 1);
            Ok(())
        })
        .within(LONG)
        .without_regressions()
        .check();
    assert_eq!(kinds(verdict), ["interference"]);
}

/// A user's own tasks answer in an order that only the schedule decides.
#[test]
fn the_order_of_a_users_own_tasks_is_no_interference() {
    isolation(async || ())
        .users(2, async |user: &User, (): &()| {
            user.saw(Surface::Reply, &user.secret("text"));
            let (tell, mut told) = mpsc::unbounded_channel();
            let own = tell.clone();
            drop(tokio::spawn(async move {
                yield_now().await;
                tell.send("task").unwrap_or(());
            }));
            yield_now().await;
            yield_now().await;
            own.send("script")?;
            drop(own);
            while let Some(text) = told.recv().await {
                user.saw(Surface::Event, text);
            }
            Ok(())
        })
        .within(LONG)
        .executions(1_500)
        .without_regressions()
        .check()
        .unwrap();
}

/// Who has come and gone before anybody else came was not interfered with, whatever the time.
#[test]
fn who_was_there_before_all_others_is_not_interfered_with() {
    let number = std::sync::atomic::AtomicUsize::new(0);
    let verdict = isolation(async || ())
        .users(2, async move |user: &User, (): &()| {
            user.saw(Surface::Reply, &user.secret("own"));
            // Once in a long while, by itself.
            let count = number.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            user.saw(Surface::Event, &(count == 40));
            Ok(())
        })
        .within(LONG)
        .executions(100)
        .without_regressions()
        .check();
    if let Err(failure) = verdict {
        let schedule = failure.schedule().unwrap().to_string();
        panic!("in {schedule}: {failure}");
    }
}

fn random() -> u64 {
    RandomState::new().build_hasher().finish()
}

fn nanoseconds() -> u128 {
    SystemTime::UNIX_EPOCH.elapsed().unwrap().as_nanos()
}

type Field = fn(&str) -> Value;

/// Of two who put something into one basket, one's is lost; the answer has a field that never repeats.
fn basket(field: Field, faulty: bool) -> Verdict {
    isolation(async || Mutex::new(Vec::<String>::new()))
        .users(2, async move |user: &User, basket: &Mutex<Vec<String>>| {
            let article = user.secret("article");
            let mut mine = basket.lock().unwrap().clone();
            if faulty {
                sleep(Duration::from_millis(1)).await;
            }
            mine.push(article.clone());
            *basket.lock().unwrap() = mine;
            sleep(Duration::from_millis(1)).await;
            let is_there = basket.lock().unwrap().contains(&article);
            user.saw(
                Surface::Reply,
                &json!([article, field(if is_there { "kept" } else { "lost" })]),
            );
            Ok(())
        })
        .within(LONG)
        .executions(300)
        .without_regressions()
        .check()
}

#[rstest]
#[case::hex_token(|what: &str| json!({ "trace": format!("{:016x}", random()), "article": what }))]
#[case::nanoseconds(|what: &str| json!({ "at": nanoseconds().to_string(), "article": what }))]
#[case::seconds_as_a_number(|what: &str| json!({ "clock": SystemTime::UNIX_EPOCH.elapsed().unwrap().as_secs_f64(), "article": what }))]
#[case::duration_in_a_text(|what: &str| json!(format!("{what} after {}us", random() % 1_000)))]
#[case::random_port(|what: &str| json!({ "peer": format!("127.0.0.1:{}", 1_024 + random() % 60_000), "article": what }))]
#[case::rarely_another(|what: &str| json!({ "cache": if random().is_multiple_of(9) { "miss" } else { "hit" }, "article": what }))]
#[case::random_keys(|what: &str| json!({ "spans": { format!("{:x}", random()): 1 }, "article": what }))]
#[case::a_list_of_random_length(|what: &str| json!({ "retries": vec![0; usize::try_from(random() % 5).unwrap()], "article": what }))]
fn one_noisy_field_is_left_out_and_nothing_else(#[case] field: Field) {
    basket(field, false).unwrap();
    let failure = basket(field, true).unwrap_err();
    assert_eq!(failure.violations()[0].kind(), Kind::Interference, "{failure}");
    assert!(failure.to_string().contains("not compared"), "{failure}");
}

/// A date of seconds differs from the solo runs' only once a second has gone by.
#[test]
fn a_date_that_changes_while_the_search_goes_on_is_left_out() {
    let begun = std::time::Instant::now();
    let report = isolation(async || ())
        .users(2, async move |user: &User, (): &()| {
            yield_now().await;
            let second = begun.elapsed().as_millis() / 400;
            user.saw(Surface::Reply, &json!({ "date": format!("Thu, 26 Nov 2026 20:22:{second:02} GMT"), "own": user.secret("own") }));
            std::thread::sleep(Duration::from_millis(1));
            Ok(())
        })
        .within(LONG)
        .executions(600)
        .without_regressions()
        .check()
        .unwrap();
    assert!(
        report
            .left_out()
            .iter()
            .any(|left_out| left_out.pointer() == "/date"),
        "{report}"
    );
    assert!(
        report
            .left_out()
            .iter()
            .all(|left_out| left_out.pointer() == "/date"),
        "{report}"
    );
}

/// An ending that differs by itself is left out, too; what is seen before it is compared.
#[test]
fn an_ending_that_differs_by_itself_is_left_out() {
    let count = std::sync::atomic::AtomicUsize::new(0);
    let report = isolation(async || ())
        .users(2, async move |user: &User, (): &()| {
            user.saw(Surface::Reply, &user.secret("own"));
            let count = count.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            if count > 12 && count.is_multiple_of(3) {
                return Err("no luck".into());
            }
            Ok(())
        })
        .identities([IdentityMode::Distinct])
        .within(LONG)
        .executions(200)
        .without_regressions()
        .check()
        .unwrap();
    assert!(
        report
            .left_out()
            .iter()
            .any(|left_out| left_out.surface().is_none()),
        "{report}"
    );
}

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
    let row = format!("{:>9}  ● goes on and ends", last + 1);
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
