use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use serde::Serialize;

use super::{Observation, Surface, Trace};
use crate::user;

/// Takes down what the users of one execution see.
#[derive(Clone, Debug)]
pub(crate) struct Recorder {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    step: Arc<AtomicU32>,
    /// `None` once the execution is over: what a stale sink sees later belongs to no execution.
    notes: Mutex<Option<Notes>>,
}

#[derive(Debug, Default)]
struct Notes {
    observations: Vec<Observation>,
    defects: Vec<String>,
}

impl Recorder {
    /// A recorder that stamps every observation with what `step` says at that moment.
    pub(crate) fn new(step: Arc<AtomicU32>) -> Self {
        Self {
            shared: Arc::new(Shared {
                step,
                notes: Mutex::new(Some(Notes::default())),
            }),
        }
    }

    /// The handle of the user at index `viewer`.
    pub(crate) fn observer(&self, viewer: usize) -> Observer {
        Observer {
            shared: Arc::clone(&self.shared),
            viewer,
        }
    }

    /// Ends the recording and gives what was recorded; later observations are dropped, a second call gives nothing.
    pub(crate) fn finish(&self) -> Trace {
        let mut notes = self.shared.notes.lock().unwrap_or_else(PoisonError::into_inner);
        let Notes {
            observations,
            defects,
        } = notes.take().unwrap_or_default();
        Trace::new(observations, defects)
    }
}

/// Says what one user saw, from anywhere: a sink, a spawned task, another thread.
///
/// A handle that outlives its execution may go on observing; nobody records it any more.
#[derive(Clone, Debug)]
pub struct Observer {
    shared: Arc<Shared>,
    viewer: usize,
}

impl Observer {
    /// Records that the user saw `value` on `surface`.
    ///
    /// A value that cannot be turned into JSON is a defect of the check, and is reported with its error.
    pub fn saw(&self, surface: Surface, value: &(impl Serialize + ?Sized)) {
        let text = serde_json::to_string(value);
        let step = self.shared.step.load(Ordering::Relaxed);
        let mut notes = self.shared.notes.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(notes) = notes.as_mut() else { return };
        match text {
            Ok(text) => notes
                .observations
                .push(Observation::new(self.viewer, surface, text, step)),
            Err(error) => notes.defects.push(format!(
                "what {} saw on the surface {surface} cannot be turned into JSON: {error}",
                user::name(self.viewer)
            )),
        }
    }
}
