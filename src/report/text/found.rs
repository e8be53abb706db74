use std::collections::BTreeMap;

use console::measure_text_width;

use super::facts::Facts;
use super::page::{Line, Page, Tone};
use super::words::{counted, elapsed, grouped, grouped_in, listed};
use crate::oracle::LeftOut;
use crate::report::{Finding, SearchSummary};
use crate::user::IdentityMode;

/// How many generated actions of a user are shown.
const MOST_ACTIONS: usize = 12;

/// How it was found, and how it was made smaller.
pub(super) fn write(page: &mut Page, finding: &Finding) {
    page.title(Tone::Title, "how it was found");
    let search = &finding.search;
    let mut facts = Facts::default();
    let alone = match search.alone {
        0 => String::new(),
        some => format!(" and {} with one user alone", grouped(some)),
    };
    facts.add(
        "by",
        format!(
            "{}, after {}{alone} ({})",
            finding.found_by,
            counted(search.executions, "execution"),
            elapsed(search.elapsed)
        ),
    );
    let shrinking = finding.shrinking;
    if shrinking.attempts > 0 {
        let (preemptions, steps) = (finding.run.preemptions(), finding.run.decisions().len());
        let attempts = counted(shrinking.attempts, "attempt");
        let unchanged = (preemptions, steps) == (shrinking.preemptions_before, shrinking.steps_before);
        let shrunk = if unchanged {
            format!("nothing more could be left out, in {attempts}")
        } else {
            format!(
                "from {} in {} to {} in {}, in {attempts}",
                counted(shrinking.preemptions_before, "preemption"),
                counted(shrinking.steps_before, "step"),
                grouped(preemptions.into()),
                grouped(steps as u64),
            )
        };
        facts.add("shrunk", shrunk);
    }
    coverage(&mut facts, search);
    left_out(&mut facts, &finding.left_out);
    facts.add("identities", identities(finding.identities));
    facts.add("seed", search.seed.to_string());
    facts.write(page);
    if let Some(inputs) = &finding.inputs {
        write_inputs(page, finding, inputs);
    }
}

/// What a search went through, whatever it came to.
pub(super) fn coverage(facts: &mut Facts, search: &SearchSummary) {
    if search.raced > 0 {
        facts.add("racing pairs", counted(search.raced, "execution"));
    }
    if search.fair > 0 {
        facts.add(
            "spinning",
            format!(
                "{} came to a fair end, for somebody polled again and again",
                counted(search.fair, "execution")
            ),
        );
    }
    if !search.portions.is_empty() {
        let strategies: Vec<_> = search
            .portions
            .iter()
            .map(|(portion, count)| format!("{portion} {}", grouped(*count)))
            .collect();
        facts.add("strategies", strategies.join(", "));
    }
    // A search that was over before it had every schedule without a preemption certifies nothing.
    let certificate = search
        .certificate
        .as_ref()
        .filter(|certificate| certificate.schedules() > 0);
    if let Some(certificate) = certificate {
        facts.add(
            "certificate",
            format!(
                "{}; ready awaits are no part of it",
                grouped_in(&certificate.to_string())
            ),
        );
    }
    if search.distinct > 0 {
        facts.add("outcomes", format!("{} distinct", grouped(search.distinct)));
    }
    if search.inputs > 0 {
        facts.add("inputs", format!("{} generated", counted(search.inputs, "set")));
    }
}

/// What was not compared with solo runs, in a line for each place.
pub(super) fn left_out(facts: &mut Facts, all: &[LeftOut]) {
    /// How many places are named.
    const MOST: usize = 8;
    let mut places: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for left_out in all {
        let place = match (left_out.surface(), left_out.observation()) {
            (None, _) => "how the script ends".to_owned(),
            (Some(surface), None) => format!("all of {surface}, of which there are more or fewer"),
            (Some(surface), Some(number)) if left_out.pointer().is_empty() => {
                format!("{surface} {number}, in part")
            }
            (Some(surface), Some(number)) => format!("{surface} {number} at {}", left_out.pointer()),
        };
        let users = places.entry(place).or_default();
        let user = crate::user::name(left_out.user_index());
        if !users.contains(&user) {
            users.push(user);
        }
    }
    for (place, users) in places.iter().take(MOST) {
        let users: Vec<_> = users.iter().map(String::as_str).collect();
        let what = format!("{place} ({}): differs between solo runs", listed(&users, 3));
        facts.add("not compared", what);
    }
    if places.len() > MOST {
        facts.add("not compared", format!("and {} more", places.len() - MOST));
    }
}

fn identities(mode: IdentityMode) -> String {
    match mode {
        IdentityMode::Distinct => mode.to_string(),
        IdentityMode::Colliding => format!("{mode}: the users share thread and session ids"),
        IdentityMode::LookAlike => format!("{mode}: ids begin with each other, as user-1 and user-10 do"),
    }
}

fn write_inputs(page: &mut Page, finding: &Finding, inputs: &[Vec<String>]) {
    page.title(Tone::Title, "what the users did, as generated");
    let names = || {
        finding
            .names
            .iter()
            .map(String::as_str)
            .chain(std::iter::repeat("a user"))
    };
    let widest = names()
        .take(inputs.len())
        .map(measure_text_width)
        .max()
        .unwrap_or_default();
    for (name, actions) in names().zip(inputs) {
        let mut lead = Line::indented(2).and(Tone::Title, name).padded(widest + 4);
        if actions.is_empty() {
            page.line(lead.and(Tone::Faint, "nothing"));
            continue;
        }
        for (action, number) in actions.iter().zip(1..=MOST_ACTIONS) {
            page.hanging(lead.and(Tone::Faint, format!("{number}. ")), Tone::Plain, action);
            lead = Line::indented(widest + 4);
        }
        if actions.len() > MOST_ACTIONS {
            page.line(lead.and(Tone::Faint, format!("and {} more", actions.len() - MOST_ACTIONS)));
        }
    }
}
