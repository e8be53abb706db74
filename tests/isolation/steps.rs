//! In which step a violation is, who is drawn, and what is counted.

use std::cell::Cell;
use std::time::Duration;

use ssot_harness::prelude::*;
use tokio::task::yield_now;
use tokio::time::sleep;

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
