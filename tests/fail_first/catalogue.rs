//! For every kind of violation that the legacy engines commit: a test that fails with the engine which commits it, and passes
//! with the reference.

use ssot_harness::case::{NotProven, Proof};
use ssot_harness::prove_between;
use ssot_harness::reference::legacy::Legacy;

use crate::hunts::{HUNTS, Tuning};

/// The same check, on the legacy part and on the reference.
fn proof(legacy: Legacy) -> Result<Proof, NotProven> {
    let hunt = HUNTS
        .iter()
        .find(|hunt| hunt.legacy == legacy)
        .expect("every row has its hunt");
    let tuning = Tuning {
        seed: 5,
        executions: 1_500,
    };
    prove_between(true, false, |is_legacy| {
        if is_legacy {
            hunt.check(tuning)
        } else {
            hunt.clears_reference(tuning)
        }
    })
}

#[ssot_harness::test(fail_first(issue = "catalogue#01", expect = "context-leak"))]
fn engines_share_no_state() -> Result<Proof, NotProven> {
    proof(Legacy::SharedState)
}

#[ssot_harness::test(fail_first(issue = "catalogue#06", expect = "misattribution"))]
fn a_pooled_context_is_not_overwritten() -> Result<Proof, NotProven> {
    proof(Legacy::ContextOverwritten)
}

#[ssot_harness::test(fail_first(issue = "catalogue#30", expect = "interference"))]
fn to_close_one_engine_closes_nothing_of_another() -> Result<Proof, NotProven> {
    proof(Legacy::CrossTeardown)
}

#[ssot_harness::test(fail_first(issue = "catalogue#33", expect = "residue"))]
fn a_dropped_call_leaves_nothing_behind() -> Result<Proof, NotProven> {
    proof(Legacy::CancelLeak)
}

#[ssot_harness::test(fail_first(issue = "catalogue#39", expect = "hang"))]
fn no_lock_is_held_across_an_await() -> Result<Proof, NotProven> {
    proof(Legacy::LockAcrossAwait)
}

#[ssot_harness::test(fail_first(issue = "catalogue#50", expect = "context-leak"))]
fn a_dropped_call_leaves_its_answer_to_nobody() -> Result<Proof, NotProven> {
    proof(Legacy::AnswerShift)
}
