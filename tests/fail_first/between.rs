//! Both sides in one run.

use ssot_harness::case::{NotProven, Proof};
use ssot_harness::prelude::*;
use ssot_harness::prove_between;
use tokio::sync::Mutex;

/// A desk that keeps the card at hand in one place for everybody, or does not.
#[derive(Default)]
struct Desk {
    shared: bool,
    card: Mutex<String>,
}

impl Desk {
    async fn ask(&self, card: String) -> String {
        if !self.shared {
            tokio::task::yield_now().await;
            return card;
        }
        *self.card.lock().await = card;
        tokio::task::yield_now().await;
        self.card.lock().await.clone()
    }
}

fn cards_are_not_shared(shared: bool) -> Verdict {
    isolation(async move || Desk {
        shared,
        ..Desk::default()
    })
    .users(2, async |user: &User, desk: &Desk| {
        user.saw(Surface::Reply, &desk.ask(user.secret("card")).await);
        Ok(())
    })
    .executions(50)
    .without_regressions()
    .check()
}

#[ssot_harness::test(fail_first(issue = "ssot-harness#5", expect = "context-leak"))]
fn a_fault_that_is_still_in_the_tree_is_proven_in_one_run() -> Result<Proof, NotProven> {
    let proof = prove_between(true, false, cards_are_not_shared)?;
    assert_eq!(
        proof.fingerprint().to_string(),
        "context-leak on the surface reply: another user's secret `card`"
    );
    Ok(proof)
}

#[ssot_harness::test(fail_first(issue = "ssot-harness#5", expect_message = "cards are shared"))]
fn assertions_prove_as_well_as_checks() -> CaseResult {
    prove_between(true, false, |shared| assert!(!shared, "cards are shared"))?;
    Ok(())
}

/// What is no proof says why; the last pair is one, for the test's own record.
#[ssot_harness::test(fail_first(issue = "ssot-harness#5", expect = "context-leak"))]
fn what_is_no_proof_says_why() -> CaseResult {
    let why = |before, after| {
        let refused = prove_between(before, after, cards_are_not_shared).unwrap_err();
        refused.to_string()
    };
    assert!(
        why(false, false).contains("the check passes with the faulty system"),
        "{}",
        why(false, false)
    );
    assert!(
        why(true, true).contains("with the sound system too"),
        "{}",
        why(true, true)
    );
    let otherwise = prove_between(1, 2, |side| {
        if side == 1 {
            Err("the desk is closed")
        } else {
            Ok(())
        }
    });
    let otherwise = otherwise.unwrap_err().to_string();
    assert!(
        otherwise.contains("fails otherwise: \"the desk is closed\""),
        "{otherwise}"
    );
    let panics = prove_between(1, 2, |side| assert_eq!(side, 3))
        .unwrap_err()
        .to_string();
    assert!(
        panics.contains("fails otherwise: assertion `left == right` failed"),
        "{panics}"
    );
    prove_between(true, false, cards_are_not_shared)?;
    Ok(())
}

#[ssot_harness::test]
fn a_test_that_declares_nothing_proves_nothing() {
    let refused = prove_between(true, false, cards_are_not_shared).unwrap_err();
    assert!(
        refused.to_string().contains("give its attribute fail_first("),
        "{refused}"
    );
}
