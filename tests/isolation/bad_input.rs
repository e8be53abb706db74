//! Each kind of bad input has a clear result or a clear error.

use std::cell::Cell;
use std::time::Duration;

use ssot_harness::prelude::*;
use tokio::task::yield_now;

use crate::systems::{Notes, leaky, own_note, refused, sound};

macro_rules! snapshot {
    ($name:literal, $text:expr) => {{
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path("../../snapshots");
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.add_filter(r"(\w+/)*bad_input\.rs:\d+:\d+", "[place]");
        settings.bind(|| insta::assert_snapshot!($name, $text));
    }};
}

#[test]
fn no_users() {
    snapshot!("no_users", refused(FailureKind::Misuse, sound(0).check()));
}

#[test]
fn one_user() {
    snapshot!("one_user", refused(FailureKind::Misuse, sound(1).check()));
}

#[test]
fn a_hundred_thousand_users() {
    snapshot!(
        "a_hundred_thousand_users",
        refused(FailureKind::Misuse, sound(100_000).check())
    );
}

#[test]
fn as_many_users_as_may_be() {
    let report = sound(1_024).executions(3).check().unwrap();
    assert_eq!(report.executions(), 3);
}

#[test]
fn a_budget_of_nothing() {
    snapshot!(
        "a_budget_of_nothing",
        refused(FailureKind::Misuse, sound(2).executions(0).check())
    );
}

#[test]
fn no_identity_mode() {
    let said = refused(FailureKind::Misuse, sound(2).identities([]).check());
    assert!(said.contains("without an identity mode"), "{said}");
}

#[test]
fn no_sets_of_inputs() {
    let said = refused(FailureKind::Misuse, sound(2).cases(0).check());
    assert!(said.contains("0 sets of inputs"), "{said}");
}

#[test]
fn no_time() {
    let said = refused(FailureKind::Misuse, sound(2).within(Duration::ZERO).check());
    assert!(said.contains("within no time"), "{said}");
    // Whatever the time, something is run.
    let report = sound(2).within(Duration::from_nanos(1)).check().unwrap();
    assert!((1..=2).contains(&report.executions()), "{report}");
    assert!(
        report.caveats()[0].contains("the time was up"),
        "{:?}",
        report.caveats()
    );
}

#[test]
fn a_bound_below_what_can_be_run() {
    let report = sound(3).preemptions(1).executions(500).check().unwrap();
    let certificate = report.certificate().expect("there are few such schedules");
    assert_eq!(certificate.preemptions(), 1);
    assert!(report.caveats().is_empty(), "{report}");
}

#[test]
fn a_bound_above_what_can_be_run() {
    let report = sound(3).preemptions(9).executions(500).check().unwrap();
    let certificate = report.certificate().expect("as far as it went");
    assert!(certificate.preemptions() < 9);
    let caveat = &report.caveats()[0];
    assert!(
        caveat.contains("asked for every schedule with at most 9 preemptions"),
        "{caveat}"
    );
    assert!(caveat.contains(&certificate.to_string()), "{caveat}");
}

#[test]
fn a_system_that_cannot_be_built() {
    let verdict = try_isolation(async || Err::<Notes, _>(std::io::Error::other("no such bucket")))
        .users(2, own_note)
        .check();
    snapshot!(
        "a_system_that_cannot_be_built",
        refused(FailureKind::Build, verdict)
    );
}

#[test]
fn an_error_with_causes() {
    #[derive(Debug, thiserror::Error)]
    #[error("the store cannot be opened")]
    struct Closed(#[source] std::io::Error);

    let verdict = try_isolation(async || Err::<Notes, _>(Closed(std::io::Error::other("no such bucket"))))
        .users(2, own_note)
        .check();
    let said = refused(FailureKind::Build, verdict);
    assert!(
        said.contains("the store cannot be opened: no such bucket"),
        "{said}"
    );
}

#[test]
fn a_system_that_panics_while_it_is_built() {
    let verdict = isolation(async || -> Notes { panic!("no configuration") })
        .users(2, own_note)
        .check();
    snapshot!(
        "a_system_that_panics_while_it_is_built",
        refused(FailureKind::Build, verdict)
    );
}

#[test]
fn a_system_that_panics_while_it_is_dropped() {
    struct Sticky;
    impl Drop for Sticky {
        fn drop(&mut self) {
            panic!("still in use");
        }
    }
    let verdict = isolation(async || Sticky)
        .users(2, async |user: &User, _: &Sticky| {
            user.saw(Surface::Reply, &user.secret("own"));
            Ok(())
        })
        .without_regressions()
        .check();
    let said = refused(FailureKind::Build, verdict);
    assert!(
        said.contains("panicked while it was dropped: still in use"),
        "{said}"
    );
}

#[test]
fn a_system_that_is_never_built() {
    let verdict = isolation(async || std::future::pending::<Notes>().await)
        .users(2, own_note)
        .check();
    snapshot!(
        "a_system_that_is_never_built",
        refused(FailureKind::Build, verdict)
    );
}

#[test]
fn a_script_that_fails_alone() {
    let verdict = isolation(async || Notes::default())
        .users(2, async |_: &User, _: &Notes| Err("the service says no".into()))
        .check();
    snapshot!("a_script_that_fails_alone", refused(FailureKind::Alone, verdict));
}

#[test]
fn a_script_that_panics_alone() {
    let verdict = isolation(async || Notes::default())
        .users(2, async |user: &User, notes: &Notes| {
            own_note(user, notes).await?;
            panic!("an assertion of the script's");
        })
        .check();
    snapshot!("a_script_that_panics_alone", refused(FailureKind::Alone, verdict));
}

#[test]
fn a_script_that_waits_for_ever() {
    let verdict = isolation(async || Notes::default())
        .users(2, async |_: &User, _: &Notes| std::future::pending().await)
        .check();
    snapshot!(
        "a_script_that_waits_for_ever",
        refused(FailureKind::Alone, verdict)
    );
}

#[test]
fn a_script_that_never_stops() {
    let verdict = isolation(async || Notes::default())
        .users(2, async |_: &User, _: &Notes| {
            loop {
                yield_now().await;
            }
        })
        .steps(1_000)
        .check();
    snapshot!("a_script_that_never_stops", refused(FailureKind::Alone, verdict));
}

#[test]
fn a_script_that_sees_nothing() {
    let verdict = isolation(async || Notes::default())
        .users(2, async |user: &User, notes: &Notes| {
            notes.swap(user.id(), &user.secret("note")).await;
            user.saw(Surface::Reply, "saved");
            Ok(())
        })
        .check();
    snapshot!(
        "a_script_that_sees_nothing",
        refused(FailureKind::Vacuous, verdict)
    );
}

#[test]
fn one_user_of_three_who_sees_nothing_is_enough() {
    let verdict = isolation(async || Notes::default())
        .users(3, async |user: &User, notes: &Notes| match user.index() {
            2 => Ok(()),
            _ => own_note(user, notes).await,
        })
        .check();
    assert!(refused(FailureKind::Vacuous, verdict).contains("cleo never saw"));
}

#[test]
fn a_check_that_looks_at_nothing_is_refused() {
    let said = refused(FailureKind::Vacuous, sound(2).allow(|_| true).check());
    assert!(said.contains("nothing is compared"), "{said}");
    refused(
        FailureKind::Vacuous,
        sound(2).may_differ(Surface::Reply, "").check(),
    );
    refused(FailureKind::Vacuous, sound(2).shared(|_, _| true).check());
    refused(FailureKind::Vacuous, sound(2).surfaces([]).check());
    refused(FailureKind::Vacuous, sound(2).surfaces([Surface::Log]).check());
}

#[test]
fn a_schedule_cut_in_the_middle() {
    let failure = leaky(2).check().unwrap_err();
    let text = failure.replay_text().unwrap();
    let mut refusals = 0;
    for end in 0..text.len() {
        // A text that is cut is a shorter schedule or none; it is never another failure of the harness.
        match leaky(2).replay(&text[..end]).check() {
            Ok(report) => assert_eq!(report.executions(), 1),
            Err(failure) if failure.kind() == FailureKind::Violation => {}
            Err(failure) => {
                assert_eq!(failure.kind(), FailureKind::Replay, "{failure}");
                refusals += 1;
            }
        }
    }
    assert!(refusals > 8);
    snapshot!(
        "a_schedule_cut_in_the_middle",
        refused(FailureKind::Replay, leaky(2).replay("v1:one@1:1x2,").check())
    );
}

#[test]
fn a_schedule_of_another_check() {
    snapshot!(
        "a_schedule_of_another_check",
        refused(FailureKind::Replay, leaky(2).replay("v1:one@1:1,4x2").check())
    );
    refused(FailureKind::Replay, leaky(2).replay("v1:one@1:1x2,2x2,1").check());
    let inputs = refused(FailureKind::Replay, leaky(2).replay("v1:one@1:1|[]").check());
    assert!(inputs.contains("generates no inputs"), "{inputs}");
}

#[test]
fn a_regression_file_of_another_version() {
    // ssot-regressions/isolation/bad_input/a_regression_file_of_another_version.txt
    let verdict = isolation(async || Notes::default())
        .users(2, async |u: &User, n: &Notes| own_note(u, n).await)
        .check();
    snapshot!(
        "a_regression_file_of_another_version",
        refused(FailureKind::Regressions, verdict)
    );
}

#[test]
fn a_regression_file_with_a_broken_line() {
    let verdict = isolation(async || Notes::default())
        .users(2, async |u: &User, n: &Notes| own_note(u, n).await)
        .check();
    snapshot!(
        "a_regression_file_with_a_broken_line",
        refused(FailureKind::Regressions, verdict)
    );
}

#[test]
fn a_secret_label_used_twice() {
    let report = isolation(async || Notes::default())
        .users(2, async |user: &User, notes: &Notes| {
            assert_eq!(
                user.secret("note"),
                user.secret("note"),
                "the same label is the same secret"
            );
            assert_ne!(
                user.secret("note"),
                user.secret_email("note"),
                "of another kind it is another"
            );
            assert_ne!(user.secret("note"), user.secret("notes"));
            own_note(user, notes).await
        })
        .without_regressions()
        .check();
    assert!(report.is_ok(), "{report:?}");
}

#[test]
fn a_check_inside_a_running_runtime() {
    let current = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let many = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .build()
        .unwrap();
    for runtime in [current, many] {
        let report = runtime.block_on(async { sound(2).thorough().check() }).unwrap();
        assert_eq!(report.executions(), 4_000);
        assert!(runtime.block_on(async { leaky(2).check() }).is_err());
    }
}

#[test]
fn a_value_that_is_no_json() {
    let verdict = isolation(async || Notes::default())
        .users(2, async |user: &User, notes: &Notes| {
            own_note(user, notes).await?;
            user.saw(Surface::Row, &std::collections::BTreeMap::from([((1, 2), 3)]));
            Ok(())
        })
        .check();
    snapshot!(
        "a_value_that_is_no_json",
        refused(FailureKind::Unserializable, verdict)
    );
}

/// What is refused when a user is alone is refused where it happens in company only.
#[test]
fn what_goes_wrong_in_company_only() {
    let met = |and_then: fn(&User)| {
        isolation(async || Cell::new(0))
            .users(2, async move |user: &User, here: &Cell<u32>| {
                user.saw(Surface::Reply, &user.secret("own"));
                here.set(here.get() + 1);
                yield_now().await;
                if here.get() == 2 {
                    and_then(user);
                }
                Ok(())
            })
            .without_solo_comparison()
            .without_regressions()
            .check()
    };
    let no_json = met(|user| user.saw(Surface::Row, &std::collections::BTreeMap::from([((1, 2), 3)])));
    refused(FailureKind::Unserializable, no_json);
    let socket = met(|_| {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        drop(tokio::net::TcpListener::from_std(listener));
    });
    refused(FailureKind::RealIo, socket);
}

#[test]
fn an_inspection_that_panics() {
    let verdict = sound(2).inspect(|_| -> u8 { panic!("poisoned") }).check();
    snapshot!("an_inspection_that_panics", refused(FailureKind::Misuse, verdict));
}

#[test]
#[expect(clippy::reversed_empty_ranges, reason = "that is the bad input")]
fn an_empty_range_of_users() {
    let verdict = isolation(async || Notes::default())
        .generated(
            4..=2,
            |_: &User| proptest::collection::vec(0..3_u8, 1..=2),
            async |_: &User, _: &Notes, _: u8| Ok(()),
        )
        .check();
    snapshot!("an_empty_range_of_users", refused(FailureKind::Misuse, verdict));
}

#[test]
fn generated_inputs_that_never_hold_a_secret() {
    let verdict = isolation(async || Notes::default())
        .generated(
            2..=2,
            |_: &User| proptest::collection::vec(0..3_u8, 1..=2),
            async |user: &User, notes: &Notes, number: u8| {
                let note = notes.swap(user.id(), &number.to_string()).await;
                user.saw(Surface::Reply, &note);
                Ok(())
            },
        )
        .check();
    snapshot!(
        "generated_inputs_that_never_hold_a_secret",
        refused(FailureKind::Vacuous, verdict)
    );
}

#[test]
#[should_panic(expected = "a rule of the check's own")]
fn a_closure_of_the_checks_own_that_panics_fails_the_test() {
    drop(sound(2).allow(|_| panic!("a rule of the check's own")).check());
}
