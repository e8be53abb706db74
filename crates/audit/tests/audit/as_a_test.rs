//! The audit as a test of this crate: what a user writes, compiled.

use ssot_audit::{Verdict, audit_probe};

use crate::workspaces::Written;

trait Engine {}

struct UserEngine;

impl Engine for UserEngine {}

audit_probe!(UserEngine: Engine);

/// A test may return what an audit comes to.
#[test]
fn a_passing_audit_passes_its_test() -> Verdict {
    let written = Written::app("//- src/lib.rs\npub mod old {}");
    written.audit().superseded("app::old").check()
}

#[test]
fn a_failing_audit_prints_its_report_as_the_test_does() {
    let written = Written::app("//- src/lib.rs\npub mod old { pub fn f() {} }\npub fn g() { old::f(); }");
    let failure = written
        .audit()
        .superseded("app::old")
        .check()
        .expect_err("there is a finding");
    let printed = format!("{failure:?}");
    assert!(
        printed.starts_with("error[SSOT005]: use of superseded `old::f`"),
        "{printed}"
    );
    assert!(printed.contains("1 finding\n"), "{printed}");
}

/// The macro audits the workspace of its package: our own.
#[test]
fn this_workspace_keeps_its_own_rules() -> Verdict {
    ssot_audit::audit!()
}
