//! What may differ, what is shared on purpose, and users who need each other.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::sync::Mutex;
use std::time::Duration;

use rstest::rstest;
use serde_json::json;
use ssot_harness::oracle::Likeness;
use ssot_harness::prelude::*;
use tokio::sync::{Semaphore, broadcast};
use tokio::task::yield_now;
use tokio::time::sleep;

use crate::systems::{LONG, kinds};

/// Answers with a number that counts all orders; faulty where the card beside it is the last one's.
fn numbered(faulty: bool) -> Check<(Cell<u64>, RefCell<String>)> {
    isolation(async || (Cell::new(0), RefCell::new(String::new())))
        .users(
            2,
            async move |user: &User, (next, last): &(Cell<u64>, RefCell<String>)| {
                let card = user.secret("card");
                card.clone_into(&mut last.borrow_mut());
                yield_now().await;
                next.set(next.get() + 1);
                let card = if faulty { last.borrow().clone() } else { card };
                user.saw(Surface::Reply, &user.secret("card"));
                user.saw(
                    Surface::Event,
                    &json!({ "id": { "number": next.get() }, "card": card }),
                );
                Ok(())
            },
        )
        .within(LONG)
        .without_regressions()
}

#[test]
fn what_may_differ_hides_no_leak() {
    let failure = numbered(false).check().unwrap_err();
    let violation = &failure.violations()[0];
    assert_eq!(violation.kind(), Kind::Interference);
    assert_eq!(violation.looks_like(), Some(Likeness::SequenceNumber));
    assert_eq!(violation.pointer(), Some("/id/number"));
    let text = failure
        .to_string()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    assert!(
        text.contains("looks like a sequence number")
            && text.contains(r#"`.may_differ(Surface::Event, "/id/number")`"#),
        "{failure}"
    );
    let by_text = |check: Check<_>| check.allow(|seen| seen.text().contains("\"id\":"));
    by_text(numbered(false)).check().unwrap();
    assert_eq!(kinds(by_text(numbered(true)).check()), ["context-leak"]);
    for pointer in ["/id/number", "/id", "/*/number", "/id/*"] {
        numbered(false)
            .may_differ(Surface::Event, pointer)
            .check()
            .unwrap();
        let leaks = numbered(true).may_differ(Surface::Event, pointer).check();
        assert_eq!(kinds(leaks), ["context-leak"], "{pointer}");
    }
    for (surface, pointer) in [
        (Surface::Event, "/card"),
        (Surface::Reply, "/id"),
        (Surface::Event, "/id/other"),
    ] {
        let verdict = numbered(false).may_differ(surface, pointer).check();
        assert_eq!(kinds(verdict), ["interference"], "{surface} {pointer}");
    }
}

async fn ask(places: &Semaphore, card: &str) -> Result<String, &'static str> {
    let _place = places.try_acquire().map_err(|_| "busy, come back later")?;
    sleep(Duration::from_millis(5)).await;
    Ok(format!("charged {card}"))
}

/// How a script tells of a refusal.
#[derive(Clone, Copy, PartialEq)]
enum Told {
    Returned,
    Seen,
    SeenAndOn,
}

fn limited(told: Told) -> Check<Semaphore> {
    isolation(async || Semaphore::new(1))
        .users(2, async move |user: &User, places: &Semaphore| {
            user.saw(Surface::Event, "begun");
            match ask(places, &user.secret("card")).await {
                Ok(answer) => user.saw(Surface::Reply, &answer),
                Err(error) if told == Told::Returned => return Err(error.into()),
                Err(error) => user.saw(Surface::Error, error),
            }
            if told == Told::SeenAndOn {
                user.saw(Surface::Reply, "goodbye");
            }
            Ok(())
        })
        .within(LONG)
        .executions(300)
        .without_regressions()
}

#[rstest]
#[case(Told::Returned)]
#[case(Told::Seen)]
#[case(Told::SeenAndOn)]
fn a_refusal_under_load_can_be_declared(#[case] told: Told) {
    let failure = limited(told).check().unwrap_err();
    let violations = failure.violations();
    assert!(
        violations
            .iter()
            .all(|violation| violation.kind() == Kind::Interference)
    );
    assert!(
        violations
            .iter()
            .any(|violation| violation.looks_like() == Some(Likeness::Refusal)),
        "{failure}"
    );
    let text = failure
        .to_string()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    assert!(
        text.contains("a refusal under load") && text.contains("`.allow(|seen| ..)`"),
        "{failure}"
    );
    limited(told)
        .allow(|seen| seen.text().contains("busy"))
        .check()
        .unwrap();
    // Another refusal is not declared with it.
    kinds(limited(told).allow(|seen| seen.text().contains("closed")).check());
}

/// A refusal stands for what is missing, not for anything else that differs.
#[test]
fn a_declared_refusal_excuses_no_other_answer() {
    let verdict = isolation(async || (Semaphore::new(1), Cell::new(0)))
        .users(
            2,
            async |user: &User, (places, calls): &(Semaphore, Cell<u32>)| {
                calls.set(calls.get() + 1);
                let answer = ask(places, &user.secret("card")).await;
                match answer {
                    Ok(answer) => user.saw(Surface::Reply, &answer),
                    Err(error) => {
                        user.saw(Surface::Error, error);
                        user.saw(Surface::Event, &format!("call {}", calls.get()));
                    }
                }
                Ok(())
            },
        )
        .allow(|seen| seen.text().contains("busy"))
        .within(LONG)
        .without_regressions()
        .check();
    assert_eq!(kinds(verdict), ["interference"]);
}

#[test]
fn whose_data_is_shared_can_be_declared_by_owner() {
    let notices = || {
        isolation(async || RefCell::new(Vec::<String>::new()))
            .users(2, async |user: &User, notices: &RefCell<Vec<String>>| {
                user.saw(Surface::Reply, &user.secret("own"));
                notices.borrow_mut().push(user.secret("notice"));
                yield_now().await;
                user.saw(Surface::Event, &*notices.borrow());
                Ok(())
            })
            .within(LONG)
            .without_regressions()
    };
    notices().shared(|_, _| false).check().unwrap_err();
    let failure = notices()
        .shared(|seen, owner| owner == 0 && seen.surface() == Surface::Event)
        .check();
    let failure = failure.unwrap_err();
    assert!(
        failure
            .violations()
            .iter()
            .all(|violation| violation.owner() == Some("ben")),
        "{failure}"
    );
    notices()
        .shared(|seen, _| seen.surface() == Surface::Event)
        .check()
        .unwrap();
}

/// Rooms for two, or one for all.
struct Chat {
    rooms: Mutex<HashMap<usize, broadcast::Sender<String>>>,
    leaky: bool,
}

fn chat(leaky: bool) -> Check<Chat> {
    isolation(async move || Chat {
        rooms: Mutex::default(),
        leaky,
    })
    .users(4, async |user: &User, chat: &Chat| {
        let room = if chat.leaky { 0 } else { user.index() / 2 };
        let room = chat
            .rooms
            .lock()
            .unwrap()
            .entry(room)
            .or_insert_with(|| broadcast::channel(16).0)
            .clone();
        let mut messages = room.subscribe();
        while room.receiver_count() < 2 {
            sleep(Duration::from_millis(1)).await;
        }
        room.send(user.secret_shared_with("greeting", [user.index() ^ 1]))?;
        for _ in 0..2 {
            user.saw(Surface::Event, &messages.recv().await?);
        }
        Ok(())
    })
    .cancellations(0)
    .within(LONG)
    .steps(3_000)
    .executions(200)
    .without_regressions()
}

#[test]
fn users_who_need_each_other_are_checked_together() {
    let refused = chat(false).check().unwrap_err();
    assert_eq!(refused.kind(), FailureKind::Alone);
    assert!(refused.to_string().contains("`.together()`"), "{refused}");
    let report = chat(false).together().check().unwrap();
    assert_eq!(report.caveats(), [""; 0]);
    let failure = chat(true).together().check().unwrap_err();
    assert_eq!(failure.violations()[0].kind(), Kind::ContextLeak, "{failure}");
    // Who asks for no comparison needs no solo run either, and is told.
    let report = chat(false).without_solo_comparison().check().unwrap();
    assert!(
        report.caveats()[0].contains("alone does not come to an end"),
        "{report}"
    );
}

/// Where users need each other, an error is no violation. It is not passed over in silence either.
#[test]
fn an_error_that_is_compared_with_nothing_is_told() {
    let check = |drops: u32| {
        isolation(async || Cell::new(false))
            .users(2, async |user: &User, is_taken: &Cell<bool>| {
                user.saw(Surface::Reply, &user.secret("own"));
                let was_taken = is_taken.replace(true);
                yield_now().await;
                is_taken.set(false);
                if was_taken {
                    return Err("the room is taken".into());
                }
                Ok(())
            })
            .cancellations(drops)
            .without_regressions()
    };
    let report = check(0).together().check().unwrap();
    let caveat = &report.caveats()[0];
    assert!(
        caveat.contains("`the room is taken`") && caveat.contains("without a dropped call"),
        "{report}"
    );
    let report = check(0).without_solo_comparison().check().unwrap();
    assert!(report.caveats()[0].contains("`the room is taken`"), "{report}");
    // It is compared with solo runs, or declared.
    assert_eq!(
        check(0).check().unwrap_err().violations()[0].kind(),
        Kind::Interference
    );
    let declared = check(0).together().allow(|seen| seen.text().contains("is taken"));
    assert_eq!(declared.check().unwrap().caveats(), [""; 0]);
}

#[test]
fn a_check_without_solo_runs_may_be_vacuous_too() {
    let verdict = isolation(async || ())
        .users(2, async |user: &User, (): &()| {
            if user.index() == 0 {
                user.saw(Surface::Reply, &user.secret("own"));
            }
            Ok(())
        })
        .together()
        .without_regressions()
        .check();
    let failure = verdict.unwrap_err();
    assert_eq!(failure.kind(), FailureKind::Vacuous);
    assert!(
        failure.to_string().contains("ben never saw a secret of its own"),
        "{failure}"
    );
}

#[test]
fn a_shared_secret_is_its_owners_alone() {
    let message = |from: usize| {
        isolation(async || RefCell::new(String::new()))
            .users(3, async move |user: &User, last: &RefCell<String>| {
                let own = user.secret_shared_with("message", [0, 1]);
                if user.index() == from {
                    own.clone_into(&mut last.borrow_mut());
                }
                user.saw(Surface::Reply, &own);
                yield_now().await;
                if user.index() == 1 {
                    user.saw(Surface::Event, &*last.borrow());
                }
                Ok(())
            })
            .may_differ(Surface::Event, "")
            .within(LONG)
            .executions(200)
            .without_regressions()
            .check()
    };
    // Ada and ben have one text, cleo has another with both of them: ben may see each.
    message(0).unwrap();
    message(2).unwrap();
    let leak = isolation(async || RefCell::new(String::new()))
        .users(3, async |user: &User, last: &RefCell<String>| {
            user.saw(Surface::Reply, &user.secret("own"));
            if user.index() < 2 {
                user.secret_shared_with("message", [user.index() ^ 1])
                    .clone_into(&mut last.borrow_mut());
            }
            yield_now().await;
            if user.index() == 2 {
                user.saw(Surface::Event, &*last.borrow());
            }
            Ok(())
        })
        .within(LONG)
        .without_regressions()
        .check();
    let failure = leak.unwrap_err();
    let violation = &failure.violations()[0];
    assert_eq!(
        (violation.kind(), violation.secret()),
        (Kind::ContextLeak, Some("message")),
        "{failure}"
    );
}

#[test]
#[should_panic(expected = "a secret is to be shared with user 2")]
fn a_secret_is_shared_with_users_that_there_are() {
    let verdict = isolation(async || ())
        .users(2, async |user: &User, (): &()| {
            user.saw(Surface::Reply, &user.secret_shared_with("message", [2]));
            Ok(())
        })
        .without_regressions()
        .check();
    verdict.unwrap();
}
