//! What a user meets alone as well is nobody else's doing.

use std::cell::Cell;
use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher as _, Hasher as _};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use rstest::rstest;
use serde_json::{Value, json};
use ssot_harness::prelude::*;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::sync::{mpsc, oneshot};
use tokio::task::{AbortHandle, yield_now};
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

/// What a user has left to a task is undone by another user, who sets the one timer anew, while both sleep for longer.
#[test]
fn what_is_undone_while_its_user_sleeps_is_interference() {
    for seed in 0..5 {
        let verdict = isolation(async || {
            (
                Arc::<Mutex<Vec<String>>>::default(),
                Mutex::<Option<AbortHandle>>::default(),
            )
        })
        .users(
            2,
            async |user: &User, (saved, pending): &(Arc<Mutex<Vec<String>>>, Mutex<Option<AbortHandle>>)| {
                user.saw(Surface::Reply, &user.secret("text"));
                let (saving, text) = (Arc::clone(saved), user.secret("text"));
                let task = tokio::spawn(async move {
                    sleep(Duration::from_millis(30)).await;
                    saving.lock().unwrap().push(text);
                });
                let before = pending.lock().unwrap().replace(task.abort_handle());
                if let Some(before) = before {
                    before.abort();
                }
                sleep(Duration::from_millis(90)).await;
                let is_saved = saved.lock().unwrap().contains(&user.secret("text"));
                user.saw(Surface::Row, &is_saved);
                Ok(())
            },
        )
        .seed(seed)
        .within(LONG)
        .executions(500)
        .without_regressions()
        .check();
        assert_eq!(kinds(verdict), ["interference"], "with seed {seed}");
    }
}

/// A deadlock leaves guards behind, whose end wakes others from the check's own thread.
#[test]
fn what_is_dropped_after_an_execution_is_no_other_threads_doing() {
    let failure = isolation(async || [tokio::sync::Mutex::new(()), tokio::sync::Mutex::new(())])
        .users(2, async |user: &User, forks: &[tokio::sync::Mutex<()>; 2]| {
            user.saw(Surface::Reply, &user.secret("card"));
            let _first = forks[user.index()].lock().await;
            yield_now().await;
            let _second = forks[1 - user.index()].lock().await;
            Ok(())
        })
        .within(LONG)
        .without_regressions()
        .check()
        .unwrap_err();
    assert!(!failure.is_best_effort(), "{failure}");
    assert!(
        !failure.to_string().contains("threads of the system's own"),
        "{failure}"
    );

    // A task that goes with its runtime closes its end, for which a call that was dropped had waited.
    let report = isolation(async || ())
        .users(2, async |user: &User, (): &()| {
            let (client, server) = tokio::io::duplex(64);
            let (mut from, mut to) = tokio::io::split(client);
            drop(tokio::spawn(async move {
                let (mut from, mut to) = tokio::io::split(server);
                tokio::io::copy(&mut from, &mut to).await
            }));
            to.write_all(user.secret("line").as_bytes()).await?;
            let mut line = [0; 26];
            from.read_exact(&mut line).await?;
            user.saw(Surface::Reply, &String::from_utf8_lossy(&line));
            Ok(())
        })
        .within(LONG)
        .executions(200)
        .without_regressions()
        .check()
        .unwrap();
    assert_eq!(report.caveats(), [""; 0]);
}
