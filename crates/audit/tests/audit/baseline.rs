//! The baseline: what is new, known, moved and gone, and what is written.

use ssot_audit::{Audit, Error, Mode, Report, Rule, State};

use crate::workspaces::Written;

const SHOP: &str = "\
//- src/lib.rs
pub mod old { pub fn sell() {} pub fn buy() {} }
pub mod a { pub fn one(x: u8) -> u8 { crate::old::sell(); x + 1 } }
pub mod b { pub fn two() { crate::old::buy(); } }
";

fn audit(written: &Written) -> Audit {
    written.audit().superseded("app::old").baseline("ssot.lock")
}

fn mode(change: impl FnOnce(&mut Mode)) -> Mode {
    let mut mode = Mode::default();
    change(&mut mode);
    mode
}

fn grown(written: &Written, reason: &str) -> Report {
    let mode = mode(|mode| mode.allow_growth = Some(reason.to_owned()));
    audit(written).mode(mode).run().expect("it is written")
}

fn reading(written: &Written, locked: bool) -> Report {
    audit(written)
        .mode(Mode::reading(locked))
        .run()
        .expect("it can be read")
}

fn states(report: &Report) -> Vec<(Rule, State, bool)> {
    let of = |finding: &ssot_audit::Finding| (finding.rule, finding.state, finding.fails());
    report.findings.iter().map(of).collect()
}

/// The lines of the file, without its head.
fn entries(written: &Written) -> Vec<String> {
    let text = written.read("ssot.lock");
    text.lines()
        .filter(|line| !line.starts_with('#'))
        .map(str::to_owned)
        .collect()
}

#[test]
fn a_baseline_that_is_asked_for_must_be_there() {
    let written = Written::app(SHOP);
    let error = audit(&written).run().expect_err("there is none");
    assert!(matches!(error, Error::NoBaseline { .. }), "{error}");
}

#[test]
fn what_was_let_in_passes_and_its_reason_is_kept() {
    let written = Written::app(SHOP);
    assert!(!grown(&written, "before\nthe migration").fails());
    let lines = entries(&written);
    let starts = [
        "SSOT005\tapp::a::one\tapp::old::sell\t",
        "SSOT005\tapp::b::two\tapp::old::buy\t",
    ];
    for (line, start) in lines.iter().zip(starts) {
        assert!(
            line.starts_with(start) && line.ends_with("\tbefore the migration"),
            "{line}"
        );
    }
    assert_eq!(lines.len(), 2);
    let report = reading(&written, true);
    assert!(!report.fails());
    assert_eq!(states(&report), [(Rule::Superseded, State::Frozen, false); 2]);
}

#[test]
fn what_stands_on_another_line_or_in_another_order_is_the_same() {
    let written = Written::app(SHOP);
    grown(&written, "known");
    let before = written.read("ssot.lock");
    written.add(
        "//- src/lib.rs
// More lines.

pub mod b { pub fn two() { crate::old::buy(); crate::old::buy(); } }
pub mod a { pub fn new() {} pub fn one(y: u8) -> u8 { crate::old::sell(); y + 1 } }
pub mod old { pub fn sell() {} pub fn buy() {} }
",
    );
    assert!(!reading(&written, true).fails());
    grown(&written, "again");
    assert_eq!(
        before.replace(|char: char| char.is_ascii_hexdigit(), ""),
        written
            .read("ssot.lock")
            .replace(|char: char| char.is_ascii_hexdigit(), "")
    );
}

#[test]
fn a_new_finding_fails_beside_those_that_are_known() {
    let written = Written::app(SHOP);
    grown(&written, "known");
    written.write(
        "src/lib.rs",
        SHOP.replace("//- src/lib.rs\n", "") + "pub fn three() { crate::old::buy(); }",
    );
    let report = reading(&written, false);
    let failing: Vec<&str> = report.failing().map(|finding| &*finding.place).collect();
    assert_eq!(failing, ["app::three"]);
    let summary = report.baseline.expect("there is one");
    assert_eq!(
        (summary.new, summary.frozen, summary.gone, summary.moved),
        (1, 2, 0, 0)
    );
}

#[test]
fn a_swap_of_one_for_another_fails_on_both_sides() {
    let written = Written::app(SHOP);
    grown(&written, "known");
    written.add(
        "//- src/lib.rs
pub mod old { pub fn sell() {} pub fn buy() {} }
pub mod a { pub fn one(x: u8) -> u8 { crate::old::sell(); x + 1 } }
pub mod c { pub fn other(x: &str) -> bool { crate::old::buy(); x.is_empty() } }
",
    );
    let report = reading(&written, false);
    let failing: Vec<_> = report
        .failing()
        .map(|finding| (finding.state, &*finding.place))
        .collect();
    assert_eq!(
        failing,
        [(State::New, "app::c::other"), (State::Gone, "app::b::two")]
    );
}

#[test]
fn what_is_gone_fails_until_the_baseline_is_tightened() {
    let written = Written::app(SHOP);
    grown(&written, "known");
    written.add(
        "//- src/lib.rs
pub mod old { pub fn sell() {} pub fn buy() {} }
pub mod a { pub fn one(x: u8) -> u8 { crate::old::sell(); x + 1 } }
",
    );
    let report = reading(&written, false);
    let failing: Vec<_> = report
        .failing()
        .map(|finding| (finding.rule, &*finding.place))
        .collect();
    assert_eq!(failing, [(Rule::Gone, "app::b::two")]);
    assert_eq!(entries(&written).len(), 2, "reading writes nothing");
    let tightened = audit(&written).mode(mode(|mode| mode.tighten = true)).run();
    assert!(!tightened.expect("it is written").fails());
    assert_eq!(entries(&written).len(), 1);
    assert!(!reading(&written, true).fails());
}

const MOVED: &str = "\
//- src/lib.rs
pub mod old { pub fn sell() {} pub fn buy() {} }
pub mod z { pub fn renamed(y: u8) -> u8 { crate::old::sell(); y + 2 } }
pub mod b { pub fn two() { crate::old::buy(); } }
";

#[test]
fn a_move_is_printed_fails_where_it_is_locked_and_is_written_when_accepted() {
    let written = Written::app(SHOP);
    grown(&written, "known");
    written.add(MOVED);
    let open = reading(&written, false);
    assert!(!open.fails());
    let told: Vec<&str> = open
        .findings
        .iter()
        .filter(|finding| finding.rule == Rule::Moved)
        .map(|finding| &*finding.message)
        .collect();
    let message = "SSOT005 matched after a move: `app::old::sell` in `app::a::one` -> `app::old::sell` in `app::z::renamed`";
    assert_eq!(told, [message]);
    let before = written.read("ssot.lock");
    assert!(reading(&written, true).fails());
    assert_eq!(written.read("ssot.lock"), before, "reading writes nothing");
    let accepted = audit(&written).mode(mode(|mode| mode.accept_moves = true)).run();
    let accepted = accepted.expect("it is written");
    assert!(!accepted.fails());
    assert!(
        accepted
            .findings
            .iter()
            .all(|finding| finding.rule != Rule::Moved)
    );
    assert!(!reading(&written, true).fails());
    assert!(
        entries(&written)
            .iter()
            .any(|line| line.starts_with("SSOT005\tapp::z::renamed\t") && line.ends_with("known"))
    );
}

#[test]
fn growth_does_not_launder_a_move_or_what_is_gone() {
    let written = Written::app(SHOP);
    grown(&written, "known");
    written.add(MOVED);
    grown(&written, "more");
    assert!(
        reading(&written, true).fails(),
        "the move is still to be accepted"
    );
}

#[test]
fn a_mode_that_contradicts_itself_is_an_error() {
    let written = Written::app(SHOP);
    grown(&written, "known");
    for change in [
        (|mode: &mut Mode| (mode.locked, mode.tighten) = (true, true)) as fn(&mut Mode),
        |mode| (mode.locked, mode.accept_moves) = (true, true),
        |mode| (mode.locked, mode.allow_growth) = (true, Some("why".to_owned())),
        |mode| mode.allow_growth = Some("  ".to_owned()),
    ] {
        let error = audit(&written)
            .mode(mode(change))
            .run()
            .expect_err("it contradicts itself");
        assert!(matches!(error, Error::Usage { .. }), "{error}");
    }
}

#[test]
fn marks_of_a_merge_and_broken_lines_are_named_by_their_line() {
    let written = Written::app(SHOP);
    grown(&written, "known");
    let good = written.read("ssot.lock");
    for (line, said) in [
        ("<<<<<<< HEAD", "conflict marks"),
        ("=======", "conflict marks"),
        (">>>>>>> other", "conflict marks"),
        ("SSOT005\tapp::a", "4 fields".trim_start_matches("4 ")),
        ("SSOT999\ta\tb\t0", "no rule `SSOT999`"),
    ] {
        written.write("ssot.lock", format!("{good}{line}\n"));
        let error = audit(&written).run().expect_err("the line is wrong");
        let Error::Baseline { line: at, what, .. } = &error else {
            panic!("{error}");
        };
        assert_eq!(*at, 5, "{line}");
        assert!(what.contains(said), "{what}");
        assert_eq!(
            written.read("ssot.lock"),
            format!("{good}{line}\n"),
            "it is left as it is"
        );
    }
}

#[test]
fn lines_of_both_sides_of_a_merge_may_be_out_of_order_and_twice() {
    let written = Written::app(SHOP);
    grown(&written, "known");
    let mut lines: Vec<String> = entries(&written);
    lines.extend(entries(&written));
    lines.reverse();
    written.write("ssot.lock", lines.join("\n") + "\n");
    assert!(!reading(&written, true).fails());
}
