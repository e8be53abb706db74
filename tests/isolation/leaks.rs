//! Leaks in every disguise are found; what is sound or declared is not accused.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use rstest::rstest;
use ssot_harness::isolation::Check;
use ssot_harness::prelude::*;
use tokio::task::yield_now;
use tokio::time::sleep;

use crate::systems::{LONG, OneNote, kinds, leaky, sound};

#[test]
fn sound_systems_pass_with_any_number_of_users() {
    for users in [2, 3, 5, 17, 70] {
        let report = sound(users).executions(600).thorough().check().unwrap();
        assert_eq!(report.executions(), 600);
    }
}

type Disguise = fn(&str) -> Vec<String>;

/// A disguise of a secret, seen by whoever comes last.
fn disguised(disguise: Disguise) -> Verdict {
    isolation(async || OneNote::default())
        .users(2, async move |user: &User, notes: &OneNote| {
            user.saw(Surface::Row, &user.secret("note"));
            for part in disguise(&notes.swap(&user.secret("note")).await) {
                user.saw(Surface::Reply, &part);
            }
            Ok(())
        })
        .without_solo_comparison()
        .within(LONG)
        .without_regressions()
        .check()
}

#[test]
fn a_secret_is_found_in_every_disguise() {
    fn each(text: &str, write: fn(u8) -> String) -> Vec<String> {
        vec![text.bytes().map(write).collect::<Vec<_>>().concat()]
    }
    let disguises: [(&str, Disguise); 7] = [
        ("plain", |text| vec![text.to_owned()]),
        ("upper case", |text| vec![text.to_uppercase()]),
        ("hex", |text| each(text, |byte| format!("{byte:02X}"))),
        ("twelve characters", |text| vec![format!("…{}…", &text[7..19])]),
        ("chunks", |text| {
            text.as_bytes()
                .chunks(3)
                .map(|chunk| String::from_utf8_lossy(chunk).into_owned())
                .collect()
        }),
        ("percent", |text| each(text, |byte| format!("%{byte:02x}"))),
        ("escapes", |text| each(text, |byte| format!("\\u{byte:04x}"))),
    ];
    for (name, disguise) in disguises {
        assert_eq!(kinds(disguised(disguise)), ["context-leak"], "{name}");
    }
    assert!(
        disguised(|text| vec![text[..11].to_owned()]).is_ok(),
        "eleven characters tell nothing"
    );
}

#[test]
fn what_is_shared_on_purpose_can_be_declared() {
    assert_eq!(kinds(leaky(2).check()), ["context-leak"]);
    let board = || {
        isolation(async || OneNote::default())
            .users(2, async |user: &User, board: &OneNote| {
                user.saw(Surface::Reply, &user.secret("own"));
                user.saw(Surface::Row, &board.swap(&user.secret("post")).await);
                Ok(())
            })
            .within(LONG)
            .without_regressions()
    };
    assert_eq!(kinds(board().check()), ["context-leak"]);
    board()
        .shared(|seen, _| seen.surface() == Surface::Row)
        .check()
        .unwrap();
    board().surfaces([Surface::Reply]).check().unwrap();
}

/// A cache that lacks the user in its key, or has it truncated, shows only where ids collide or look alike.
#[derive(Default)]
struct Cache(RefCell<BTreeMap<String, String>>);

fn cached(key: fn(&User) -> String) -> Check<Cache> {
    isolation(async || Cache::default())
        .users(3, async move |user: &User, cache: &Cache| {
            yield_now().await;
            let own = user.secret("note");
            let hit = cache.0.borrow_mut().entry(key(user)).or_insert(own).clone();
            user.saw(Surface::Reply, &user.secret("note"));
            user.saw(Surface::Row, &hit);
            Ok(())
        })
        .within(LONG)
        .without_regressions()
}

#[test]
fn identity_modes_show_what_distinct_ids_hide() {
    cached(|user| user.id().to_string()).check().unwrap();
    let thread = || cached(|user| user.context().thread.to_string());
    assert_eq!(kinds(thread().check()), ["context-leak"]);
    thread()
        .identities([IdentityMode::Distinct, IdentityMode::LookAlike])
        .check()
        .unwrap();
    let prefix = || cached(|user| user.id().chars().take(6).collect());
    assert_eq!(
        kinds(prefix().identities([IdentityMode::LookAlike]).check()),
        ["context-leak"]
    );
    prefix().identities([IdentityMode::Distinct]).check().unwrap();
    assert_eq!(kinds(prefix().check()), ["context-leak"]);
}

#[test]
fn anothers_identity_is_told_from_its_data() {
    let named = |seen: fn(&str) -> String| {
        isolation(async || RefCell::new(String::new()))
            .users(2, async move |user: &User, last: &RefCell<String>| {
                user.saw(Surface::Reply, &user.secret("own"));
                user.id().as_str().clone_into(&mut last.borrow_mut());
                yield_now().await;
                let event = BTreeMap::from([("from", seen(&last.borrow()))]);
                user.saw(Surface::Event, &event);
                Ok(())
            })
            .within(LONG)
            .without_regressions()
            .check()
    };
    assert_eq!(kinds(named(str::to_owned)), ["misattribution"]);
    assert_eq!(
        kinds(named(|id| format!("the last to call was {id}, just now"))),
        ["context-leak"]
    );
}

#[test]
fn influence_without_data_is_interference() {
    let verdict = isolation(async || Cell::new(0_u32))
        .users(2, async |user: &User, turn: &Cell<u32>| {
            user.saw(Surface::Reply, &user.secret("own"));
            turn.set(turn.get() + 1);
            yield_now().await;
            user.saw(
                Surface::Reply,
                &format!("answer by agent {}", ["north", "south"][turn.get() as usize % 2]),
            );
            Ok(())
        })
        .within(LONG)
        .without_regressions()
        .check();
    assert_eq!(kinds(verdict), ["interference"]);
}

#[test]
fn a_hang_in_company_is_a_hang() {
    let verdict = isolation(async || (tokio::sync::Mutex::new(()), tokio::sync::Mutex::new(())))
        .users(
            2,
            async |user: &User, locks: &(tokio::sync::Mutex<()>, tokio::sync::Mutex<()>)| {
                user.saw(Surface::Reply, &user.secret("own"));
                let (first, second) = if user.index() == 0 {
                    (&locks.0, &locks.1)
                } else {
                    (&locks.1, &locks.0)
                };
                let _first = first.lock().await;
                yield_now().await;
                let _second = second.lock().await;
                Ok(())
            },
        )
        .within(LONG)
        .without_regressions()
        .check();
    assert_eq!(kinds(verdict), ["hang"]);
}

#[test]
fn a_panic_in_company_is_interference() {
    let verdict = isolation(async || Cell::new(false))
        .users(2, async |user: &User, busy: &Cell<bool>| {
            user.saw(Surface::Reply, &user.secret("own"));
            assert!(!busy.replace(true), "already busy");
            yield_now().await;
            busy.set(false);
            Ok(())
        })
        .within(LONG)
        .without_regressions()
        .check();
    assert_eq!(kinds(verdict), ["interference"]);
    let in_a_task = isolation(async || std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false)))
        .users(
            2,
            async |user: &User, busy: &std::sync::Arc<std::sync::atomic::AtomicBool>| {
                user.saw(Surface::Reply, &user.secret("own"));
                let busy = std::sync::Arc::clone(busy);
                drop(tokio::spawn(async move {
                    assert!(
                        !busy.swap(true, std::sync::atomic::Ordering::SeqCst),
                        "already busy"
                    );
                    sleep(Duration::from_millis(1)).await;
                    busy.store(false, std::sync::atomic::Ordering::SeqCst);
                }));
                sleep(Duration::from_millis(5)).await;
                Ok(())
            },
        )
        .within(LONG)
        .without_regressions()
        .check();
    assert_eq!(kinds(in_a_task), ["interference"]);
}

#[test]
fn what_is_left_behind_is_a_residue() {
    let left = |guarded: bool| {
        isolation(async || Cell::new(0_i32))
            .users(2, async move |user: &User, live: &Cell<i32>| {
                struct Guard<'c>(&'c Cell<i32>);
                impl Drop for Guard<'_> {
                    fn drop(&mut self) {
                        self.0.set(self.0.get() - 1);
                    }
                }
                user.saw(Surface::Reply, &user.secret("own"));
                live.set(live.get() + 1);
                let guard = Guard(live);
                if guarded {
                    yield_now().await;
                } else {
                    std::mem::forget(guard);
                    yield_now().await;
                    live.set(live.get() - 1);
                }
                Ok(())
            })
            .inspect(Cell::get)
            .within(LONG)
            .without_regressions()
    };
    left(true).check().unwrap();
    left(false).cancellations(0).check().unwrap();
    let failure = left(false).check().unwrap_err();
    assert_eq!(failure.violations()[0].kind(), Kind::Residue);
    assert!(
        failure.schedule().unwrap().to_string().contains("1d"),
        "{failure}"
    );
    assert_eq!(failure.preemptions(), Some(0), "a drop needs no preemption");
}

/// An answer that a dropped call leaves on a shared line goes to whoever reads next.
#[derive(Default)]
struct Line(RefCell<std::collections::VecDeque<String>>);

#[test]
fn a_dropped_call_shifts_answers() {
    let line = || {
        isolation(async || (Line::default(), tokio::sync::Mutex::new(())))
            .users(
                2,
                async |user: &User, (line, turn): &(Line, tokio::sync::Mutex<()>)| {
                    user.saw(Surface::Row, &user.secret("own"));
                    let _turn = turn.lock().await;
                    line.0.borrow_mut().push_back(user.secret("own"));
                    sleep(Duration::from_millis(2)).await;
                    let answer = line.0.borrow_mut().pop_front();
                    user.saw(Surface::Reply, &answer);
                    Ok(())
                },
            )
            .within(LONG)
            .without_regressions()
    };
    line().cancellations(0).check().unwrap();
    assert_eq!(kinds(line().check()), ["context-leak"]);
}

#[test]
fn a_leak_behind_two_preemptions_is_found_from_every_seed() {
    let deep = |seed| {
        isolation(async || RefCell::new(Vec::<usize>::new()))
            .users(3, async |user: &User, log: &RefCell<Vec<usize>>| {
                user.saw(Surface::Row, &user.secret("own"));
                for step in 0..8 {
                    log.borrow_mut().push(user.index() * 100 + step);
                    yield_now().await;
                }
                let seen = log.borrow();
                let follows = |a, b| seen.windows(2).any(|pair| pair == [a, b]);
                if user.index() == 1 && follows(2, 100) && follows(103, 3) {
                    user.saw(Surface::Reply, &"another's: ada");
                }
                Ok(())
            })
            .seed(seed)
            .within(LONG)
            .without_regressions()
            .check()
    };
    for seed in 0..31 {
        let failure = deep(seed).expect_err("two preemptions are within the default budget");
        assert_eq!(failure.preemptions(), Some(2), "seed {seed}: {failure}");
    }
}

#[test]
fn an_error_that_a_script_ends_with_is_seen_by_its_user() {
    let verdict = isolation(async || RefCell::new(String::new()))
        .users(2, async |user: &User, last: &RefCell<String>| {
            user.saw(Surface::Reply, &user.secret("own"));
            *last.borrow_mut() = user.secret("own");
            yield_now().await;
            let last = last.borrow();
            if *last == user.secret("own") {
                Ok(())
            } else {
                Err(format!("the slot holds {last}").into())
            }
        })
        .within(LONG)
        .without_regressions()
        .check();
    let failure = verdict.unwrap_err();
    assert_eq!(failure.violations()[0].kind(), Kind::ContextLeak, "{failure}");
    assert_eq!(
        failure.violations()[0].surface(),
        Some(Surface::Error),
        "{failure}"
    );
}

/// What the system still delivers when the last user has left belongs to the execution.
#[test]
fn what_comes_after_the_last_user_has_left_is_seen() {
    let after = |wait: Option<Duration>| {
        isolation(async || RefCell::new(String::new()))
            .users(2, async move |user: &User, last: &RefCell<String>| {
                user.saw(Surface::Reply, &user.secret("own"));
                *last.borrow_mut() = user.secret("own");
                yield_now().await;
                let (observer, answer) = (user.observer(), last.borrow().clone());
                drop(tokio::spawn(async move {
                    if let Some(wait) = wait {
                        sleep(wait).await;
                    }
                    observer.saw(Surface::Event, &answer);
                }));
                Ok(())
            })
            .without_solo_comparison()
            .within(LONG)
            .without_regressions()
            .check()
    };
    assert_eq!(kinds(after(None)), ["context-leak"]);
    assert_eq!(kinds(after(Some(Duration::from_secs(30)))), ["context-leak"]);
}

#[test]
fn a_panic_after_the_last_user_has_left_is_interference() {
    let verdict = isolation(async || Arc::new(AtomicUsize::new(0)))
        .users(2, async |user: &User, met: &Arc<AtomicUsize>| {
            user.saw(Surface::Reply, &user.secret("own"));
            met.fetch_add(1, Ordering::SeqCst);
            let met = Arc::clone(met);
            drop(tokio::spawn(async move {
                sleep(Duration::from_secs(1)).await;
                assert_eq!(met.load(Ordering::SeqCst), 1, "somebody else was here");
            }));
            Ok(())
        })
        .within(LONG)
        .without_regressions()
        .check();
    assert_eq!(kinds(verdict), ["interference"]);
}

/// A task that ends by itself, without the clock, is given the time to.
#[test]
fn what_tasks_clear_away_at_once_is_no_residue() {
    let clears = |wait: Option<Duration>| {
        isolation(async || Arc::new(AtomicUsize::new(0)))
            .users(2, async move |user: &User, live: &Arc<AtomicUsize>| {
                user.saw(Surface::Reply, &user.secret("own"));
                live.fetch_add(1, Ordering::SeqCst);
                let live = Arc::clone(live);
                drop(tokio::spawn(async move {
                    match wait {
                        Some(wait) => sleep(wait).await,
                        None => yield_now().await,
                    }
                    live.fetch_sub(1, Ordering::SeqCst);
                }));
                Ok(())
            })
            .inspect(|live| live.load(Ordering::SeqCst))
            .within(LONG)
            .without_regressions()
            .check()
    };
    clears(None).unwrap();
    assert_eq!(kinds(clears(Some(Duration::from_secs(1)))), ["residue"]);
}

/// What a user's own dropped call does to its own next one is no other user's doing.
#[test]
fn nobody_is_blamed_for_what_a_users_own_dropped_call_left() {
    let seats = || RefCell::new(std::collections::BTreeSet::<String>::new());
    isolation(async move || seats())
        .generated(
            2..=2,
            |user: &User| proptest::collection::vec(proptest::strategy::Just(user.secret("purse")), 2..=3),
            async |user: &User, seats: &RefCell<std::collections::BTreeSet<String>>, purse: String| {
                user.saw(Surface::Reply, &purse);
                assert!(
                    seats.borrow_mut().insert(user.id().to_string()),
                    "the own seat is taken"
                );
                yield_now().await;
                seats.borrow_mut().remove(user.id().as_str());
                Ok(())
            },
        )
        .within(LONG)
        .without_regressions()
        .check()
        .unwrap();
}

type Visited = (Cell<u32>, RefCell<String>);

/// How many came before, which differs in the first execution, and a slot that another may have written, which takes a preemption.
fn visited(shows_slot: bool) -> Check<Visited> {
    isolation(async || (Cell::new(0), RefCell::new(String::new())))
        .users(2, async move |user: &User, (visits, slot): &Visited| {
            user.saw(Surface::Reply, &visits.replace(visits.get() + 1));
            *slot.borrow_mut() = user.secret("card");
            yield_now().await;
            if shows_slot {
                user.saw(Surface::Row, &*slot.borrow());
            } else {
                user.saw(Surface::Row, &user.secret("card"));
            }
            Ok(())
        })
        .without_regressions()
}

#[rstest]
#[case::a_secret_can_be_seen(true, Kind::ContextLeak)]
#[case::none_can(false, Kind::Interference)]
fn where_users_interfere_a_secret_is_looked_for(#[case] shows_slot: bool, #[case] kind: Kind) {
    let failure = visited(shows_slot).check().unwrap_err();
    assert_eq!(failure.violations()[0].kind(), kind, "{failure}");
    assert_eq!(
        failure.executions(),
        1,
        "what was found first is the interference"
    );
    let seen = failure.to_json();
    let preemptions = &seen["shrinking"]["preemptions_before"];
    assert_eq!(preemptions, u64::from(shows_slot), "{seen}");
}

#[test]
fn a_replay_shows_the_schedule_it_was_asked_for() {
    let asked = visited(false).check().unwrap_err();
    let asked = asked.replay_text().unwrap();
    let shown = visited(true).replay(asked).check().unwrap_err();
    assert_eq!(shown.violations()[0].kind(), Kind::Interference, "{shown}");
    assert_eq!(shown.replay_text(), Some(asked));
}
