use super::at_base::AtBase;
use super::rounds::Rounds;
use super::side::{Place, Side};
use super::verdict::Verdict;
use crate::error::{Error, ErrorKind};
use crate::program::{Built, TargetKind, TestRef, Uncompiled};
use crate::survey::nothing_meant;

/// What is to be proven.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Subject<'a> {
    /// A fail-first test.
    Test(TestRef<'a>),
    /// Whatever tests are in a target that does not compile here.
    Target(&'a Uncompiled),
}

/// What came of it.
#[derive(Clone, Debug)]
pub(crate) struct Proof<'a> {
    pub(crate) of: Subject<'a>,
    pub(crate) verdict: Verdict,
}

/// What the filters mean of what was built.
///
/// # Errors
///
/// Where that is nothing, or what tests stand on does not compile.
pub(crate) fn subjects<'a>(built: &'a Built, filters: &[String]) -> Result<Vec<Subject<'a>>, Error> {
    let is_target = |uncompiled: &&Uncompiled| uncompiled.kind == TargetKind::Test;
    if let Some(uncompiled) = built.uncompiled.iter().find(|uncompiled| !is_target(uncompiled)) {
        let what = format!("{} does not compile here", uncompiled.target);
        let remedy = "see that `cargo build --tests` works, and call this again";
        return Err(Error::new(ErrorKind::Build, what, remedy).with_details(&*uncompiled.errors));
    }
    let tests = built.tests().filter(|test| test.is_meant_by(filters));
    let targets = built
        .uncompiled
        .iter()
        .filter(|uncompiled| may_hold(uncompiled, filters));
    let subjects: Vec<Subject<'a>> = tests
        .map(Subject::Test)
        .chain(targets.map(Subject::Target))
        .collect();
    if subjects.is_empty() {
        return Err(nothing_meant(built, filters));
    }
    Ok(subjects)
}

/// Whether a target that does not compile may hold a test that is meant.
fn may_hold(uncompiled: &Uncompiled, filters: &[String]) -> bool {
    let krate = uncompiled.target.replace('-', "_");
    let begins = |filter: &String| krate.contains(&**filter) || filter.starts_with(&krate);
    filters.is_empty() || filters.iter().any(begins)
}

impl AtBase<'_> {
    /// Runs the tests here, then those at the base that need it, and judges all of them.
    ///
    /// # Errors
    ///
    /// Where git, cargo or the runner fails, or a signal comes.
    pub(crate) fn proofs<'a>(&self, subjects: Vec<Subject<'a>>) -> Result<Vec<Proof<'a>>, Error> {
        let tests: Vec<TestRef<'a>> = subjects.iter().filter_map(Subject::test).collect();
        let rounds = Rounds::run(
            self.project,
            &tests,
            self.runner,
            self.options,
            self.repeat,
            self.progress,
        )?;
        let here: Vec<Side> = tests
            .iter()
            .map(|test| rounds.of_test(&test.identity()))
            .collect();
        let needs_base = |(test, here): (&TestRef<'a>, &Side)| {
            let alone = Verdict::of(test.fingerprint(), &Side::NotNeeded, here);
            !matches!(alone, Verdict::ProvenBetween(_))
        };
        let wanted: Vec<bool> = tests.iter().zip(&here).map(needs_base).collect();
        let at_base: Vec<TestRef<'a>> = tests
            .iter()
            .zip(&wanted)
            .filter_map(|(test, wanted)| wanted.then_some(*test))
            .collect();
        let mut at_base = self.sides(&at_base)?.into_iter();
        let sides = wanted
            .iter()
            .map(|wanted| if *wanted { at_base.next() } else { None }.unwrap_or(Side::NotNeeded));
        let mut verdicts = tests
            .iter()
            .zip(sides.zip(&here))
            .map(|(test, (base, here))| Verdict::of(test.fingerprint(), &base, here))
            .collect::<Vec<_>>()
            .into_iter();
        Ok(subjects
            .into_iter()
            .filter_map(|of| {
                let verdict = match of {
                    Subject::Test(_) => verdicts.next()?,
                    Subject::Target(uncompiled) => Verdict::Uncompiled {
                        place: Place::Here,
                        why: uncompiled.errors.clone(),
                    },
                };
                Some(Proof { of, verdict })
            })
            .collect())
    }
}

impl<'a> Subject<'a> {
    fn test(&self) -> Option<TestRef<'a>> {
        match self {
            Self::Test(test) => Some(*test),
            Self::Target(_) => None,
        }
    }
}
