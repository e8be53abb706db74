use ssot_harness::__command::Class;

use crate::judge::Verdict;
use crate::outcomes::Ran;
use crate::survey::{Known, Test};

/// What is the matter with a test, and what to do about it, in lines; `None` where all is well.
pub(crate) fn advice(verdict: Verdict, test: &Test<'_>, ran: Ran<'_>) -> Option<String> {
    let path = &test.at.declared.test;
    let expect = &test.at.declared.expect;
    let issue = &test.at.declared.issue;
    let class = ran.outcome().map(|outcome| outcome.class);
    let advice = match verdict {
        Verdict::Green | Verdict::Red => return None,
        Verdict::Unproven => of_unproven(test, class),
        Verdict::Stale => of_stale(test, class),
        Verdict::Unreadable => match &test.known {
            Known::Unreadable(error) => error.to_string(),
            Known::State(_) => return None,
        },
        Verdict::Regressed => format!("the fault of {issue} is back: it fails with {expect} again"),
        Verdict::ToAccept => {
            let edited = match test.edited().as_slice() {
                [] => String::new(),
                edited => format!(
                    "what it stands on was edited since ({}): accept it only where that is the fix\n",
                    edited.join(", ")
                ),
            };
            format!(
                "{edited}it passes for the first time since it was red: where {issue} is fixed, accept it\n  cargo ssot accept {path}"
            )
        }
        Verdict::FailsOtherwise => format!(
            "it fails, but not with {expect}: {}",
            class.map_or("", Class::as_str)
        ),
        Verdict::NeverRan => {
            "it was not run: it is ignored, or its process died before it was over; what is skipped proves nothing, so take \
             the #[ignore] away, or see why the process died"
                .to_owned()
        }
    };
    Some(advice)
}

fn of_unproven(test: &Test<'_>, class: Option<Class>) -> String {
    let expect = &test.at.declared.expect;
    match class {
        Some(Class::Declared) => format!("it fails as declared, and is not on record: {}", record(test)),
        Some(Class::ProvenBetween) => format!("it proves both sides, and is not on record: {}", record(test)),
        Some(Class::Passed) => format!(
            "it passes, and was never seen red with {expect}: prove it\n  {}",
            prove(test)
        ),
        Some(class) => format!("it was never seen red with {expect}, and now {class}: see why"),
        None => format!(
            "it was never seen red with {expect}: where the fault is still there, run it; where it is fixed, prove it\n  \
             cargo test {}\n  {}",
            test.at.declared.test,
            prove(test)
        ),
    }
}

fn of_stale(test: &Test<'_>, class: Option<Class>) -> String {
    let was_green = test.entry().is_some_and(|entry| entry.green.is_some());
    let edited = format!("it was edited since ({})", test.edited().join(", "));
    match class {
        Some(Class::Declared) if was_green => format!(
            "{edited}, and fails as declared: where that is what it should show, delete {} and run it again\n  \
             cargo test {}",
            test.at.ledger_shown().display(),
            test.at.declared.test
        ),
        Some(Class::Declared) => format!("{edited}, and fails as declared: {}", record(test)),
        Some(Class::ProvenBetween) => format!("{edited}, and proves both sides: {}", record(test)),
        _ => format!(
            "{edited}: nothing shows that it can still fail with {}\n  {}",
            test.at.declared.expect,
            prove(test)
        ),
    }
}

fn record(test: &Test<'_>) -> String {
    format!(
        "run it where CI is not set, and commit {}\n  cargo test {}",
        test.at.ledger_shown().display(),
        test.at.declared.test
    )
}

fn prove(test: &Test<'_>) -> String {
    format!(
        "cargo ssot prove --base <revision before the fix> {}",
        test.at.declared.test
    )
}
