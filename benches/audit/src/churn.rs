//! A baseline of one state of a workspace, held against the next ones.

use std::fs;

use ssot_audit::{Mode, Report, Rule, State};

/// Takes every use of some items, between commas, as a finding, keeps those of the first state as a baseline, and prints for each further state what is new,
/// gone and moved; each state becomes the next one's baseline.
pub(crate) fn follow(items: &str, paths: &[&str]) {
    let lock = std::env::temp_dir().join(format!("audit-churn-{}.lock", std::process::id()));
    let mut before = 0;
    let (mut changed, mut all) = (0, 0);
    for (path, number) in paths.iter().zip(0..) {
        let audit = || {
            let mut items = items.split(',');
            let first = ssot_audit::audit()
                .at(path)
                .superseded(items.next().unwrap_or_default());
            items.fold(first, |rule, item| rule.and(item)).baseline(&lock)
        };
        if number > 0 {
            let report = audit()
                .mode(Mode::reading(false))
                .run()
                .expect("it can be audited");
            let baseline = report.baseline.as_ref().expect("there is one");
            let churn = baseline.new + baseline.gone;
            println!(
                "{path}: {before} before; {} new, {} gone, {} moved: {:.1} per 1,000",
                baseline.new,
                baseline.gone,
                baseline.moved,
                churn as f64 * 1_000.0 / f64::from(before.max(1)),
            );
            tell(&report);
            changed += churn;
            all += before;
        }
        let mut mode = Mode::default();
        (mode.tighten, mode.accept_moves) = (true, true);
        mode.allow_growth = Some("the state before".to_owned());
        let report = audit().mode(mode).run().expect("it can be audited");
        before = u32::try_from(
            report.failing().count()
                + report
                    .findings
                    .iter()
                    .filter(|finding| finding.state == State::Frozen)
                    .count(),
        )
        .expect("fewer than 2^32");
    }
    println!(
        "all: {:.1} per 1,000",
        changed as f64 * 1_000.0 / f64::from(all.max(1))
    );
    drop(fs::remove_file(lock));
}

fn tell(report: &Report) {
    for finding in report
        .failing()
        .filter(|finding| finding.rule != Rule::Gone)
        .take(20)
    {
        println!("  new: {} -> {}", finding.place, finding.target);
    }
    for finding in report
        .findings
        .iter()
        .filter(|finding| finding.state == State::Gone)
        .take(20)
    {
        println!("  gone: {} -> {}", finding.place, finding.target);
    }
}
