#[ssot_harness::test(fail_first)]
fn nothing_said() {}

#[ssot_harness::test(fail_first = "shop#12")]
fn not_in_parentheses() {}

#[ssot_harness::test(fail_first())]
fn empty() {}

#[ssot_harness::test(fail_first(expect = "context-leak"))]
fn no_issue() {}

#[ssot_harness::test(fail_first(issue = "shop#12"))]
fn no_failure() {}

#[ssot_harness::test(fail_first(issue = "shop#12", expect = "context-leak", expect_message = "3 events"))]
fn two_failures() {}

#[ssot_harness::test(fail_first(issue = "shop#12", expect_message = "3 events", surface = "log"))]
fn a_surface_of_a_message() {}

#[ssot_harness::test(fail_first(issue = "shop#12", expect = "context-leak", surface = " "))]
fn a_blank_surface() {}

#[ssot_harness::test(fail_first(issue = "shop#12", expect = "task-panic", surface = "log"))]
fn a_surface_of_a_panic() {}

#[ssot_harness::test(fail_first(issue = " ", expect_message = ""))]
fn blanks() {}

#[ssot_harness::test(fail_first(issue = 12, expect = "context-leak"))]
fn a_number() {}

#[ssot_harness::test(fail_first(issue = "shop#12", because = "it leaks", issue = "shop#13", expect = "context-leak"))]
fn unknown_and_twice() {}

fn main() {}
