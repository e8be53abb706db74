//! For every row the two faulty systems, what finds them, as what, and after how many executions.

use std::fmt::Write as _;
use std::sync::Arc;

use ssot_harness::conformance::{Conformance, Promise, differential};
use ssot_harness::prelude::*;
use ssot_harness::reference::legacy::{FaultySystem, Legacy};
use ssot_harness::reference::{
    Config, ExecutionEngineFactory, Mailbox, ObedientModel, ReferenceSubject, Request, ScriptedModel,
};

use crate::hunts::{HUNTS, System, Tuning};
use crate::rows::{Check, ROWS};

/// What a check came to.
struct Found {
    row: u8,
    slug: &'static str,
    system: &'static str,
    by: String,
    expected: Vec<Kind>,
    kinds: Vec<Kind>,
    /// `None` where it is not the same twice, as threads are raced.
    executions: Option<u64>,
    report: String,
}

impl Found {
    fn of_failure(
        (row, slug, system): (u8, &'static str, &'static str),
        by: &str,
        expected: &[Kind],
        verdict: &Verdict,
    ) -> Self {
        let failure = verdict.as_ref().err();
        let mut kinds = Vec::new();
        for violation in failure.into_iter().flat_map(Failure::violations) {
            if !kinds.contains(&violation.kind()) {
                kinds.push(violation.kind());
            }
        }
        Self {
            row,
            slug,
            system,
            by: by.to_owned(),
            expected: expected.to_vec(),
            kinds,
            executions: failure.map(Failure::executions),
            report: format!("{verdict:?}"),
        }
    }

    /// Its line of the table, with the kind that was expected, or all where that one was not found.
    fn line(&self) -> String {
        let expected = self.kinds.iter().find(|kind| self.expected.contains(kind));
        let kind = expected.map_or_else(|| format!("NOT {:?}", self.expected), ToString::to_string);
        let executions = self
            .executions
            .map_or_else(|| "-".to_owned(), |count| count.to_string());
        format!(
            "| {:02} | {} | `{}` | {} | {kind} | {executions} |\n",
            self.row, self.slug, self.system, self.by
        )
    }
}

/// The rows whose faults users see of each other, by the checks of `leak_hunt`.
fn by_isolation() -> Vec<Found> {
    let mut found = Vec::new();
    for hunt in &HUNTS {
        let (legacy, tuning) = (
            hunt.legacy,
            Tuning {
                seed: 0,
                executions: 4_000,
            },
        );
        let variant = legacy.variant();
        let build = move || -> System { variant.make(Arc::new(ScriptedModel::default())) };
        for (system, verdict) in [
            (name_of(legacy), hunt.check(tuning)),
            (variant.name(), hunt.check_system(build, tuning)),
        ] {
            let place = (legacy.row(), legacy.slug(), system);
            let mut one = Found::of_failure(place, "isolation", &[legacy.kind()], &verdict);
            if legacy == Legacy::ParallelOnly {
                one.executions = None;
            }
            found.push(one);
        }
    }
    found
}

/// The name of the factory, which its `Debug` begins with.
fn name_of(legacy: Legacy) -> &'static str {
    let text = format!("{:?}", legacy.factory());
    let end = text.find(|c: char| !c.is_alphanumeric()).unwrap_or(text.len());
    String::leak(text[..end].to_owned())
}

fn by_promise(system: FaultySystem, promise: Promise, expected: &[Kind]) -> Found {
    let subject = Conformance::new(async move || ReferenceSubject::new(|model| system.make(model)));
    let outcome = subject.check(promise);
    Found {
        row: system.row(),
        slug: system.slug(),
        system: system.name(),
        by: promise.to_string(),
        expected: expected.to_vec(),
        kinds: outcome.kinds(),
        executions: Some(outcome.executions()),
        report: outcome.to_string(),
    }
}

fn canonical() -> System {
    let model = Arc::new(ObedientModel::default());
    Box::new(ExecutionEngineFactory::with_model(Config::default(), model))
}

/// Compares answers and errors with those of the canonical implementation.
fn drift(other: impl AsyncFn() -> System + Send + Sync + 'static) -> Verdict {
    differential(async || canonical(), other)
        .users(2, async |user: &User, factory: &System| {
            let sink = Arc::new(Mailbox::default());
            let engine = factory.create_for_user(user.context().into(), sink).await?;
            for prompt in [user.secret("card"), ObedientModel::FAIL.to_owned(), String::new()] {
                match engine.run(Request::new("billing", prompt)).await {
                    Ok(answer) => user.saw(Surface::Reply, &answer.text.contains(&user.secret("card"))),
                    Err(error) => user.saw(Surface::Error, &error.to_string()),
                }
            }
            user.saw(Surface::Reply, &user.secret("card"));
            engine.close().await?;
            Ok(())
        })
        .executions(100)
        .without_regressions()
        .check()
}

fn by_row() -> Vec<Found> {
    let mut found = Vec::new();
    for &system in FaultySystem::ALL {
        let place = (system.row(), system.slug(), system.name());
        let rows = ROWS.iter().filter(|(row, ..)| *row == system.row());
        found.extend(rows.map(|&(_, check, expected)| match check {
            Check::Promise(promise) => by_promise(system, promise, expected),
            Check::Differential => {
                let verdict = drift(async move || system.make(Arc::new(ObedientModel::default())));
                Found::of_failure(place, "differential", expected, &verdict)
            }
        }));
    }
    found
}

#[test]
fn every_row_is_found_in_both_of_its_systems_as_what_it_is() {
    let mut found = by_row();
    found.extend(by_isolation());
    // Stable: the first system of a row stays before the second.
    found.sort_by_key(|found| found.row);
    let wrong = found
        .iter()
        .filter(|one| !one.kinds.iter().any(|kind| one.expected.contains(kind)));
    let wrong: Vec<_> = wrong.map(|one| format!("{}{}", one.line(), one.report)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    let mut table =
        "| row | fault | system | found by | reported as | executions |\n|---|---|---|---|---|---|\n"
            .to_owned();
    for one in &found {
        write!(table, "{}", one.line()).expect("a text takes everything");
    }
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!("catalogue", table.trim_end()));
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/book/src/catalogue.md"));
    let page = page.expect("the book has a page of the catalogue");
    assert!(
        page.contains(table.trim_end()),
        "copy the table of snapshots/catalogue.snap into book/src/catalogue.md"
    );
}

#[test]
fn every_row_but_those_of_source_text_has_two_systems() {
    for row in 1..=52 {
        let legacy = Legacy::ALL.iter().filter(|legacy| legacy.row() == row);
        let systems = 2 * legacy.count()
            + FaultySystem::ALL
                .iter()
                .filter(|system| system.row() == row)
                .count();
        // 24 and 25 are found in source text.
        let expected = if matches!(row, 24 | 25) { 0 } else { 2 };
        assert_eq!(systems, expected, "row {row}");
    }
}

#[test]
fn the_canonical_implementation_differs_from_itself_in_nothing() {
    drift(async || canonical()).expect("there is nothing to find");
}

#[test]
fn every_promise_has_a_row_that_breaks_it() {
    let breaks = |promise: Promise| ROWS.iter().any(|(_, check, _)| *check == Check::Promise(promise));
    let unbroken: Vec<_> = Promise::ALL.iter().filter(|promise| !breaks(**promise)).collect();
    assert!(
        unbroken.is_empty(),
        "{unbroken:?} was never seen to find anything"
    );
}
