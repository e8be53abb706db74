use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crate::case::tasks::Activity;
use crate::report::{Cleaned, CleanedWhat, Problem, TestFinding, TestPhase};

/// What was found wrong with a test, and which clean-ups were run.
#[derive(Debug)]
pub(in crate::case) struct Findings {
    activity: Arc<Activity>,
    /// Whether the body is making its fixtures, which is part of the set-up.
    makes_fixtures: AtomicBool,
    /// The type of the fixture that was set up, and has to be torn down.
    fixture: OnceLock<&'static str>,
    found: Mutex<Vec<TestFinding>>,
    cleaned: Mutex<Vec<Cleaned>>,
    /// Whether the test's result has been printed.
    reported: AtomicBool,
}

impl Findings {
    /// `makes_fixtures` is whether the call of the body makes its fixtures first.
    pub(super) fn new(activity: Arc<Activity>, makes_fixtures: bool) -> Self {
        Self {
            activity,
            makes_fixtures: AtomicBool::new(makes_fixtures),
            fixture: OnceLock::new(),
            found: Mutex::default(),
            cleaned: Mutex::default(),
            reported: AtomicBool::new(false),
        }
    }

    /// Adds what was wrong in a phase. In the body, the line that it had reached is added.
    pub(in crate::case) fn add(&self, phase: TestPhase, problem: Problem) {
        let line = (phase == TestPhase::Body)
            .then(|| self.activity.tasks.line())
            .flatten();
        let phase = if phase == TestPhase::Body && self.makes_fixtures.load(Ordering::SeqCst) {
            TestPhase::SetUp
        } else {
            phase
        };
        self.found
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(TestFinding { phase, problem, line });
    }

    /// The fixtures that the body makes are made.
    pub(in crate::case) fn end_fixtures(&self) {
        self.makes_fixtures.store(false, Ordering::SeqCst);
    }

    /// A fixture of this type was set up.
    pub(in crate::case) fn set_fixture(&self, fixture: &'static str) {
        self.fixture.get_or_init(|| fixture);
    }

    /// Records a clean-up or tear-down that was run, or should have been.
    pub(in crate::case) fn add_cleaned(&self, what: CleanedWhat, well: bool) {
        self.cleaned
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(Cleaned { what, well });
    }

    /// Records what is not done because the thread of this phase was given up.
    pub(in crate::case) fn add_undone(&self, phase: TestPhase) {
        let undone = match phase {
            TestPhase::Cleanup(at) => Some(CleanedWhat::Registered(at)),
            TestPhase::TearDown | TestPhase::Body => self.fixture.get().copied().map(CleanedWhat::TearDown),
            TestPhase::SetUp | TestPhase::Ending => None,
        };
        if let Some(what) = undone {
            if phase == TestPhase::Body {
                self.add(TestPhase::TearDown, Problem::NotDone);
            }
            self.add_cleaned(what, false);
        }
    }

    pub(in crate::case) fn take(&self) -> Vec<TestFinding> {
        std::mem::take(&mut *self.found.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(in crate::case) fn cleaned(&self) -> Vec<Cleaned> {
        self.cleaned
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// The test's result has been printed.
    pub(in crate::case) fn set_reported(&self) {
        self.reported.store(true, Ordering::SeqCst);
    }

    pub(in crate::case) fn are_reported(&self) -> bool {
        self.reported.load(Ordering::SeqCst)
    }
}
