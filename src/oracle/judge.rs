use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use serde_json::Value;

use super::evidence::{Evidence, ScriptOutcome};
use super::identity::Coincidences;
use super::registry::REGISTRY;
use super::rules::Rules;
use super::solo::{self, Alone, Comparison, Extent};
use super::text_search::Cache;
use super::text_search::SecretSearch;
use super::{Encoding, ExecutionView, Kind, LeftOut, Violation, identity, secrets};
use crate::digest::Digest;
use crate::trace::{Observation, Stream, Surface, Trace};
use crate::user::Population;

/// Executions and lanes that are remembered to be clean.
const CLEAN: usize = 65_536;

/// Judges the executions of one script under one identity seed.
///
/// Most executions of a search show what others showed before. What was clean once is remembered by its digest: a
/// whole execution, and a lane by itself. What was not clean is judged again every time.
#[derive(Debug)]
pub(crate) struct Judge {
    pub(super) population: Arc<Population>,
    pub(super) rules: Arc<Rules>,
    pub(super) search: SecretSearch,
    pub(super) coincidences: Coincidences,
    pub(super) known_panics: HashSet<String>,
    #[cfg(feature = "http")]
    pub(super) constants: super::credentials::Constants,
    /// By user; `None` where no solo run was learnt.
    pub(super) alone: Vec<Option<Alone>>,
    pub(super) sees_own: Vec<bool>,
    pub(super) clean: Cache<()>,
}

impl Judge {
    pub(crate) fn new(population: Arc<Population>, rules: Arc<Rules>) -> Self {
        let users = population.len();
        Self {
            search: SecretSearch::new(&population),
            population,
            rules,
            coincidences: Coincidences::default(),
            known_panics: HashSet::new(),
            #[cfg(feature = "http")]
            constants: super::credentials::Constants::default(),
            alone: (0..users).map(|_| None).collect(),
            sees_own: vec![false; users],
            clean: Cache::new(CLEAN),
        }
    }

    /// A digest of what users saw, in order, without what differs between solo runs too.
    pub(crate) fn outcome(&self, trace: &Trace) -> u64 {
        let is_noisy = self.alone.iter().flatten().any(Alone::is_noisy);
        if !is_noisy {
            return trace.fingerprint();
        }
        let streams = trace.streams(|_| true);
        let seen = streams.iter().map(|stream| match &self.alone[stream.viewer()] {
            Some(alone) => alone.digest(&self.population, stream),
            None => stream.digest(),
        });
        seen.fold(Digest::new(), Digest::word).finish()
    }

    /// What is left out of comparisons with solo runs, by user.
    pub(crate) fn left_out(&self) -> Vec<LeftOut> {
        let users = self.alone.iter().enumerate();
        users
            .filter_map(|(user, alone)| Some(alone.as_ref()?.left_out(user)))
            .flatten()
            .collect()
    }

    /// The users of whom every observation is declared to differ, so that nothing is compared.
    pub(crate) fn uncompared_users(&self) -> Vec<usize> {
        let users = self.alone.iter().enumerate();
        users
            .filter(|(_, alone)| {
                alone
                    .as_ref()
                    .is_some_and(|alone| alone.may_all_differ(&self.rules))
            })
            .map(|(user, _)| user)
            .collect()
    }

    /// The users who saw no secret of their own in their solo run: a search that could not have found anything.
    pub(crate) fn blind_users(&self) -> Vec<usize> {
        (0..self.population.len())
            .filter(|&user| !self.sees_own[user])
            .collect()
    }

    /// What the execution did wrong, the most telling first, each fault once.
    pub(crate) fn judge(&mut self, evidence: &Evidence<'_>) -> Vec<Violation> {
        if self.search.refresh(&self.population) {
            self.clean.clear();
        }
        // Those of the test may look at anything, and are asked every time.
        let own = self.rules.oracles.iter().flat_map(|oracle| {
            let found = oracle.judge(&self.view(evidence));
            found
                .into_iter()
                .map(|violation| violation.ruled_by(oracle.name()))
        });
        let own: Vec<_> = own.collect();
        let mut violations = self.judge_bundled(evidence);
        violations.extend(own);
        most_telling_first(violations)
    }

    fn judge_bundled(&mut self, evidence: &Evidence<'_>) -> Vec<Violation> {
        let streams = self.streams(evidence);
        let digest = digest(&streams, evidence);
        if self.clean.get(digest).is_some() {
            return Vec::new();
        }
        let view = self.view(evidence);
        let mut violations: Vec<_> = REGISTRY.iter().flat_map(|oracle| oracle.judge(&view)).collect();
        #[cfg(feature = "http")]
        violations.extend(super::credentials::judge(
            &self.population,
            &self.rules,
            &self.constants,
            evidence,
        ));
        for user in 0..self.population.len() {
            violations.extend(self.judge_user(user, of_user(&streams, user), evidence));
        }
        if violations.is_empty() {
            self.clean.insert(digest, ());
        }
        violations
    }

    fn view<'a>(&'a self, evidence: &'a Evidence<'a>) -> ExecutionView<'a> {
        ExecutionView {
            population: &self.population,
            together: self.rules.together,
            known_panics: &self.known_panics,
            evidence,
        }
    }

    pub(super) fn streams<'a>(&self, evidence: &Evidence<'a>) -> Vec<Stream<'a>> {
        evidence
            .trace
            .streams(|observation| self.rules.cover(observation))
    }

    fn judge_user(&mut self, user: usize, own: &[Stream<'_>], evidence: &Evidence<'_>) -> Vec<Violation> {
        let ended = (evidence.ended.of_user)(user);
        let mut violations = self.judge_error(user, evidence.script_outcome(user), ended);
        let declared = self.declared(own);
        let is_turned_away = self.is_turned_away(user, &declared, evidence);
        let script_outcome =
            if is_turned_away && matches!(evidence.script_outcome(user), ScriptOutcome::Failed(_)) {
                None
            } else {
                self.judge_script_outcome(user, evidence, ended)
            };
        let extent = match script_outcome {
            Some(_) => None,
            None => self.extent(user, evidence),
        };
        let extent = match extent {
            Some(Extent::Whole | Extent::Beginning) if is_turned_away => Some(Extent::Some),
            extent => extent,
        };
        violations.extend(script_outcome);
        for stream in own {
            let extent = match evidence.script_outcome(user) {
                ScriptOutcome::Cancelled { step } => extent.map(|_| Extent::First(before(stream, *step))),
                _ => extent,
            };
            violations.extend(self.judge_stream(stream, &declared, extent, ended));
        }
        if let Some(alone) = &self.alone[user]
            && extent == Some(Extent::Whole)
        {
            let missing = alone
                .surfaces()
                .filter(|&surface| own.iter().all(|stream| stream.surface() != surface));
            violations.extend(missing.filter_map(|surface| {
                let comparison = self.comparison(user, &declared);
                let difference = alone.difference(comparison, surface, &[], Extent::Whole)?;
                Some(solo::violation(
                    &self.population,
                    user,
                    surface,
                    difference,
                    ended,
                ))
            }));
        }
        violations
    }

    fn comparison<'c>(&'c self, viewer: usize, declared: &'c HashSet<u64>) -> Comparison<'c> {
        Comparison {
            population: &self.population,
            viewer,
            rules: &self.rules,
            declared,
        }
    }

    /// The digests of the observations that are declared: that may differ, or show what is shared on purpose.
    fn declared(&mut self, own: &[Stream<'_>]) -> HashSet<u64> {
        if self.rules.may_differ.is_empty() && self.rules.shared.is_empty() {
            return HashSet::new();
        }
        let seen = own
            .iter()
            .flat_map(|stream| stream.observations().iter().copied());
        let declared = seen.filter(|&observation| {
            self.rules.may_differ(observation)
                || secrets::shows_shared(&self.rules, &mut self.search, observation)
                || identity::shows_shared(&self.rules, &mut self.search, observation)
        });
        declared.map(Observation::digest).collect()
    }

    /// Whether the user was shown something declared that it does not see alone: it may stand for what is missing then, as a
    /// refusal does.
    fn is_turned_away(&self, user: usize, declared: &HashSet<u64>, evidence: &Evidence<'_>) -> bool {
        let Some(alone) = &self.alone[user] else {
            return false;
        };
        declared.iter().any(|&digest| !alone.shows(digest))
            || matches!(evidence.script_outcome(user), ScriptOutcome::Failed(error)
                if self.rules.may_differ(&shown(user, error, 0)))
    }

    /// Whose script returned an error that is neither compared with a solo run nor declared, and which.
    pub(crate) fn uncompared_error<'o>(
        &self,
        script_outcomes: &'o [ScriptOutcome],
    ) -> Option<(usize, &'o str)> {
        if self.rules.compare_alone {
            return None;
        }
        let mut all = script_outcomes.iter().enumerate();
        all.find_map(|(user, script_outcome)| match script_outcome {
            ScriptOutcome::Failed(error) if !self.rules.may_differ(&shown(user, error, 0)) => {
                Some((user, &**error))
            }
            _ => None,
        })
    }

    /// What a script fails with is what its user is shown, whether or not the script says so.
    fn judge_error(&mut self, user: usize, script_outcome: &ScriptOutcome, ended: u32) -> Vec<Violation> {
        let ScriptOutcome::Failed(error) = script_outcome else {
            return Vec::new();
        };
        let shown = shown(user, error, ended);
        if !self.rules.cover(&shown) {
            return Vec::new();
        }
        let mut violations = secrets::judge_alone(&self.population, &self.rules, &mut self.search, &shown);
        violations.extend(identity::judge_alone(
            &self.population,
            &self.rules,
            &mut self.search,
            &self.coincidences,
            &shown,
        ));
        violations
    }

    fn judge_script_outcome(&self, user: usize, evidence: &Evidence<'_>, ended: u32) -> Option<Violation> {
        let here = evidence.script_outcome(user);
        // That others may change what a user gets is no licence to make it panic.
        if !self.rules.compare_alone && !matches!(here, ScriptOutcome::Panicked(_)) {
            return None;
        }
        let step = evidence
            .panics
            .iter()
            .find(|note| note.user == Some(user))
            .map_or(ended, |note| note.step);
        solo::judge_script_outcome(&self.population, user, self.alone[user].as_ref()?, here, step)
    }

    /// How much of its solo run the user has to see; `None` where there is nothing to compare with.
    fn extent(&self, user: usize, evidence: &Evidence<'_>) -> Option<Extent> {
        let alone = self.alone[user].as_ref()?.script_outcome();
        if !self.rules.compare_alone
            || matches!(alone, ScriptOutcome::Cancelled { .. } | ScriptOutcome::Unfinished)
        {
            return None;
        }
        Some(match evidence.script_outcome(user) {
            // Each lane has its own number of observations before the drop.
            ScriptOutcome::Cancelled { .. } => Extent::First(0),
            ScriptOutcome::Unfinished => Extent::Beginning,
            // Who finished before a hang may still wait for what others were to send.
            _ if evidence.hang.is_some() => Extent::Beginning,
            _ => Extent::Whole,
        })
    }

    fn judge_stream(
        &mut self,
        stream: &Stream<'_>,
        declared: &HashSet<u64>,
        extent: Option<Extent>,
        ended: u32,
    ) -> Vec<Violation> {
        let digest = Digest::new()
            .word(stream.digest())
            .word(match extent {
                None => 0,
                Some(Extent::Whole) => 1,
                Some(Extent::Beginning) => 2,
                Some(Extent::Some) => 3,
                Some(Extent::First(count)) => 4 + count as u64,
            })
            .finish();
        if self.clean.get(digest).is_some() {
            return Vec::new();
        }
        let (viewer, surface) = (stream.viewer(), stream.surface());
        let mut blamed = BTreeSet::new();
        let mut violations = secrets::judge(
            &self.population,
            &self.rules,
            &mut self.search,
            stream,
            &mut blamed,
        );
        violations.extend(identity::judge(
            &self.population,
            &self.rules,
            &mut self.search,
            &self.coincidences,
            stream,
            &mut blamed,
        ));
        if let Some(extent) = extent
            && solo::is_compared(surface)
            && let Some(alone) = &self.alone[viewer]
            && let Some(difference) = alone.difference(self.comparison(viewer, declared), surface, stream.observations(), extent)
            // What others put there is already said; that it differs says nothing more.
            && !blamed.contains(&difference.place)
        {
            violations.push(solo::violation(
                &self.population,
                viewer,
                surface,
                difference,
                ended,
            ));
        }
        if violations.is_empty() {
            self.clean.insert(digest, ());
        }
        violations
    }
}

/// An error that a script returns, as its user is shown it.
fn shown(user: usize, error: &str, step: u32) -> Observation {
    Observation::new(user, Surface::Error, Value::from(error).to_string(), step)
}

/// Everything that decides whether an execution is clean. Each field of the evidence is named here, so that one that is new
/// cannot be left out: executions that differ in it alone would be taken for the same.
fn digest(streams: &[Stream<'_>], evidence: &Evidence<'_>) -> u64 {
    let Evidence {
        // Judged by streams.
        trace: _,
        script_outcomes,
        hang,
        panics,
        residue,
        broken,
        // Says where something is found, not whether.
        ended: _,
    } = evidence;
    let seen = streams
        .iter()
        .fold(Digest::new(), |digest, stream| digest.word(stream.digest()));
    let ended = script_outcomes
        .iter()
        .enumerate()
        .fold(seen, |digest, (user, script_outcome)| match script_outcome {
            ScriptOutcome::Finished => digest.word(0),
            ScriptOutcome::Cancelled { step } => {
                let own = of_user(streams, user).iter();
                own.fold(digest.word(1), |digest, stream| {
                    digest.word(before(stream, *step) as u64)
                })
            }
            ScriptOutcome::Unfinished => digest.word(2),
            ScriptOutcome::Failed(error) => digest.word(3).bytes(error.as_bytes()),
            ScriptOutcome::Panicked(message) => digest.word(4).bytes(message.as_bytes()),
        });
    let hung = match hang {
        None => ended.word(0),
        Some(hang) => hang
            .users
            .iter()
            .fold(ended.word(1).bytes(hang.detail.as_bytes()), |digest, &user| {
                digest.word(user as u64)
            }),
    };
    let panicked = panics
        .iter()
        .fold(hung.word(panics.len() as u64), |digest, note| {
            digest
                .word(note.user.map_or(0, |user| user as u64 + 1))
                .bytes(note.message.as_bytes())
                .bytes(note.location.as_bytes())
        });
    let left = match residue {
        Some(residue) if residue.before != residue.after || !residue.beside.is_empty() => {
            let asked = panicked
                .word(1)
                .bytes(residue.before.to_string().as_bytes())
                .bytes(residue.after.to_string().as_bytes());
            let beside = residue.beside.iter();
            beside.fold(asked, |digest, left| digest.bytes(left.as_bytes()))
        }
        _ => panicked.word(0),
    };
    let broken = broken.iter().fold(left, |digest, broken| {
        digest
            .bytes(broken.name.as_bytes())
            .bytes(broken.panic.as_deref().unwrap_or_default().as_bytes())
    });
    broken.finish()
}

/// Lanes are by user first.
fn of_user<'l, 'a>(streams: &'l [Stream<'a>], user: usize) -> &'l [Stream<'a>] {
    let begin = streams.partition_point(|stream| stream.viewer() < user);
    let rest = &streams[begin..];
    &rest[..rest.partition_point(|stream| stream.viewer() == user)]
}

/// How many observations of a lane were made before a step.
fn before(stream: &Stream<'_>, step: u32) -> usize {
    stream
        .observations()
        .iter()
        .take_while(|observation| observation.step() < step)
        .count()
}

/// Each fault once: the sight of it that tells most. What is shown tells more than what is inferred.
fn most_telling_first(mut violations: Vec<Violation>) -> Vec<Violation> {
    violations.sort_by_key(|violation| {
        let rank = match violation.kind() {
            Kind::ContextLeak if violation.secret().is_some() => 0,
            Kind::Misattribution => 1,
            Kind::ContextLeak => 2,
            Kind::Hang => 3,
            Kind::Residue => 5,
            _ => 4,
        };
        (
            rank,
            violation.encoding() == Some(Encoding::Part),
            violation.step(),
        )
    });
    let mut known = HashSet::new();
    violations.retain(|violation| known.insert(violation.key()));
    violations
}
