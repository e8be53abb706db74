use std::fmt;

use ssot_harness::__command::{Class, Fingerprint, Outcome};

use super::side::{Place, Run, Side};

/// What both sides of a test show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It fails at the base as it declares, with this, and passes here.
    Proven(Fingerprint),
    /// It shows both sides by itself, here.
    ProvenBetween(Fingerprint),
    /// It fails as it declares, at the base and here.
    StillRed,
    /// It passes at the base: it cannot tell the fault from its fix.
    PassesAtBase,
    /// It passes at the base and fails here as it declares.
    Inverted,
    /// It fails at the base with something else.
    AnotherReason { class: Class, message: String },
    /// It fails as it declares at the base, and here in another way.
    FailsHere { class: Class, message: String },
    /// It cannot be compiled.
    Uncompiled { place: Place, why: String },
    /// What it stands on could not be set up.
    SetUpFailed { place: Place, message: String },
    /// It was not over in time.
    TimedOut { place: Place, message: String },
    /// Its check could not have found anything.
    Vacuous { place: Place, message: String },
    /// It left no record, or its body did not run.
    NeverRan { place: Place, message: String },
    /// The rounds of a side do not agree: in how many of them it came to what.
    Flaky {
        place: Place,
        counts: Vec<(Class, usize)>,
    },
    /// The test that ran at the base is not the one that is here.
    SourceDiffers(String),
}

impl Verdict {
    /// What both sides of a test, whose source here hashes to `source`, show.
    ///
    /// The base is judged first: what a test that cannot fail does here is of no matter.
    pub(crate) fn of(source: u64, base: &Side, here: &Side) -> Self {
        let (there, now) = (unanimous(Place::Base, base), unanimous(Place::Here, here));
        if let Ok(Some(run)) = &now
            && run.outcome.class == Class::ProvenBetween
            && run.source == source
            && let Some(fingerprint) = &run.outcome.fingerprint
        {
            return Self::ProvenBetween(fingerprint.clone());
        }
        let (there, now) = match (there, now) {
            (Err(verdict), _) | (Ok(_), Err(verdict)) => return verdict,
            (Ok(None), _) | (_, Ok(None)) => return Self::never_ran(Place::Base, ""),
            (Ok(Some(there)), Ok(Some(now))) => (there, now),
        };
        if there.source != source || now.source != source {
            return Self::SourceDiffers("another test ran under its name".to_owned());
        }
        match (there.outcome.class, now.outcome.class) {
            (Class::Declared, Class::Passed) => match &there.outcome.fingerprint {
                Some(fingerprint) => Self::Proven(fingerprint.clone()),
                None => Self::other(Place::Base, &there.outcome),
            },
            (Class::Declared, Class::Declared) => Self::StillRed,
            (Class::Declared, _) => Self::other(Place::Here, &now.outcome),
            (Class::Passed | Class::ProvenBetween, Class::Declared) => Self::Inverted,
            (Class::Passed | Class::ProvenBetween, _) => Self::PassesAtBase,
            _ => Self::other(Place::Base, &there.outcome),
        }
    }

    /// A failure that is no evidence.
    fn other(place: Place, outcome: &Outcome) -> Self {
        let message = outcome.message.clone();
        match (outcome.class, place) {
            (Class::SetUpError, _) => Self::SetUpFailed { place, message },
            (Class::Timeout, _) => Self::TimedOut { place, message },
            (Class::Vacuous, _) => Self::Vacuous { place, message },
            (Class::NotRun, _) => Self::NeverRan { place, message },
            (class, Place::Base) => Self::AnotherReason { class, message },
            (class, Place::Here) => Self::FailsHere { class, message },
        }
    }

    fn never_ran(place: Place, message: &str) -> Self {
        Self::NeverRan {
            place,
            message: message.to_owned(),
        }
    }

    /// Whether this is proof.
    pub(crate) fn is_proof(&self) -> bool {
        matches!(self, Self::Proven(_) | Self::ProvenBetween(_))
    }

    /// The verdict in one word, for programs.
    pub(crate) fn word(&self) -> &'static str {
        match self {
            Self::Proven(_) => "proven",
            Self::ProvenBetween(_) => "proven-between",
            Self::StillRed => "still-red",
            Self::PassesAtBase => "passes-at-base",
            Self::Inverted => "inverted",
            Self::AnotherReason { .. } => "another-reason",
            Self::FailsHere { .. } => "fails-here",
            Self::Uncompiled { .. } => "does-not-compile",
            Self::SetUpFailed { .. } => "set-up-failed",
            Self::TimedOut { .. } => "timed-out",
            Self::Vacuous { .. } => "vacuous",
            Self::NeverRan { .. } => "never-ran",
            Self::Flaky { .. } => "flaky",
            Self::SourceDiffers(_) => "source-differs",
        }
    }

    /// On which side it was decided, where it was one.
    pub(crate) fn place(&self) -> Option<Place> {
        match self {
            Self::PassesAtBase | Self::AnotherReason { .. } => Some(Place::Base),
            Self::FailsHere { .. } | Self::ProvenBetween(_) => Some(Place::Here),
            Self::Uncompiled { place, .. }
            | Self::SetUpFailed { place, .. }
            | Self::TimedOut { place, .. }
            | Self::Vacuous { place, .. }
            | Self::NeverRan { place, .. }
            | Self::Flaky { place, .. } => Some(*place),
            Self::Proven(_) | Self::StillRed | Self::Inverted | Self::SourceDiffers(_) => None,
        }
    }

    /// What was said, by the test or the compiler; empty where there was nothing to say.
    pub(crate) fn said(&self) -> &str {
        match self {
            Self::AnotherReason { message, .. }
            | Self::FailsHere { message, .. }
            | Self::SetUpFailed { message, .. }
            | Self::TimedOut { message, .. }
            | Self::Vacuous { message, .. }
            | Self::NeverRan { message, .. } => message,
            Self::Uncompiled { why, .. } | Self::SourceDiffers(why) => why,
            Self::Proven(_)
            | Self::ProvenBetween(_)
            | Self::StillRed
            | Self::PassesAtBase
            | Self::Inverted
            | Self::Flaky { .. } => "",
        }
    }
}

/// In one line, behind the test's name.
impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Proven(fingerprint) => write!(f, "failed at the base ({fingerprint}), passes here"),
            Self::ProvenBetween(_) => f.write_str("proves both sides by itself, and needs no base"),
            Self::StillRed => f.write_str("fails as declared at the base, and here"),
            Self::PassesAtBase => f.write_str("passes at the base"),
            Self::Inverted => f.write_str("passes at the base, and fails as declared here"),
            Self::AnotherReason { class, .. } => write!(f, "at the base {class}"),
            Self::FailsHere { class, .. } => write!(f, "failed at the base as declared; here {class}"),
            Self::Uncompiled { place, .. } => write!(f, "does not compile {place}"),
            Self::SetUpFailed { place, .. } => write!(f, "its set-up failed {place}"),
            Self::TimedOut { place, .. } => write!(f, "timed out {place}"),
            Self::Vacuous { place, .. } => write!(f, "its check could not have found anything {place}"),
            Self::NeverRan { place, .. } => write!(f, "never ran {place}"),
            Self::Flaky { place, counts } => {
                let rounds: usize = counts.iter().map(|(_, count)| count).sum();
                write!(f, "is flaky {place}: in {rounds} rounds")?;
                for (index, (class, count)) in counts.iter().enumerate() {
                    write!(f, "{} {class} {count}×", if index == 0 { "" } else { "," })?;
                }
                Ok(())
            }
            Self::SourceDiffers(_) => f.write_str("is not the same test at the base"),
        }
    }
}

/// What every round of a side came to, in the words of the first; `None` where nobody ran it.
fn unanimous(place: Place, side: &Side) -> Result<Option<&Run>, Verdict> {
    let rounds = match side {
        Side::NotNeeded => return Ok(None),
        Side::Uncompiled(why) => {
            return Err(Verdict::Uncompiled {
                place,
                why: why.clone(),
            });
        }
        Side::Differs(why) => return Err(Verdict::SourceDiffers(why.clone())),
        Side::Ran(rounds) => rounds,
    };
    let mut counts: Vec<(Class, usize)> = Vec::new();
    for round in rounds {
        let class = round.as_ref().map_or(Class::NotRun, |run| run.outcome.class);
        match counts.iter_mut().find(|(counted, _)| *counted == class) {
            Some((_, count)) => *count += 1,
            None => counts.push((class, 1)),
        }
    }
    if counts.len() > 1 {
        return Err(Verdict::Flaky { place, counts });
    }
    match rounds.first() {
        Some(Some(run)) => Ok(Some(run)),
        _ => Err(Verdict::never_ran(place, "")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: u64 = 7;

    fn run(class: Class) -> Run {
        let fingerprint = matches!(class, Class::Declared | Class::ProvenBetween)
            .then(|| Fingerprint::of_message("cards are shared"));
        let outcome = Outcome {
            class,
            fingerprint,
            message: String::new(),
        };
        Run {
            source: SOURCE,
            outcome,
        }
    }

    fn ran(classes: &[Class]) -> Side {
        Side::Ran(classes.iter().map(|class| Some(run(*class))).collect())
    }

    /// One round of the test with another source.
    fn edited(class: Class) -> Side {
        Side::Ran(vec![Some(Run {
            source: SOURCE + 1,
            ..run(class)
        })])
    }

    #[test]
    fn a_verdict_for_every_class_on_both_sides() {
        use Class::*;
        let rows = [
            (Passed, "passes-at-base"),
            (Declared, "-"),
            (ProvenBetween, "passes-at-base"),
            (AnotherViolation, "another-reason"),
            (AnotherPanic, "another-reason"),
            (TaskPanic, "another-reason"),
            (Resumed, "another-reason"),
            (AnotherError, "another-reason"),
            (SetUpError, "set-up-failed"),
            (TearDownError, "another-reason"),
            (Timeout, "timed-out"),
            (Vacuous, "vacuous"),
            (NotRun, "never-ran"),
        ];
        let declared = [
            (Passed, "proven"),
            (Declared, "still-red"),
            (AnotherViolation, "fails-here"),
            (AnotherPanic, "fails-here"),
            (TaskPanic, "fails-here"),
            (Resumed, "fails-here"),
            (AnotherError, "fails-here"),
            (SetUpError, "set-up-failed"),
            (TearDownError, "fails-here"),
            (Timeout, "timed-out"),
            (Vacuous, "vacuous"),
            (NotRun, "never-ran"),
        ];
        for (base, word) in rows {
            for here in Class::ALL {
                let expected = match (base, here) {
                    (_, ProvenBetween) => "proven-between",
                    (Passed | ProvenBetween, Declared) => "inverted",
                    (Declared, _) => declared.iter().find(|(class, _)| *class == here).unwrap().1,
                    _ => word,
                };
                let verdict = Verdict::of(SOURCE, &ran(&[base]), &ran(&[here]));
                assert_eq!(verdict.word(), expected, "{base:?} at the base, {here:?} here");
                let proof = ["proven", "proven-between"].contains(&expected);
                assert_eq!(verdict.is_proof(), proof, "{verdict:?}");
            }
        }
    }

    #[test]
    fn a_side_that_did_not_run_is_told_by_its_reason() {
        let passed = ran(&[Class::Passed]);
        let declared = ran(&[Class::Declared]);
        let uncompiled = Side::Uncompiled("no such method".to_owned());
        let rows = [
            (
                uncompiled.clone(),
                passed.clone(),
                "does-not-compile",
                Some(Place::Base),
            ),
            (
                declared.clone(),
                uncompiled,
                "does-not-compile",
                Some(Place::Here),
            ),
            (
                Side::Ran(vec![None]),
                passed.clone(),
                "never-ran",
                Some(Place::Base),
            ),
            (
                Side::Ran(Vec::new()),
                passed.clone(),
                "never-ran",
                Some(Place::Base),
            ),
            (
                declared.clone(),
                Side::Ran(vec![None]),
                "never-ran",
                Some(Place::Here),
            ),
            (Side::NotNeeded, passed.clone(), "never-ran", Some(Place::Base)),
            (
                Side::Differs("it is in src".to_owned()),
                passed,
                "source-differs",
                None,
            ),
            (
                Side::NotNeeded,
                ran(&[Class::ProvenBetween]),
                "proven-between",
                Some(Place::Here),
            ),
        ];
        for (base, here, word, place) in rows {
            let verdict = Verdict::of(SOURCE, &base, &here);
            assert_eq!(
                (verdict.word(), verdict.place()),
                (word, place),
                "{base:?}, {here:?}"
            );
        }
    }

    #[test]
    fn every_round_counts() {
        use Class::{Declared, Passed};
        let steady = Verdict::of(SOURCE, &ran(&[Declared; 3]), &ran(&[Passed; 3]));
        assert_eq!(steady.word(), "proven");
        let flaky = Verdict::of(SOURCE, &ran(&[Declared, Passed, Declared]), &ran(&[Passed; 3]));
        let counts = vec![(Declared, 2), (Passed, 1)];
        assert_eq!(
            flaky,
            Verdict::Flaky {
                place: Place::Base,
                counts
            }
        );
        assert_eq!(
            flaky.to_string(),
            "is flaky at the base: in 3 rounds it failed as declared 2×, it passed 1×"
        );
        let flaky_here = Verdict::of(SOURCE, &ran(&[Declared; 2]), &ran(&[Passed, Declared]));
        assert_eq!(
            (flaky_here.word(), flaky_here.place()),
            ("flaky", Some(Place::Here))
        );
        let sometimes = Side::Ran(vec![Some(run(Declared)), None]);
        assert_eq!(Verdict::of(SOURCE, &sometimes, &ran(&[Passed])).word(), "flaky");
    }

    #[test]
    fn only_the_same_source_is_evidence() {
        let base = edited(Class::Declared);
        let verdict = Verdict::of(SOURCE, &base, &ran(&[Class::Passed]));
        assert_eq!(verdict.word(), "source-differs");
        let here = edited(Class::Passed);
        let verdict = Verdict::of(SOURCE, &ran(&[Class::Declared]), &here);
        assert_eq!(verdict.word(), "source-differs");
    }
}
