use super::Style;
use super::facts::Facts;
use super::found::coverage;
use super::page::{Line, Page, Tone};
use super::words::{counted, elapsed};
use crate::isolation::Report;

/// What a person reads of a check that passed.
pub(crate) fn report(report: &Report, style: &Style) -> String {
    let search = &report.search;
    let mut page = Page::new(style);
    page.line(Line::default().and(Tone::Good, "passed").and(
        Tone::Plain,
        format!(
            ": {} stayed apart in {} ({})",
            counted(search.users, "user"),
            counted(search.executions, "execution"),
            elapsed(search.elapsed)
        ),
    ));
    let mut facts = Facts::default();
    if let Some(test) = &report.test {
        facts.add("test", test);
    }
    coverage(&mut facts, search);
    let enumerated = search.strategies.iter().any(|(name, _)| name == "enumeration");
    if enumerated && search.certificate.is_none() && search.inputs == 0 {
        facts.add(
            "certificate",
            "none: not every schedule without a preemption was run",
        );
    }
    if !search.identities.is_empty() {
        facts.add("identities", search.identities.join(", "));
    }
    facts.add("seed", search.seed.to_string());
    for caveat in &report.caveats {
        facts.add("caveat", caveat);
    }
    facts.write(&mut page);
    page.into_text()
}
