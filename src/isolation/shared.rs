use std::sync::{Arc, Mutex, PoisonError};

use super::subject::Subject;
use crate::interleave::{Layout, Progress};

/// What the thread that searches and the one that watches it both see.
pub(crate) struct Shared {
    pub(crate) progress: Arc<Progress>,
    scene: Mutex<Option<Scene>>,
}

/// The execution at hand.
#[derive(Clone)]
pub(crate) struct Scene {
    pub(crate) subject: Arc<dyn Subject>,
    pub(crate) world: u64,
    pub(crate) layout: Layout,
    /// The user who is alone in it.
    pub(crate) alone: Option<usize>,
    pub(crate) found_by: &'static str,
    /// Executions with company so far, this one included.
    pub(crate) executions: u64,
}

impl Shared {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self {
            progress: Progress::new(),
            scene: Mutex::new(None),
        })
    }

    pub(crate) fn set(&self, scene: Scene) {
        *self.scene.lock().unwrap_or_else(PoisonError::into_inner) = Some(scene);
    }

    pub(crate) fn scene(&self) -> Option<Scene> {
        self.scene.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
