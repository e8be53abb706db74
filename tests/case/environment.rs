//! The process environment, which the tests of a process share.

use std::env;

use ssot_harness::prelude::*;

const SHARED: &str = "SSOT_HARNESS_TESTS_SHARED";

/// Three tests that may run at once each set the same variable and look at it all the while.
async fn have_it_alone(case: &Case, mine: &str) {
    assert_eq!(env::var_os(SHARED), None, "another test's change shows");
    case.env().set(SHARED, mine);
    for _ in 0..50 {
        tokio::task::yield_now().await;
        std::thread::yield_now();
        assert_eq!(env::var(SHARED).as_deref(), Ok(mine));
        assert_eq!(case.env().get(SHARED).as_deref(), Some(mine));
    }
}

#[ssot_harness::test]
async fn a_change_is_this_tests_alone_1(case: &Case) {
    have_it_alone(case, "1").await;
}

#[ssot_harness::test]
async fn a_change_is_this_tests_alone_2(case: &Case) {
    have_it_alone(case, "2").await;
}

#[ssot_harness::test]
async fn a_change_is_this_tests_alone_3(case: &Case) {
    have_it_alone(case, "3").await;
    case.env().unset(SHARED);
    assert_eq!(env::var_os(SHARED), None);
}

/// `CARGO_PKG_NAME` is there in every test program that cargo or nextest starts.
#[ssot_harness::test]
fn what_was_there_before_is_put_back_in_whatever_order(case: &Case) {
    assert_eq!(case.env().get("CARGO_PKG_NAME").as_deref(), Some("ssot-harness"));
    case.env().set("CARGO_PKG_NAME", "other");
    case.env().set("CARGO_PKG_NAME", "another");
    case.env().unset("CARGO_PKG_NAME");
    assert_eq!(case.env().get("CARGO_PKG_NAME"), None);
}

#[ssot_harness::test]
fn a_name_that_is_none_is_refused(case: &Case) {
    for name in ["", "A=B", "A\0B"] {
        let refused = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| case.env().set(name, "1")));
        assert!(refused.is_err(), "{name:?}");
    }
}
