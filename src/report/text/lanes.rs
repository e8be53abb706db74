use super::ending;
use super::page::{Line, Page, Tone};
use super::tasks;
use super::timeline::Timeline;
use super::truncation::{Shown, truncated};
use super::words::counted;
use crate::report::Finding;
use crate::report::folding::folded;
use crate::report::rows::{Row, TimelineEvent, rows};

/// The execution as lanes, one a user, time downwards.
pub(super) fn write(page: &mut Page, finding: &Finding) {
    let all = folded(&rows(finding));
    if all.is_empty() {
        return;
    }
    page.title(Tone::Title, &title(finding));
    let before = &all[..=focus(&all, finding)];
    let sheet = Timeline::new(page.width(), finding, before);
    let lanes: Vec<_> = all
        .iter()
        .filter(|row| row.user().is_none_or(|user| sheet.has(user)))
        .cloned()
        .collect();
    let accused = finding.violations.iter().take(1);
    let accused: Vec<_> = accused
        .flat_map(|violation| [violation.user_index(), violation.owner_index()])
        .flatten()
        .collect();
    let shown = truncated(&lanes, focus(&lanes, finding), &accused);
    sheet.write(page, &lanes, &shown);
    ending::explain(page, finding);
    let rows = shown.iter().filter_map(|shown| match *shown {
        Shown::Row(index) => Some(&lanes[index]),
        Shown::Gap { .. } => None,
    });
    tasks::explain(page, finding, rows);
    if let Some(hidden) = sheet.hidden(&all) {
        page.hanging(Line::indented(2), Tone::Faint, &hidden);
    }
}

fn title(finding: &Finding) -> String {
    let run = &finding.run;
    if run.decisions().is_empty() {
        return "what the users saw, in order".to_owned();
    }
    let preemptions = (run.preemptions(), "preemption");
    let drops = run.dropped().iter().filter(|&&dropped| dropped).count();
    let drops = (u32::try_from(drops).unwrap_or(u32::MAX), "dropped call");
    let extras: Vec<_> = [preemptions, drops]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, noun)| counted(count, noun))
        .collect();
    let steps = counted(run.decisions().len(), "step");
    if extras.is_empty() {
        format!("how it happens, in {steps} without a preemption")
    } else {
        format!("how it happens, in {steps} with {}", extras.join(" and "))
    }
}

/// The row in which the first violation shows, or the last one up to its step.
fn focus(rows: &[Row<'_>], finding: &Finding) -> usize {
    let Some(first) = finding.violations.first() else {
        return rows.len().saturating_sub(1);
    };
    let shows = rows.iter().position(|row| {
        matches!(row.what, TimelineEvent::Saw { violation: Some(violation), .. } if violation.key() == first.key())
            && u32::try_from(row.first) == Ok(first.step())
    });
    let step = usize::try_from(first.step()).unwrap_or(usize::MAX);
    shows
        .or_else(|| rows.iter().rposition(|row| row.first <= step && step > 0))
        .unwrap_or(rows.len().saturating_sub(1))
}
