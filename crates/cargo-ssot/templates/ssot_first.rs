//! First tests with `ssot-harness`, written by `cargo ssot init`. `Desk` stands for your system: put yours in its place.

use std::sync::Mutex;

use ssot_harness::interleave::yield_point;
use ssot_harness::prelude::*;

/// Answers many users at once.
#[derive(Default)]
struct Desk;

impl Desk {
    async fn ask(&self, card: String) -> String {
        yield_point().await; // where a real system waits for a database or a model
        format!("we have charged {card}")
    }
}

/// Whatever the order in which users are served, none sees what belongs to another.
#[test]
fn answers_stay_with_their_user() -> Verdict {
    isolation(async || Desk)
        .users(3, async |user: &User, desk: &Desk| {
            let answer = desk.ask(user.secret("card")).await;
            user.saw(Surface::Reply, &answer);
            Ok(())
        })
        .check()
}

/// The same with a fault: one place for all cards.
#[derive(Default)]
struct ForgetfulDesk {
    card: Mutex<String>,
}

impl ForgetfulDesk {
    async fn ask(&self, card: String) -> String {
        *self.card.lock().unwrap() = card;
        yield_point().await;
        format!("we have charged {}", self.card.lock().unwrap())
    }
}

/// A regression test that is written before its fix. The first `cargo test` sees it fail as it declares, and puts it on record
/// as red: commit the file below `fail-first/`. Then fix the fault: keep `card` itself, not `self.card`, across the await. The
/// test fails once more, for it passes: `cargo ssot accept` turns it green, and from then on it is a regression test like any
/// other.
#[ssot_harness::test(fail_first(issue = "example#1", expect = "context-leak"))]
fn cards_are_not_shared() -> Verdict {
    isolation(async || ForgetfulDesk::default())
        .users(3, async |user: &User, desk: &ForgetfulDesk| {
            let answer = desk.ask(user.secret("card")).await;
            user.saw(Surface::Reply, &answer);
            Ok(())
        })
        .check()
}
