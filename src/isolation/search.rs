use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::finding::SearchSummary;
use super::kept::Kept;
use super::knobs::Knobs;
use super::regressions::Regressions;
use super::shared::{Scene, Shared};
use super::subject::{Played, Setting, Subject};
use super::subjects::{SubjectTree, Subjects};
use super::test_path::TestPath;
use super::ward::{self, Ward};
use super::{Failure, FailureKind, Report, Verdict, finish};
use crate::interleave::{Driver, Ending, Enumeration, Guided, Layout, Portfolio, Race, Replay, Strategy};
use crate::oracle::{Rules, Violation};
use crate::rng::Rng;
use crate::user::IdentityMode;

/// The most users that a check takes.
const MOST_USERS: usize = 1_024;

/// Everything that a check was told.
pub(crate) struct Search {
    pub(crate) subjects: Arc<dyn Subjects>,
    pub(crate) knobs: Knobs,
    pub(crate) test: Option<TestPath>,
}

/// An execution in which an oracle found something.
pub(crate) struct Failing<'t> {
    pub(crate) subject: Arc<dyn Subject>,
    /// Where the inputs came from, if they can be made simpler.
    pub(crate) tree: Option<Box<dyn SubjectTree + 't>>,
    pub(crate) world: u64,
    pub(crate) layout: Layout,
    pub(crate) played: Played,
    pub(crate) violations: Vec<Violation>,
    pub(crate) found_by: String,
    /// Real threads were at play.
    pub(crate) raced: bool,
}

/// Why a search stops before its end.
pub(crate) enum Stop<'t> {
    Found(Box<Failing<'t>>),
    Failed(Failure),
}

impl From<Failure> for Stop<'_> {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

/// A search under way.
pub(crate) struct Searching<'s> {
    pub(crate) search: &'s Search,
    pub(crate) shared: &'s Shared,
    pub(crate) driver: Driver,
    pub(crate) rules: Rules,
    pub(crate) summary: SearchSummary,
    pub(crate) caveats: Vec<String>,
    /// The worlds of the subject at hand.
    wards: BTreeMap<u64, Ward>,
    seen: HashSet<u64>,
    begun: Instant,
    out_of_time: bool,
    /// A schedule that passed, to be run again at the end.
    sample: Option<(Arc<dyn Subject>, u64, crate::interleave::Schedule, u64)>,
}

impl Search {
    /// Runs the whole check on this thread.
    pub(crate) fn run(&self, shared: &Shared) -> Verdict {
        self.refuse_misuse()?;
        let mut searching = Searching::new(self, shared);
        let outcome = match &self.knobs.replay {
            Some(text) => searching.replay(text),
            None => searching.everything(),
        };
        match outcome {
            Ok(()) => Ok(searching.report()),
            Err(Stop::Failed(failure)) => Err(failure.after(searching.summary.executions)),
            Err(Stop::Found(failing)) => Err(finish::finish(searching, *failing)),
        }
    }

    fn refuse_misuse(&self) -> Result<(), Failure> {
        let misuse = |what: String, remedy: &str| Err(Failure::refused(FailureKind::Misuse, what, remedy));
        let users = self.subjects.users();
        if users.is_empty() {
            return misuse(
                format!("the range of users {users:?} is empty"),
                "give the smaller number first",
            );
        }
        match *users.start() {
            0 => {
                return misuse(
                    "a check with no users".to_owned(),
                    "isolation is between users: give it two or more",
                );
            }
            1 => {
                return misuse(
                    "a check with one user, who has nobody to be isolated from".to_owned(),
                    "give it two users or more",
                );
            }
            _ => {}
        }
        if *users.end() > MOST_USERS {
            return misuse(
                format!("a check with {} users", users.end()),
                "take at most 1,024: a leak between many shows between few, and every user is an actor of each execution",
            );
        }
        if self.knobs.executions == 0 {
            return misuse(
                "a check with a budget of 0 executions, which would look at nothing".to_owned(),
                "give `.executions(..)` or SSOT_EXECUTIONS at least 1, or leave it out",
            );
        }
        if self.knobs.identities.is_empty() {
            return misuse(
                "a check without an identity mode".to_owned(),
                "name one or more in `.identities(..)`",
            );
        }
        if self.knobs.cases == 0 {
            return misuse(
                "a check with 0 sets of inputs".to_owned(),
                "give `.cases(..)` at least 1",
            );
        }
        Ok(())
    }

    pub(crate) fn regressions(&self) -> Option<Regressions> {
        if !self.knobs.keep {
            return None;
        }
        self.test.as_ref().map(Regressions::of)
    }
}

impl<'s> Searching<'s> {
    pub(crate) fn new(search: &'s Search, shared: &'s Shared) -> Self {
        let mut driver = Driver::new();
        driver.show_progress(Arc::clone(&shared.progress));
        driver.allow_drops(search.knobs.cancellations);
        let summary = SearchSummary {
            seed: search.knobs.seed,
            users: *search.subjects.users().end(),
            ..SearchSummary::default()
        };
        Self {
            search,
            shared,
            driver,
            rules: search.knobs.rules(),
            summary,
            caveats: Vec::new(),
            wards: BTreeMap::new(),
            seen: HashSet::new(),
            begun: Instant::now(),
            out_of_time: false,
            sample: None,
        }
    }

    fn knobs(&self) -> &'s Knobs {
        &self.search.knobs
    }

    fn everything(&mut self) -> Result<(), Stop<'s>> {
        self.kept_failures()?;
        let budget = self.knobs().executions;
        match self.search.subjects.fixed() {
            Some((subject, world)) => {
                let worlds = world.map_or_else(|| self.worlds(), |world| vec![world]);
                self.see_own_secrets(&subject, worlds[0])?;
                self.phases(&subject, None, &worlds, budget)
            }
            None => self.generated(budget),
        }?;
        self.sample_again()
    }

    fn generated(&mut self, budget: u64) -> Result<(), Stop<'s>> {
        let cases = u64::from(self.knobs().cases).min(budget);
        let mut blind: BTreeSet<usize> = (0..*self.search.subjects.users().end()).collect();
        for case in 0..cases {
            if self.time_is_up() {
                break;
            }
            let seed = Rng::split(self.knobs().seed ^ 0x6361_7365, case).next();
            let tree = self
                .search
                .subjects
                .draw(seed, &self.knobs().identities)
                .map_err(|reason| {
                    Failure::refused(
                        FailureKind::Misuse,
                        format!("no inputs could be generated: {reason}"),
                        "mend the strategy for the users' actions",
                    )
                })?;
            let (subject, world) = tree.current();
            self.wards.clear();
            self.summary.inputs += 1;
            let share = budget / cases + u64::from(case < budget % cases);
            self.ward(&subject, world)?;
            let sightless = self.wards[&world].judge.blind_users();
            blind.retain(|user| *user >= subject.users() || sightless.contains(user));
            self.phases(&subject, Some(tree), &[world], share)?;
        }
        match blind.first() {
            Some(&user) if !self.out_of_time => {
                let name = crate::user::name(user);
                Err(vacuous(&format!(
                    "in none of {cases} sets of inputs {name} saw a secret of its own"
                ))
                .into())
            }
            _ => Ok(()),
        }
    }

    /// The worlds of a check that is free to choose: the one in which users share ids first, for it shows most.
    fn worlds(&self) -> Vec<u64> {
        let mut modes = self.knobs().identities.clone();
        modes.sort_by_key(|mode| *mode != IdentityMode::Colliding);
        modes.dedup();
        // The seed changes who the users are, too.
        modes
            .into_iter()
            .map(|mode| mode.world(self.knobs().seed % 1_000))
            .collect()
    }

    /// Refuses a check in which somebody never sees a secret of its own.
    fn see_own_secrets(&mut self, subject: &Arc<dyn Subject>, world: u64) -> Result<(), Stop<'s>> {
        self.ward(subject, world)?;
        let ward = &self.wards[&world];
        match ward.judge.blind_users().first() {
            None => Ok(()),
            Some(&user) => {
                let name = ward.cast.member(user).name();
                Err(vacuous(&format!(
                    "{name} never saw a secret of its own on any surface, alone"
                ))
                .into())
            }
        }
    }

    /// Bounded enumeration, the serial schedules of the other worlds, the portfolio, racing pairs.
    fn phases(
        &mut self,
        subject: &Arc<dyn Subject>,
        tree: Option<Box<dyn SubjectTree + 's>>,
        worlds: &[u64],
        budget: u64,
    ) -> Result<(), Stop<'s>> {
        let end = self.summary.executions + budget;
        let found = self.all_phases(subject, worlds, budget, end);
        match found {
            Err(Stop::Found(mut failing)) => {
                failing.tree = tree;
                Err(Stop::Found(failing))
            }
            other => other,
        }
    }

    fn all_phases(
        &mut self,
        subject: &Arc<dyn Subject>,
        worlds: &[u64],
        budget: u64,
        end: u64,
    ) -> Result<(), Stop<'s>> {
        let knobs = self.knobs();
        if !knobs.real_io {
            let share = if knobs.preemptions.is_some() {
                budget
            } else {
                (budget / 4).max(1)
            };
            let mut enumeration = Enumeration::new(share, knobs.preemptions.unwrap_or(u32::MAX));
            self.enumerate(subject, worlds[0], &mut enumeration)?;
            if let Some(bound) = knobs.preemptions
                && tree_bound_missed(&enumeration, bound)
            {
                let reached = enumeration
                    .certificate()
                    .map_or("not even those without one".to_owned(), |certificate| {
                        certificate.to_string()
                    });
                self.caveats.push(format!(
                    "asked for every schedule with at most {bound} preemptions, and {budget} executions were not enough: {reached}"
                ));
            }
            if self.summary.inputs == 0 {
                self.summary.certificate = enumeration.certificate();
            }
            for &world in &worlds[1..] {
                let mut serial = Enumeration::new((budget / 12).max(1), 0);
                self.enumerate(subject, world, &mut serial)?;
            }
        }
        self.portfolio(subject, worlds, end)?;
        self.racing_pairs(subject, worlds[0])
    }

    fn enumerate(
        &mut self,
        subject: &Arc<dyn Subject>,
        world: u64,
        enumeration: &mut Enumeration,
    ) -> Result<(), Stop<'s>> {
        let shape = self.ward(subject, world)?.shape.clone();
        let layout = self.knobs().layout.unwrap_or(if shape.spawns {
            Layout::PerActor
        } else {
            Layout::One
        });
        while !self.time_is_up() && enumeration.begin(&shape) {
            self.execute(subject, world, layout, enumeration, "enumeration")?;
        }
        Ok(())
    }

    fn portfolio(&mut self, subject: &Arc<dyn Subject>, worlds: &[u64], end: u64) -> Result<(), Stop<'s>> {
        let knobs = self.knobs();
        let budget = end.saturating_sub(self.summary.executions);
        let mut portfolio = Portfolio::new(knobs.seed, budget, knobs.late_millis()).in_layout(knobs.layout);
        let mut rng = Rng::split(knobs.seed, 0x776f_726c_6473);
        while !self.time_is_up() {
            let world = worlds[rng.below(worlds.len())];
            let shape = self.ward(subject, world)?.shape.clone();
            if !portfolio.begin(&shape) {
                break;
            }
            let layout = portfolio.layout().unwrap_or(Layout::One);
            self.execute(subject, world, layout, &mut portfolio, "the portfolio")?;
        }
        Ok(())
    }

    fn racing_pairs(&mut self, subject: &Arc<dyn Subject>, world: u64) -> Result<(), Stop<'s>> {
        for pair in 0..self.knobs().race {
            if self.time_is_up() {
                break;
            }
            self.summary.executions += 1;
            self.count("racing pairs");
            let executions = self.summary.executions;
            let cast = Arc::clone(&self.ward(subject, world)?.cast);
            self.show(subject, world, Layout::One, "racing pairs", executions);
            let setting = Setting {
                cast: &cast,
                alone: None,
                layout: Layout::One,
                real_io: false,
            };
            let race = Race::new(Rng::split(self.knobs().seed ^ 0x7261_6365, pair).next());
            let Some(played) = subject.race(&mut self.driver, setting, &race) else {
                return Ok(());
            };
            let mut failing = self.judged(subject, world, Layout::One, played.map_err(ward::broken)?)?;
            if let Some(failing) = &mut failing {
                failing.raced = true;
                "racing pairs".clone_into(&mut failing.found_by);
            }
            if let Some(failing) = failing {
                return Err(Stop::Found(failing));
            }
        }
        Ok(())
    }

    /// One execution with company, counted and judged.
    fn execute(
        &mut self,
        subject: &Arc<dyn Subject>,
        world: u64,
        layout: Layout,
        strategy: &mut dyn Strategy,
        phase: &'static str,
    ) -> Result<(), Stop<'s>> {
        let executions = self.summary.executions + 1;
        let played = self.play(subject, world, layout, strategy, phase, executions)?;
        // A schedule that turns out not to exist, for a runtime had no task after all, was no execution.
        if played.run.divergence().is_some() {
            return Ok(());
        }
        self.summary.executions = executions;
        let name = strategy.name();
        self.count(&name);
        if executions % 64 == 1 {
            let schedule = played.run.schedule(world);
            self.sample = Some((Arc::clone(subject), world, schedule, played.trace.fingerprint()));
        }
        match self.judged(subject, world, layout, played)? {
            Some(mut failing) => {
                failing.found_by = name;
                Err(Stop::Found(failing))
            }
            None => Ok(()),
        }
    }

    /// One execution, neither counted nor judged.
    pub(crate) fn play(
        &mut self,
        subject: &Arc<dyn Subject>,
        world: u64,
        layout: Layout,
        strategy: &mut dyn Strategy,
        phase: &'static str,
        executions: u64,
    ) -> Result<Played, Failure> {
        let ward = self.ward(subject, world)?;
        let cast = Arc::clone(&ward.cast);
        let steps = ward.shape.steps();
        self.driver.limit_steps(self.knobs().steps + 64 * steps);
        self.show(subject, world, layout, phase, executions);
        let setting = Setting {
            cast: &cast,
            alone: None,
            layout,
            real_io: self.knobs().real_io,
        };
        subject
            .play(&mut self.driver, setting, strategy)
            .map_err(ward::broken)
    }

    fn judged(
        &mut self,
        subject: &Arc<dyn Subject>,
        world: u64,
        layout: Layout,
        played: Played,
    ) -> Result<Option<Box<Failing<'s>>>, Failure> {
        if let Ending::RealIo(message) = played.run.ending() {
            return Err(ward::real_io(message));
        }
        if let Some(defect) = played.trace.defects().first() {
            return Err(ward::unserializable(defect));
        }
        self.seen.insert(played.trace.fingerprint());
        let violations = self.ward(subject, world)?.judge(&played);
        if violations.is_empty() {
            return Ok(None);
        }
        Ok(Some(Box::new(Failing {
            subject: Arc::clone(subject),
            tree: None,
            world,
            layout,
            played,
            violations,
            found_by: String::new(),
            raced: false,
        })))
    }

    /// The subject's world, with everybody's solo run.
    pub(crate) fn ward(&mut self, subject: &Arc<dyn Subject>, world: u64) -> Result<&mut Ward, Failure> {
        if !self.wards.contains_key(&world) {
            let scene = Scene {
                subject: Arc::clone(subject),
                world,
                layout: Layout::One,
                alone: Some(0),
                found_by: "a solo run",
                executions: self.summary.executions,
            };
            self.shared.set(scene);
            self.driver.limit_steps(self.knobs().steps);
            let knobs = self.knobs();
            let ward = Ward::prepare(&**subject, &mut self.driver, knobs, &self.rules, world)?;
            self.summary.alone += ward.executions;
            if let Some(caveat) = &ward.unsteady
                && !self.caveats.contains(caveat)
            {
                self.caveats.push(caveat.clone());
            }
            let mode = IdentityMode::of_world(world).to_string();
            if !self.summary.identities.contains(&mode) {
                self.summary.identities.push(mode);
            }
            self.wards.insert(world, ward);
        }
        Ok(self.wards.get_mut(&world).expect("it has just been put there"))
    }

    /// Forgets the worlds of the subject at hand, for another is to come.
    pub(crate) fn forget_wards(&mut self) {
        self.wards.clear();
    }

    fn show(
        &self,
        subject: &Arc<dyn Subject>,
        world: u64,
        layout: Layout,
        phase: &'static str,
        executions: u64,
    ) {
        let subject = Arc::clone(subject);
        self.shared.set(Scene {
            subject,
            world,
            layout,
            alone: None,
            found_by: phase,
            executions,
        });
    }

    fn count(&mut self, strategy: &str) {
        match self
            .summary
            .strategies
            .iter_mut()
            .find(|(name, _)| name == strategy)
        {
            Some((_, count)) => *count += 1,
            None => self.summary.strategies.push((strategy.to_owned(), 1)),
        }
    }

    fn time_is_up(&mut self) -> bool {
        self.out_of_time |= self.begun.elapsed() >= self.knobs().within;
        self.out_of_time
    }

    /// Failures that were kept, as far as they still fit.
    fn kept_failures(&mut self) -> Result<(), Stop<'s>> {
        let Some(regressions) = self.search.regressions() else {
            return Ok(());
        };
        let refuse = |what: String| {
            Failure::refused(
                FailureKind::Regressions,
                what,
                "mend or remove that line; where in doubt, restore the file from version control",
            )
        };
        let lines = regressions.read().map_err(|error| {
            Failure::refused(
                FailureKind::Regressions,
                error.to_string(),
                "mend the file, or move it away",
            )
        })?;
        for (number, line) in lines {
            let kept = Kept::parse(&line, &*self.search.subjects).map_err(|error| {
                refuse(format!(
                    "line {number} of {}: {error}",
                    regressions.file.display()
                ))
            })?;
            self.wards.clear();
            let (world, layout) = (kept.schedule.world(), kept.schedule.layout());
            let mut guided = Guided::new(kept.schedule.decisions());
            let executions = self.summary.executions + 1;
            let played = self.play(
                &kept.subject,
                world,
                layout,
                &mut guided,
                "a kept failure",
                executions,
            )?;
            self.summary.executions = executions;
            self.count("kept failures");
            if let Some(mut failing) = self.judged(&kept.subject, world, layout, played)? {
                failing.found_by = format!("line {number} of {}", regressions.file.display());
                return Err(Stop::Found(failing));
            }
        }
        self.wards.clear();
        Ok(())
    }

    /// One schedule, to the letter.
    fn replay(&mut self, text: &str) -> Result<(), Stop<'s>> {
        let refuse = |what: String| {
            Failure::refused(
                FailureKind::Replay,
                what,
                "take the text as a failure of this very check printed it; where the code has changed since, search again",
            )
        };
        let kept = Kept::parse(text, &*self.search.subjects).map_err(|error| refuse(error.to_string()))?;
        let (world, layout) = (kept.schedule.world(), kept.schedule.layout());
        let mut strict = Replay::new(kept.schedule.clone());
        let mut guided = Guided::new(kept.schedule.decisions());
        let strategy: &mut dyn Strategy = if self.knobs().real_io {
            &mut guided
        } else {
            &mut strict
        };
        let played = self.play(&kept.subject, world, layout, strategy, "replay", 1)?;
        self.summary.executions = 1;
        self.count("replay");
        if let Some(divergence) = played.run.divergence() {
            return Err(refuse(divergence.to_string()).into());
        }
        let (done, asked) = (played.run.decisions().len(), kept.schedule.decisions().len());
        if done < asked && !self.knobs().real_io {
            let what = format!(
                "the schedule does not fit at step {}: everybody has ended, and it goes on for {} more",
                done + 1,
                asked - done
            );
            return Err(refuse(what).into());
        }
        match self.judged(&kept.subject, world, layout, played)? {
            Some(mut failing) => {
                "replay".clone_into(&mut failing.found_by);
                Err(Stop::Found(failing))
            }
            None => Ok(()),
        }
    }

    /// Runs a schedule that passed once more, for what does not do the same twice cannot be relied on.
    fn sample_again(&mut self) -> Result<(), Stop<'s>> {
        let Some((subject, world, schedule, fingerprint)) = self.sample.take() else {
            return Ok(());
        };
        if self.knobs().real_io {
            return Ok(());
        }
        self.wards
            .retain(|&known, _| known == world && self.summary.inputs == 0);
        let layout = schedule.layout();
        let mut replay = Replay::new(schedule);
        let executions = self.summary.executions;
        let played = self.play(&subject, world, layout, &mut replay, "replay", executions)?;
        let difference = match played.run.divergence() {
            Some(divergence) => divergence.to_string(),
            None if played.trace.fingerprint() != fingerprint => "users saw something else".to_owned(),
            None => return Ok(()),
        };
        self.caveats.push(format!(
            "nondeterministic: one schedule, run twice, did not do the same ({difference}); what it passed it may fail next time"
        ));
        Ok(())
    }

    fn report(mut self) -> Report {
        self.close_summary();
        if self.out_of_time {
            self.caveats.push(format!(
                "the time was up ({:?}) after {} of {} executions",
                self.knobs().within,
                self.summary.executions,
                self.knobs().executions
            ));
        }
        Report {
            search: self.summary,
            test: self.search.test.as_ref().map(|test| test.path().to_owned()),
            caveats: self.caveats,
        }
    }

    pub(crate) fn close_summary(&mut self) {
        self.summary.elapsed = self.begun.elapsed();
        self.summary.distinct = self.seen.len() as u64;
    }

    /// How long there is to make a failure smaller: as long as the search took, and at least five seconds.
    pub(crate) fn time_to_shrink(&self) -> Duration {
        self.begun.elapsed().max(Duration::from_secs(5))
    }
}

fn tree_bound_missed(enumeration: &Enumeration, bound: u32) -> bool {
    enumeration
        .certificate()
        .is_none_or(|certificate| !certificate.is_exhaustive() && certificate.preemptions() < bound)
}

fn vacuous(what: &str) -> Failure {
    Failure::refused(
        FailureKind::Vacuous,
        format!("vacuous: {what}; the check could not have found anything"),
        "let each script hand the system a secret (`user.secret(..)`) and tell where it comes back (`user.saw(..)`)",
    )
}
