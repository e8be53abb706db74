use std::sync::Arc;

use super::cleanups::Cleanups;
use super::fail_first_notes::FailFirstNotes;
use super::findings::Findings;
use super::meta::{Flavor, Test};
use super::timing::Timing;
use crate::case::environment::EnvChanges;
use crate::case::phases::Watch;
use crate::case::resources::Resources;
use crate::case::tasks::Activity;
use crate::current::CurrentTest;
use crate::logs::Capture;
use crate::settings;

/// The state of one running test, which its threads share.
#[derive(Debug)]
pub(in crate::case) struct CaseState {
    pub(in crate::case) meta: &'static Test,
    pub(in crate::case) test: Arc<CurrentTest>,
    /// Whether no other test can be running in this process.
    pub(in crate::case) runs_alone: bool,
    pub(in crate::case) watch: Arc<Watch>,
    pub(in crate::case) environment: EnvChanges,
    pub(in crate::case) cleanups: Cleanups,
    /// What its tasks and threads do.
    pub(in crate::case) activity: Arc<Activity>,
    pub(in crate::case) capture: Capture,
    pub(in crate::case) resources: Resources,
    pub(in crate::case) findings: Findings,
    pub(in crate::case) notes: FailFirstNotes,
    pub(in crate::case) timing: Timing,
}

impl CaseState {
    pub(in crate::case) fn new(meta: &'static Test, test: Arc<CurrentTest>, seed: u64) -> Arc<Self> {
        let capture = Capture::begin(&test);
        let can_pause = meta.flavor == Flavor::CurrentThread;
        let resources = Resources::new(&test, seed, can_pause, meta.start_paused);
        let activity = Arc::new(Activity::new(resources.users.recorder.clone()));
        Arc::new(Self {
            meta,
            // Libtest may run plain tests beside, and threads of earlier ones may be left.
            runs_alone: settings::is_nextest(),
            watch: Arc::new(Watch::new()),
            environment: EnvChanges::default(),
            cleanups: Cleanups::default(),
            capture,
            resources,
            findings: Findings::new(Arc::clone(&activity), meta.fixtures),
            notes: FailFirstNotes::default(),
            timing: Timing::start(),
            activity,
            test,
        })
    }
}
