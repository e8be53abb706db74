use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use serde_json::Value;

use super::evidence::{Evidence, Fate};
use super::identity::Coincidences;
use super::memo::Memo;
use super::rules::Rules;
use super::search::Search;
use super::solo::{self, Alone, Extent};
use super::{Form, Kind, Violation, hang, identity, panic, residue, secrets};
use crate::digest::Digest;
use crate::trace::{Lane, Observation, Surface};
use crate::user::Cast;

/// Executions and lanes that are remembered to be clean.
const CLEAN: usize = 65_536;

/// Judges the executions of one script in one world.
///
/// Most executions of a search show what others showed before. What was clean once is remembered by its digest: a
/// whole execution, and a lane by itself. What was not clean is judged again every time.
#[derive(Debug)]
pub(crate) struct Judge {
    cast: Arc<Cast>,
    rules: Arc<Rules>,
    search: Search,
    coincidences: Coincidences,
    known_panics: HashSet<String>,
    /// By user; `None` where no solo run was learnt.
    alone: Vec<Option<Alone>>,
    sees_own: Vec<bool>,
    clean: Memo<()>,
}

impl Judge {
    pub(crate) fn new(cast: Arc<Cast>, rules: Arc<Rules>) -> Self {
        let users = cast.len();
        Self {
            search: Search::new(&cast),
            cast,
            rules,
            coincidences: Coincidences::default(),
            known_panics: HashSet::new(),
            alone: (0..users).map(|_| None).collect(),
            sees_own: vec![false; users],
            clean: Memo::new(CLEAN),
        }
    }

    /// Takes in the execution in which `user` was alone. Call it once per user, before the first `judge`.
    pub(crate) fn learn_alone(&mut self, user: usize, evidence: &Evidence<'_>) {
        self.search.refresh(&self.cast);
        self.clean.clear();
        let lanes = self.lanes(evidence);
        let own: Vec<_> = lanes.iter().filter(|lane| lane.viewer() == user).collect();
        for lane in &own {
            self.coincidences.learn(&self.cast, &mut self.search, lane);
            self.sees_own[user] |= secrets::shows_own(&mut self.search, lane);
        }
        self.known_panics
            .extend(evidence.panics.iter().map(|note| note.message.clone()));
        self.alone[user] = Some(Alone::new(evidence.fate(user).clone(), own));
    }

    /// The users who saw no secret of their own in their solo run: a search that could not have found anything.
    pub(crate) fn blind_users(&self) -> Vec<usize> {
        (0..self.cast.len())
            .filter(|&user| !self.sees_own[user])
            .collect()
    }

    /// What the execution did wrong, the most telling first, each fault once.
    pub(crate) fn judge(&mut self, evidence: &Evidence<'_>) -> Vec<Violation> {
        if self.search.refresh(&self.cast) {
            self.clean.clear();
        }
        let lanes = self.lanes(evidence);
        let digest = digest(&lanes, evidence);
        let is_quiet = evidence.hang.is_none()
            && evidence.panics.is_empty()
            && evidence
                .residue
                .is_none_or(|residue| residue.before == residue.after);
        if is_quiet && self.clean.get(digest).is_some() {
            return Vec::new();
        }
        let last = evidence.trace.observations().last().map_or(0, Observation::step);
        let mut violations = panic::judge(&self.cast, &self.known_panics, evidence);
        violations.extend(evidence.hang.map(|hang| hang::judge(&self.cast, hang)));
        violations.extend(evidence.residue.and_then(|residue| residue::judge(residue, last)));
        for user in 0..self.cast.len() {
            violations.extend(self.judge_user(user, of_user(&lanes, user), evidence, last));
        }
        if is_quiet && violations.is_empty() {
            self.clean.insert(digest, ());
        }
        most_telling_first(violations)
    }

    fn lanes<'a>(&self, evidence: &Evidence<'a>) -> Vec<Lane<'a>> {
        evidence.trace.lanes(|observation| self.rules.cover(observation))
    }

    fn judge_user(
        &mut self,
        user: usize,
        own: &[Lane<'_>],
        evidence: &Evidence<'_>,
        last: u32,
    ) -> Vec<Violation> {
        let mut violations = self.judge_error(user, evidence.fate(user), last);
        let fate = self.judge_fate(user, evidence, last);
        let extent = if fate.is_some() {
            None
        } else {
            self.extent(user, evidence)
        };
        violations.extend(fate);
        for lane in own {
            let extent = match evidence.fate(user) {
                Fate::Cancelled { step } => extent.map(|_| Extent::First(before(lane, *step))),
                _ => extent,
            };
            violations.extend(self.judge_lane(lane, extent, last));
        }
        if let Some(alone) = &self.alone[user]
            && extent == Some(Extent::Whole)
        {
            let missing = alone
                .surfaces()
                .filter(|&surface| own.iter().all(|lane| lane.surface() != surface));
            violations.extend(missing.filter_map(|surface| {
                let difference = alone.difference(&self.cast, user, surface, &[], Extent::Whole)?;
                Some(solo::violation(&self.cast, user, surface, difference, last))
            }));
        }
        violations
    }

    /// What a script fails with is what its user is shown, whether or not the script says so.
    fn judge_error(&mut self, user: usize, fate: &Fate, last: u32) -> Vec<Violation> {
        let Fate::Failed(error) = fate else {
            return Vec::new();
        };
        let shown = Observation::new(
            user,
            Surface::Error,
            Value::from(error.as_str()).to_string(),
            last,
        );
        if !self.rules.cover(&shown) {
            return Vec::new();
        }
        let mut violations = secrets::judge_alone(&self.cast, &mut self.search, &shown);
        violations.extend(identity::judge_alone(
            &self.cast,
            &mut self.search,
            &self.coincidences,
            &shown,
        ));
        violations
    }

    fn judge_fate(&self, user: usize, evidence: &Evidence<'_>, last: u32) -> Option<Violation> {
        let here = evidence.fate(user);
        // That others may change what a user gets is no licence to make it panic.
        if !self.rules.compare_alone && !matches!(here, Fate::Panicked(_)) {
            return None;
        }
        let step = evidence
            .panics
            .iter()
            .find(|note| note.user == Some(user))
            .map_or(last, |note| note.step);
        solo::judge_fate(&self.cast, user, self.alone[user].as_ref()?.fate(), here, step)
    }

    /// How much of its solo run the user has to see; `None` where there is nothing to compare with.
    fn extent(&self, user: usize, evidence: &Evidence<'_>) -> Option<Extent> {
        let alone = self.alone[user].as_ref()?.fate();
        if !self.rules.compare_alone || matches!(alone, Fate::Cancelled { .. } | Fate::Unfinished) {
            return None;
        }
        Some(match evidence.fate(user) {
            // Each lane has its own number of observations before the drop.
            Fate::Cancelled { .. } => Extent::First(0),
            Fate::Unfinished => Extent::Beginning,
            // Who finished before a hang may still wait for what others were to send.
            _ if evidence.hang.is_some() => Extent::Beginning,
            _ => Extent::Whole,
        })
    }

    fn judge_lane(&mut self, lane: &Lane<'_>, extent: Option<Extent>, last: u32) -> Vec<Violation> {
        let digest = Digest::new()
            .word(lane.digest())
            .word(match extent {
                None => 0,
                Some(Extent::Whole) => 1,
                Some(Extent::Beginning) => 2,
                Some(Extent::First(count)) => 3 + count as u64,
            })
            .finish();
        if self.clean.get(digest).is_some() {
            return Vec::new();
        }
        let (viewer, surface) = (lane.viewer(), lane.surface());
        let mut blamed = BTreeSet::new();
        let mut violations = secrets::judge(&self.cast, &mut self.search, lane, &mut blamed);
        violations.extend(identity::judge(
            &self.cast,
            &mut self.search,
            &self.coincidences,
            lane,
            &mut blamed,
        ));
        if let Some(extent) = extent
            && solo::is_compared(surface)
            && let Some(alone) = &self.alone[viewer]
            && let Some(difference) = alone.difference(&self.cast, viewer, surface, lane.observations(), extent)
            // What others put there is already said; that it differs says nothing more.
            && !blamed.contains(&difference.place)
        {
            violations.push(solo::violation(&self.cast, viewer, surface, difference, last));
        }
        if violations.is_empty() {
            self.clean.insert(digest, ());
        }
        violations
    }
}

/// What decides whether a quiet execution is clean.
fn digest(lanes: &[Lane<'_>], evidence: &Evidence<'_>) -> u64 {
    let seen = lanes
        .iter()
        .fold(Digest::new(), |digest, lane| digest.word(lane.digest()));
    let ended = evidence
        .fates
        .iter()
        .enumerate()
        .fold(seen, |digest, (user, fate)| match fate {
            Fate::Finished => digest.word(0),
            Fate::Cancelled { step } => {
                let own = of_user(lanes, user).iter();
                own.fold(digest.word(1), |digest, lane| {
                    digest.word(before(lane, *step) as u64)
                })
            }
            Fate::Unfinished => digest.word(2),
            Fate::Failed(error) => digest.word(3).bytes(error.as_bytes()),
            Fate::Panicked(message) => digest.word(4).bytes(message.as_bytes()),
        });
    ended.finish()
}

/// Lanes are by user first.
fn of_user<'l, 'a>(lanes: &'l [Lane<'a>], user: usize) -> &'l [Lane<'a>] {
    let begin = lanes.partition_point(|lane| lane.viewer() < user);
    let rest = &lanes[begin..];
    &rest[..rest.partition_point(|lane| lane.viewer() == user)]
}

/// How many observations of a lane were made before a step.
fn before(lane: &Lane<'_>, step: u32) -> usize {
    lane.observations()
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
        (rank, violation.form() == Some(Form::Part), violation.step())
    });
    let mut known = HashSet::new();
    violations.retain(|violation| known.insert(violation.key()));
    violations
}
