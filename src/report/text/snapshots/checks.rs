//! What is said of a check.

use super::samples::{every_sample, five_users, two_users};
use crate::report::samples::{Sample, search};
use crate::report::text::{Style, written};
use crate::report::{Caveat, CheckFailure, FailureKind, Outcome, Passed, Refusal};

pub(super) const PLAIN: Style = Style {
    width: 100,
    colours: false,
};

pub(super) fn found(sample: Sample, style: &Style) -> String {
    written(Outcome::CheckFailed(&violated(sample)), style)
}

pub(super) fn violated(sample: Sample) -> CheckFailure {
    CheckFailure::Violation(Box::new(sample.finding()))
}

pub(super) fn keep(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../../../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

#[test]
fn a_failure_reads_well() {
    for (name, sample) in every_sample() {
        keep(&format!("failure_{name}"), &found(sample, &PLAIN));
    }
}

#[test]
fn a_failure_reads_well_on_other_terminals() {
    for (name, width, colours) in [
        ("narrow", 60, false),
        ("wide", 120, false),
        ("colours", 100, true),
    ] {
        let style = Style { width, colours };
        keep(&format!("failure_two_users_{name}"), &found(two_users(), &style));
        keep(
            &format!("failure_five_users_{name}"),
            &found(five_users(), &style),
        );
    }
}

pub(super) fn refused() -> CheckFailure {
    CheckFailure::Refused(Box::new(Refusal {
        kind: FailureKind::Vacuous,
        what: "ben never saw a secret of its own: the check could not have found anything".to_owned(),
        remedy:
            "say with `user.saw(..)` what the user is shown, and make the answer depend on `user.secret(..)`"
                .to_owned(),
        executions: 3,
    }))
}

#[test]
fn a_refusal_says_what_to_do() {
    keep("refused", &written(Outcome::CheckFailed(&refused()), &PLAIN));
}

pub(super) fn passed() -> Passed {
    let mut search = search(3, &[6, 144, 2_472]);
    search.executions = 5_000;
    search.inputs = 40;
    Passed {
        search,
        test: Some("chat::answers_stay_with_their_user".to_owned()),
        left_out: Vec::new(),
        caveats: vec![Caveat::Sample {
            what: "the solo runs of cleo differed from each other: she is not compared with them",
        }],
    }
}

#[test]
fn a_report_says_what_was_covered() {
    keep("report", &written(Outcome::CheckPassed(&passed()), &PLAIN));
}
