//! The legacy systems of `crates/reference`: what of the catalogue only their sources show.

use std::path::Path;

use ssot_audit::{Confidence, Report, Rule, audit};

fn reference() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

/// Places and targets of the findings of a rule that are exact.
fn found(report: &Report, rule: Rule) -> Vec<(&str, &str)> {
    let findings = report.failing().filter(|finding| finding.rule == rule);
    findings
        .filter(|finding| finding.confidence == Confidence::Exact)
        .map(|finding| (&*finding.place, &*finding.target))
        .collect()
}

/// Row 24: one name is defined in several places.
#[test]
fn names_that_are_defined_twice_are_found() {
    let report = audit()
        .at(reference())
        .unique("SupervisorAgent")
        .and("AgentRegistry")
        .run()
        .expect("it runs");
    let twice = found(&report, Rule::DuplicateDefinition);
    assert_eq!(
        twice,
        [
            (
                "ssot_reference::legacy::supervisors::duplicate::SupervisorAgent",
                "SupervisorAgent"
            ),
            (
                "ssot_reference::workflow::registry::AgentRegistry",
                "AgentRegistry"
            ),
            (
                "ssot_reference::workflow::supervisor::SupervisorAgent",
                "SupervisorAgent"
            ),
        ]
    );
}

/// Row 25: what is to redirect holds code, and callers go through it.
#[test]
fn code_in_modules_that_should_redirect_and_callers_past_the_canonical_path_are_found() {
    let report = audit()
        .at(reference())
        .redirect("ssot_reference::legacy::supervisors")
        .to("ssot_reference::workflow::supervisor")
        .run()
        .expect("it runs");
    let code = found(&report, Rule::CodeInRedirect);
    let defined = [
        "agent_registry::AgentRegistry",
        "consolidated::SupervisorAgent",
        "duplicate::SupervisorAgent",
    ];
    for name in defined {
        let place = format!("ssot_reference::legacy::supervisors::{name}");
        assert!(code.iter().any(|(at, _)| *at == place), "{name}: {code:?}");
    }
    let through = report.failing().filter(|finding| finding.rule == Rule::Bypass);
    let through: Vec<_> = through
        .map(|finding| (finding.confidence, &*finding.place, &*finding.target))
        .collect();
    // The table of faulty systems names them in a macro.
    let way = |target| (Confidence::MacroTokens, "ssot_reference::legacy::systems", target);
    assert_eq!(
        through,
        [
            way("ssot_reference::legacy::supervisors::consolidated"),
            way("ssot_reference::legacy::supervisors::duplicate"),
        ]
    );
}
